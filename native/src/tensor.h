// Tensors on both sides: {type, data, dims} of JavaScript and the runtime's values.
//
// Feeds are copied before run() returns, so JavaScript may change, transfer or drop its arrays
// while the model runs: memory that the caller can take away must not be read by another thread.
// Outputs above 64 KB are handed over without a copy.
#ifndef INFERCORE_NATIVE_TENSOR_H_
#define INFERCORE_NATIVE_TENSOR_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/feeds.h"
#include "infercore/status.h"

namespace infercore::native {

/// One element type under its three names.
struct TensorType {
  std::string_view name;  ///< onnxruntime-common's
  ONNXTensorElementDataType onnx;
  napi_typedarray_type array;  ///< of no meaning for strings
  std::size_t bytes;           ///< of one element; 0 for strings
};

/// nullptr for a type that can't cross over (packed 4-bit types, bfloat16, complex numbers, …).
const TensorType* tensor_type(ONNXTensorElementDataType type) noexcept;
const TensorType* tensor_type(std::string_view name) noexcept;

/// The name for a signature; also of types that can't cross over ("bfloat16").
std::string_view element_name(ONNXTensorElementDataType type) noexcept;

/// One input as the caller gave it, with memory of its own.
class Feed {
 public:
  Feed(std::string name, FeedSignature signature) : signature_(std::move(signature)) {
    signature_.name = std::move(name);
  }

  /// Reads {type, data, dims}. What is wrong is appended to `faults`.
  static Feed read(Napi::Env env, std::string name, napi_value tensor, std::vector<Fault>& faults);

  const FeedSignature& signature() const noexcept { return signature_; }
  /// Only for a feed that fits its signature. The value's memory is the feed's.
  Ort::Value value(const OrtMemoryInfo* memory);

 private:
  void read_data(Napi::Env env, napi_value data, std::vector<Fault>& faults);

  struct Free {
    void operator()(std::byte* data) const noexcept { std::free(data); }
  };
  FeedSignature signature_;
  const TensorType* type_ = nullptr;
  std::unique_ptr<std::byte[], Free> bytes_;
  std::size_t size_ = 0;
  std::vector<std::string> strings_;
};

/// What the runtime made, ready to cross over.
class Output {
 public:
  /// Any thread. Errors: NOT_SUPPORTED for what is no tensor of a type that JavaScript has.
  static Result<Output> read(std::string name, Ort::Value value);

  const std::string& name() const noexcept { return name_; }
  /// JavaScript thread, once: {type, data, dims}.
  Napi::Object to_js(Napi::Env env);

 private:
  Output() = default;
  std::string name_;
  Ort::Value value_{nullptr};
  const TensorType* type_ = nullptr;
  std::vector<std::int64_t> dims_;
  std::size_t count_ = 0;
  std::vector<std::string> strings_;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_TENSOR_H_
