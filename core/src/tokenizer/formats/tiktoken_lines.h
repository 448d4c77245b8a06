// The lines of a .tiktoken file: a token's bytes in base64, a space, its rank.
//
//   TiktokenLines lines("IQ== 0\nIg== 1\n");
//   while (lines.next()) use(lines.token(), lines.rank());
//   if (!lines.ok()) …                                 // lines.number() is no such line
#ifndef INFERCORE_TOKENIZER_FORMATS_TIKTOKEN_LINES_H_
#define INFERCORE_TOKENIZER_FORMATS_TIKTOKEN_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace infercore {

class TiktokenLines {
 public:
  explicit TiktokenLines(std::string_view text) : rest_(text) {}

  /// Goes to the next line; false at the end, and at a line that is none. Empty ones are passed
  /// over.
  bool next();
  bool ok() const noexcept { return ok_; }

  /// Counted from 1.
  std::size_t number() const noexcept { return number_; }
  const std::string& token() const noexcept { return token_; }
  std::uint32_t rank() const noexcept { return rank_; }

 private:
  bool read(std::string_view line);

  std::string_view rest_;
  std::size_t number_ = 0;
  std::string token_;
  std::uint32_t rank_ = 0;
  bool ok_ = true;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_FORMATS_TIKTOKEN_LINES_H_
