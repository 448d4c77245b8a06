// Tensors that JavaScript gives: feeds, and memory for outputs.
//
// Where another thread runs the model, feeds are copied before run() returns, so JavaScript may
// change, transfer or drop its arrays meanwhile: memory that the caller can take away must not be
// read by another thread. Nobody can take shared memory away: it is read where it is. So is
// everything while JavaScript stands still: in runSync(), and in a brief run().
#ifndef INFERCORE_NATIVE_TENSOR_H_
#define INFERCORE_NATIVE_TENSOR_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
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

/// The memory of one tensor of JavaScript.
class GivenTensor {
 public:
  /// Reads [name, type, data, dims] into `signature`: numbers stay where they are. What is wrong is
  /// appended to `faults`. The data of the type "sequence" are such arrays themselves, and copied.
  static GivenTensor read(Napi::Env env, napi_value row, FeedSignature& signature,
                          std::vector<Fault>& faults);

  /// Is it JavaScript's own memory?
  bool in_place() const noexcept { return place_ != nullptr && copy_ == nullptr; }
  /// Is it memory that JavaScript can take away?
  bool is_lent() const noexcept { return in_place() && !shared_; }
  /// Of its numbers.
  std::size_t bytes() const noexcept { return size_; }
  bool overlaps(const GivenTensor& other) const noexcept;
  /// Does `data` lie in its memory?
  bool holds(const void* data) const noexcept;
  /// Makes a copy of what is in place, and `signature` shows it. False when there is no memory for
  /// it.
  bool copy(FeedSignature& signature);
  /// `element`: what the model takes or makes; bfloat16 comes as uint16. The value's memory is this
  /// one's.
  Ort::Value value(const OrtMemoryInfo* memory, std::string_view element,
                   const std::vector<double>& dims);

 private:
  void read_data(Napi::Env env, napi_value data, FeedSignature& signature,
                 std::vector<Fault>& faults);

  struct Free {
    void operator()(std::byte* data) const noexcept { std::free(data); }
  };
  void read_parts(Napi::Env env, napi_value rows, FeedSignature& signature,
                  std::vector<Fault>& faults);
  Ort::Value sequence() const;
  /// In memory of the runtime, which outputs may share.
  Ort::Value owned(const std::vector<std::int64_t>& dims) const;

  const TensorType* type_ = nullptr;
  bool shared_ = false;         ///< JavaScript's, over a SharedArrayBuffer
  std::byte* place_ = nullptr;  ///< the numbers: JavaScript's, or the copy
  std::size_t size_ = 0;
  std::unique_ptr<std::byte[], Free> copy_;
  std::vector<std::string> strings_;
  std::vector<GivenTensor> parts_;  ///< of a sequence
  std::vector<std::vector<std::int64_t>> part_dims_;
};

/// Do its dims and its data go together?
bool is_whole(const FeedSignature& tensor);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_TENSOR_H_
