// Offsets without the white space around a token, for byte-level tokenizers.
#ifndef INFERCORE_TOKENIZER_POST_PROCESSORS_TRIM_OFFSETS_H_
#define INFERCORE_TOKENIZER_POST_PROCESSORS_TRIM_OFFSETS_H_

#include "tokenizer/draft.h"

namespace infercore {

/// Takes as many characters off the offsets of each token as its text has white space on that side
/// (or Ġ, the visible space); of what overflowed as well. `adds_space`: a space in front of the
/// first token was put there, not found.
void trim_offsets(Draft& draft, bool adds_space);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_POST_PROCESSORS_TRIM_OFFSETS_H_
