// How a model's "vocab" is read where it maps tokens to ids.
#ifndef INFERCORE_TOKENIZER_MODELS_VOCABULARY_FIELDS_H_
#define INFERCORE_TOKENIZER_MODELS_VOCABULARY_FIELDS_H_

#include <cstddef>

#include "tokenizer/component.h"
#include "tokenizer/models/vocabulary.h"

namespace infercore {

/// Each place of a word is looked at for the length of the longest token.
inline constexpr std::size_t kMaxSearchedToken = 1024;

/// Reads the member "vocab". LIMIT_EXCEEDED where a token is too long, or all together are.
Vocabulary read_vocabulary(const Fields& fields, std::size_t max_token = kMaxSearchedToken);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_VOCABULARY_FIELDS_H_
