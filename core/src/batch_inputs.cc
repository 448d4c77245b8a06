#include "infercore/batch_inputs.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "infercore/did_you_mean.h"
#include "infercore/fault_list.h"
#include "infercore/quote.h"

namespace infercore {
namespace {

/// In the order of the enum.
constexpr std::array<std::string_view, 4> kNames = {"input_ids", "attention_mask", "token_type_ids",
                                                    "position_ids"};

Status check_output(std::span<const ValueSignature> outputs, std::string_view name) {
  std::vector<std::string> names;
  for (const ValueSignature& output : outputs) {
    names.push_back(output.name);
    if (output.name != name) continue;
    if (output.type == "float32") return {};
    return Status(Code::kNotSupported, "expected float32 for the vectors of output " +
                                           quoted(name) + ", the model gives " + output.type);
  }
  const std::string unknown(name);
  return Status(Code::kInvalidOption,
                "unknown output " + quoted(unknown) + did_you_mean(unknown, names));
}

}  // namespace

std::string_view batch_list_name(BatchList list) noexcept {
  return kNames[static_cast<std::size_t>(list)];
}

Result<std::vector<BatchInput>> match_model(std::span<const ValueSignature> inputs,
                                            std::span<const ValueSignature> outputs,
                                            std::string_view output) {
  if (Status status = check_output(outputs, output); !status.ok()) return status;
  std::vector<BatchInput> matched;
  FaultList faults;
  for (const ValueSignature& input : inputs) {
    const auto* const known = std::find(kNames.begin(), kNames.end(), input.name);
    std::string fault = "the model wants " + quoted(input.name);
    if (known == kNames.end()) {
      fault += "; texts give input_ids, attention_mask, token_type_ids and position_ids";
    } else if (input.type != "int64" && input.type != "int32") {
      fault += " as " + input.type + "; texts give int64 or int32";
    } else {
      matched.push_back({static_cast<BatchList>(known - kNames.begin()), input.type == "int32"});
      continue;
    }
    faults.add({input.name, Code::kNotSupported, std::move(fault)});
  }
  const auto reads_ids = [](const ValueSignature& input) { return input.name == kNames[0]; };
  if (std::none_of(inputs.begin(), inputs.end(), reads_ids)) {
    faults.add({std::string(kNames[0]), Code::kNotSupported,
                "the model has no input_ids: its vectors would be the same for all texts"});
  }
  if (faults.empty()) return matched;
  return Status::from_faults("the model can't be run on texts alone", std::move(faults).take(),
                             "run such a model with session.run() and feeds of your own");
}

}  // namespace infercore
