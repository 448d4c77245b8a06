// The Dense layer of a sentence-transformers folder (`2_Dense/`): activation(W·x + b) over a
// pooled vector.
//
//   auto dense = Dense::from_bytes(config_json, safetensors);
//   std::vector<float> out(dense->out_features());
//   dense->apply(pooled, out);
//
// A Dense never changes after it was made, so any number of threads may use one at once. Copies
// share the weights.
#ifndef INFERCORE_DENSE_H_
#define INFERCORE_DENSE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "infercore/status.h"

namespace infercore {

class Dense {
 public:
  /// Reads `config` (config.json: in_features, out_features, bias, activation_function) and
  /// `weights` (model.safetensors: linear.weight [out, in], linear.bias [out]; F32, F16 or BF16).
  /// Neither is needed afterwards. Errors: NOT_A_MODEL (not JSON, a field or tensor missing or of
  /// the wrong type or shape; all of them are named), UNSUPPORTED_COMPONENT (another activation
  /// than Tanh and Identity, another type of weights), LIMIT_EXCEEDED (more than 65,536 features).
  static Result<Dense> from_bytes(std::string_view config, std::span<const std::uint8_t> weights);

  std::size_t in_features() const noexcept;
  std::size_t out_features() const noexcept;

  /// For any number of rows: `in` is [rows, in_features()], `out` [rows, out_features()]; they must
  /// not overlap.
  void apply(std::span<const float> in, std::span<float> out) const;

 private:
  struct Impl;
  explicit Dense(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

}  // namespace infercore

#endif  // INFERCORE_DENSE_H_
