// How a name or a number from outside is put into a message.
#ifndef INFERCORE_SRC_QUOTE_H_
#define INFERCORE_SRC_QUOTE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace infercore {

/// `text` between quotation marks, cut to at most `limit` bytes between two characters, with "…"
/// for the rest. A hostile name must neither break a log's line, nor turn its direction, nor fill
/// it: control characters and bytes that are no UTF-8 stand as \x0a, line ends and marks of
/// direction beyond ASCII as \u202e.
std::string quoted(std::string_view text, std::size_t limit = 80);

/// A number as people write it: whole ones without a point, others with up to six significant
/// digits.
std::string number(double value);

/// `[2, 3]`; lists of more than 16 end in "…".
std::string bracketed(std::span<const double> values);

}  // namespace infercore

#endif  // INFERCORE_SRC_QUOTE_H_
