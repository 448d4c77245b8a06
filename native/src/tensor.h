// Tensors on both sides: {type, data, dims} of JavaScript and the runtime's values.
//
// Feeds are copied before run() returns, so JavaScript may change, transfer or drop its arrays
// while the model runs: memory that the caller can take away must not be read by another thread.
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
  std::size_t bits;            ///< of one element; 0 for strings

  bool is_string() const noexcept { return bits == 0; }
  /// Two elements of a 4-bit type share a byte.
  std::size_t bytes_for(std::size_t elements) const noexcept { return (elements * bits + 7) / 8; }
  /// Of an element of the array that holds them.
  std::size_t array_bytes() const noexcept { return bits < 8 ? 1 : bits / 8; }
};

/// nullptr for a type that can't cross over (8-bit floats, complex numbers, …).
const TensorType* tensor_type(ONNXTensorElementDataType type) noexcept;
const TensorType* tensor_type(std::string_view name) noexcept;

/// The name for a signature; also of types that can't cross over ("complex64").
std::string_view element_name(ONNXTensorElementDataType type) noexcept;
/// "float32" for a tensor, "sequence<map<int64, float32>>" and the like for what is none.
std::string value_type_name(const Ort::TypeInfo& type);

/// One input as the caller gave it, with memory of its own.
class Feed {
 public:
  Feed(std::string name, FeedSignature signature) : signature_(std::move(signature)) {
    signature_.name = std::move(name);
  }

  /// Reads {type, data, dims}. What is wrong is appended to `faults`.
  static Feed read(Napi::Env env, std::string name, napi_value tensor, std::vector<Fault>& faults);

  const FeedSignature& signature() const noexcept { return signature_; }
  /// Only for a feed that fits `input`. The value's memory is the feed's.
  Ort::Value value(const OrtMemoryInfo* memory, const ValueSignature& input);

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

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_TENSOR_H_
