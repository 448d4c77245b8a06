#include "predictability.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace infercore::native {
namespace {

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool has_control_flow(std::string_view type) {
  return is_one_of(type, {"BeamSearch", "GreedySearch", "If", "Loop", "Sampling", "Scan",
                          "SequenceMap", "WhisperBeamSearch"});
}

/// The values of an input say how large the output is, or how much there is to read.
bool grows_by_value(std::string_view type) {
  return is_one_of(type, {"AffineGrid",
                          "BlackmanWindow",
                          "CenterCropPad",
                          "Col2Im",
                          "CropAndResize",
                          "ConstantOfShape",
                          "DFT",
                          "Expand",
                          "HammingWindow",
                          "HannWindow",
                          "ImageDecoder",
                          "MaxUnpool",
                          "OneHot",
                          "Pad",
                          "MelWeightMatrix",
                          "NonMaxSuppression",
                          "Range",
                          "Resize",
                          "RoiAlign",
                          "STFT",
                          "TfIdfVectorizer",
                          "Tile",
                          "Upsample"});
}

Predictability predictability_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view domain = dot == std::string_view::npos ? "" : name.substr(0, dot);
  if (!domain.empty() && !is_one_of(domain, {"com.microsoft", "ai.onnx.ml"})) {
    return Predictability::kNone;
  }
  const std::string_view type = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (has_control_flow(type)) return Predictability::kNone;
  return grows_by_value(type) ? Predictability::kRoughly : Predictability::kByShape;
}

/// How long texts are no shape tells, nor how many elements a sequence has.
bool has_hidden_size(const ValueSignature& input) {
  return input.type == "string" || input.type.find('<') != std::string::npos;
}

}  // namespace

Predictability predictability_of(const std::vector<Placement>& placement,
                                 const std::vector<ValueSignature>& feedable) {
  if (placement.empty()) return Predictability::kNone;
  Predictability least = std::any_of(feedable.begin(), feedable.end(), has_hidden_size)
                             ? Predictability::kRoughly
                             : Predictability::kByShape;
  for (const Placement& each : placement) {
    if (each.provider != "CPUExecutionProvider") return Predictability::kNone;
    for (const auto& [name, nodes] : each.operators)
      least = std::min(least, predictability_of(name));
  }
  return least;
}

}  // namespace infercore::native
