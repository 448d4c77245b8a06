// Texts one behind the other, and where each ends.
#ifndef INFERCORE_TOKENIZER_TEXTS_H_
#define INFERCORE_TOKENIZER_TEXTS_H_

#include <cstdint>

#include "tokenizer/table.h"

namespace infercore {

/// Do the numbers ascend up to the size of `texts`, and is each of the texts that end there valid
/// UTF-8?
bool are_texts(const Table<char>& texts, const Table<std::uint32_t>& ends);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_TEXTS_H_
