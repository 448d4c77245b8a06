// English as tokens make it, tidied: no spaces in front of punctuation and of 's, n't, 'm ….
#ifndef INFERCORE_TOKENIZER_DECODERS_CLEANUP_H_
#define INFERCORE_TOKENIZER_DECODERS_CLEANUP_H_

#include <string>
#include <string_view>

namespace infercore {

/// Every `what` in `text` becomes `by`, from left to right. An empty `what` stands in front of each
/// character and behind the last.
void replace_all(std::string& text, std::string_view what, std::string_view by);

/// Tidies one token, spaces included.
void clean_up(std::string& token);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_DECODERS_CLEANUP_H_
