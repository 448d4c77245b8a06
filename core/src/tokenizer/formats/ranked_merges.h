// The rules of a BPE model whose file has none, but says how early each token is made:
// SentencePiece by its score, tiktoken by its rank. Two neighbours are joined where that makes a
// token, those that make the earliest one first.
#ifndef INFERCORE_TOKENIZER_FORMATS_RANKED_MERGES_H_
#define INFERCORE_TOKENIZER_FORMATS_RANKED_MERGES_H_

#include <cstdint>
#include <vector>

#include "infercore/status.h"
#include "tokenizer/models/merge_cuts.h"
#include "tokenizer/models/vocabulary.h"

namespace infercore {

/// All ways to put a token together of two others, appended to `merges` in the order of their
/// ranks. `ranks`: of each token by its index; Vocabulary::kNoId for those that take no part, and
/// for all that share an id. LIMIT_EXCEEDED for more tokens than MergeTable takes, and where they
/// are so long that it would take for ever.
Status ranked_merges(const Vocabulary& vocabulary, const std::vector<std::uint32_t>& ranks,
                     std::vector<BpeMerge>& merges);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_FORMATS_RANKED_MERGES_H_
