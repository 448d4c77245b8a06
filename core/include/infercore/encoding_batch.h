// Many texts encoded at once, as flat lists with row offsets.
//
//   const TextView texts[] = {std::string_view("one"), std::string_view("two words")};
//   Result<EncodingBatch> batch = encode_batch(tokenizer, texts, {}, {}, BatchFields::kIds);
//   // row i: batch->ids[batch->rows[i]] … batch->ids[batch->rows[i + 1] - 1]
#ifndef INFERCORE_ENCODING_BATCH_H_
#define INFERCORE_ENCODING_BATCH_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "infercore/interrupt.h"
#include "infercore/parallel.h"
#include "infercore/status.h"
#include "infercore/text.h"
#include "infercore/tokenizer.h"

namespace infercore {

/// Ids alone take the tokenizer's fast way; type ids cost a full encoding of each text.
enum class BatchFields { kIds, kIdsAndTypeIds };

struct EncodingBatch {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> rows;           ///< n + 1 offsets into ids
  std::vector<std::uint32_t> type_ids;       ///< as long as ids, or empty when not asked for
  std::vector<std::uint8_t> attention_mask;  ///< as long as ids, or empty when no row was padded
};

/// Encodes `texts`, each with its pair where `pairs` has one (`pairs` is empty or as long as
/// `texts`), and pads them together as the options or the tokenizer's file say. Row i equals
/// `tokenizer.encode` of text i, padded to the batch. Errors: those of Tokenizer::encode, the
/// texts' faults (up to kMaxFaults) at once under the path "texts[i]"; that of `interrupt`;
/// INVALID_INPUT when `pairs` has another length; LIMIT_EXCEEDED when there are more than 2^32 − 1
/// tokens. With `threads` the texts are encoded on all of them, to the same result; `interrupt` is
/// then asked on each.
Result<EncodingBatch> encode_batch(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                   std::span<const std::optional<TextView>> pairs,
                                   const EncodeOptions& options, BatchFields fields,
                                   const Interrupt& interrupt = {}, Threads* threads = nullptr);

}  // namespace infercore

#endif  // INFERCORE_ENCODING_BATCH_H_
