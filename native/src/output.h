// What a run makes, on its way to JavaScript: a tensor as {type, data, dims}, a sequence as an
// array, a map as {keys, values}, each two tensors.
//
// Tensors above 64 KB are handed over without a copy.
#ifndef INFERCORE_NATIVE_OUTPUT_H_
#define INFERCORE_NATIVE_OUTPUT_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "infercore/status.h"
#include "tensor.h"

namespace infercore::native {

class Output {
 public:
  /// Any thread. `name` is for messages. Errors: NOT_SUPPORTED for what JavaScript has no value
  /// for: sparse tensors, absent optional values, rare element types.
  static Result<Output> read(const std::string& name, Ort::Value value);

  /// JavaScript thread, once.
  napi_value to_js(Napi::Env env);

 private:
  enum class Kind { kTensor, kSequence, kMap };

  Output() = default;
  Status read_tensor(const std::string& name);
  /// The elements of a sequence; the keys and the values of a map.
  Status read_parts(const std::string& name);
  Napi::Object tensor_to_js(Napi::Env env);

  Kind kind_ = Kind::kTensor;
  Ort::Value value_{nullptr};
  const TensorType* type_ = nullptr;
  std::vector<std::int64_t> dims_;
  std::size_t count_ = 0;
  std::vector<std::string> strings_;
  std::vector<Output> parts_;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_OUTPUT_H_
