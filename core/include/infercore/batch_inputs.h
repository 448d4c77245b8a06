// Which lists a model takes of a batch of texts, in which type. Asked once a job; both targets get
// the same answer.
//
//   Result<std::vector<BatchInput>> inputs = match_model(model.inputs, model.outputs, "logits");
//   if (!inputs.ok()) return inputs.status();       // a model that texts alone can't run
//   options.inputs = *std::move(inputs);            // of a BatchJob
#ifndef INFERCORE_BATCH_INPUTS_H_
#define INFERCORE_BATCH_INPUTS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "infercore/feeds.h"
#include "infercore/status.h"

namespace infercore {

/// What texts give, [rows, length] each. The position of a token counts from 0 in its own text, so
/// that padding changes no result; padding has position 0.
enum class BatchList : std::uint8_t { kInputIds, kAttentionMask, kTokenTypeIds, kPositionIds };

/// The name of the model's input: "input_ids", …
std::string_view batch_list_name(BatchList list) noexcept;

struct BatchInput {
  BatchList list = BatchList::kInputIds;
  bool int32 = false;  ///< the model wants 32 bits, not 64

  bool operator==(const BatchInput&) const = default;
};

/// The model's inputs, in its order, once `output` is known to give vectors. Errors: INVALID_OPTION
/// (there is no such output), NOT_SUPPORTED (the output is not float32; an input is of another name
/// or type than texts give: all of them are faults under the input's name).
Result<std::vector<BatchInput>> match_model(std::span<const ValueSignature> inputs,
                                            std::span<const ValueSignature> outputs,
                                            std::string_view output);

}  // namespace infercore

#endif  // INFERCORE_BATCH_INPUTS_H_
