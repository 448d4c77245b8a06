// A token that stands on top of a model's vocabulary.
//
//   AddedToken token;
//   token.content = "<|user|>";
//   token.special = true;
//   auto larger = tokenizer.with_tokens({&token, 1});
#ifndef INFERCORE_ADDED_TOKEN_H_
#define INFERCORE_ADDED_TOKEN_H_

#include <string>

namespace infercore {

struct AddedToken {
  std::string content;
  bool single_word = false;  ///< only where no character of a word touches it
  bool lstrip = false;       ///< takes white space on its left along
  bool rstrip = false;
  bool normalized = false;  ///< its normal form is looked for, in the normalised text
  bool special = false;     ///< left out when decoding without special tokens
  bool found = true;        ///< false: no text holds it, as SentencePiece's control pieces

  bool operator==(const AddedToken&) const = default;
};

}  // namespace infercore

#endif  // INFERCORE_ADDED_TOKEN_H_
