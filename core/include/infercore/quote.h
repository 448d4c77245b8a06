// How a name or a number from outside is put into a message.
//
//   return Status(Code::kInvalidInput, "unknown output " + quoted(name));
//   return Status(Code::kInvalidInput, "expected 2 rows, received " + bracketed(dims));
#ifndef INFERCORE_QUOTE_H_
#define INFERCORE_QUOTE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace infercore {

/// `text` as a message may hold it: what comes from outside must neither break a log's line nor
/// turn its direction. Control characters and bytes that are no UTF-8 stand as \x0a, line ends and
/// marks of direction beyond ASCII as \u202e.
std::string escaped(std::string_view text);

/// The same between quotation marks, cut to at most `limit` bytes of `text` between two characters,
/// with "…" for the rest: nor may it fill the log.
std::string quoted(std::string_view text, std::size_t limit = 80);

/// A number as people write it: whole ones without a point, others with up to six significant
/// digits.
std::string number(double value);

/// `[2, 3]`; lists of more than 16 end in "…".
std::string bracketed(std::span<const double> values);

}  // namespace infercore

#endif  // INFERCORE_QUOTE_H_
