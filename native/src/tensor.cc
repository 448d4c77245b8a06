#include "tensor.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>
#include <utility>

#include "infercore/quote.h"
#include "large_memory.h"
#include "marshal.h"

namespace infercore::native {
namespace {

// float16 travels as its 16 bits: Node has no Float16Array before version 24, and
// onnxruntime-common takes either. So does bfloat16, for which nobody has an array. Bool is a byte.
// Strings are an array of strings.
constexpr TensorType kTypes[] = {
    {"float32", ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, napi_float32_array, 32},
    {"uint8", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, napi_uint8_array, 8},
    {"int8", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8, napi_int8_array, 8},
    {"uint16", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16, napi_uint16_array, 16},
    {"int16", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16, napi_int16_array, 16},
    {"int32", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, napi_int32_array, 32},
    {"int64", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, napi_bigint64_array, 64},
    {"string", ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING, napi_uint8_array, 0},
    {"bool", ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, napi_uint8_array, 8},
    {"float16", ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, napi_uint16_array, 16},
    {"float64", ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, napi_float64_array, 64},
    {"uint32", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32, napi_uint32_array, 32},
    {"uint64", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64, napi_biguint64_array, 64},
    {"uint4", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT4, napi_uint8_array, 4},
    {"int4", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT4, napi_uint8_array, 4},
    {"bfloat16", ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16, napi_uint16_array, 16},
};

bool fits(const TensorType& type, napi_typedarray_type array) {
  if (array == type.array) return true;
  if (array == napi_float16_array) return type.onnx == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16;
  return array == napi_uint8_clamped_array && type.onnx == ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;
}

/// Over a SharedArrayBuffer.
bool is_shared(napi_env env, napi_value array) {
  napi_value buffer = nullptr;
  bool own = true;
  return napi_get_typedarray_info(env, array, nullptr, nullptr, nullptr, &buffer, nullptr) ==
             napi_ok &&
         napi_is_arraybuffer(env, buffer, &own) == napi_ok && !own;
}

Fault bad(const std::string& name, std::string message) {
  return {name, Code::kInvalidInput, std::move(message)};
}

}  // namespace

const TensorType* tensor_type(ONNXTensorElementDataType type) noexcept {
  for (const TensorType& row : kTypes) {
    if (row.onnx == type) return &row;
  }
  return nullptr;
}

const TensorType* tensor_type(std::string_view name) noexcept {
  for (const TensorType& row : kTypes) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string_view element_name(ONNXTensorElementDataType type) noexcept {
  if (const TensorType* row = tensor_type(type)) return row->name;
  switch (type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64:
      return "complex64";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128:
      return "complex128";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN:
      return "float8e4m3fn";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FNUZ:
      return "float8e4m3fnuz";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2:
      return "float8e5m2";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ:
      return "float8e5m2fnuz";
    default:
      return "a rare type";  // of four bits or fewer, and whatever comes later
  }
}

std::string value_type_name(const Ort::TypeInfo& type) {
  const auto element = [](ONNXTensorElementDataType of) { return std::string(element_name(of)); };
  switch (type.GetONNXType()) {
    case ONNX_TYPE_TENSOR:
      return element(type.GetTensorTypeAndShapeInfo().GetElementType());
    case ONNX_TYPE_SPARSETENSOR:
      return "sparse_tensor<" + element(type.GetTensorTypeAndShapeInfo().GetElementType()) + '>';
    case ONNX_TYPE_SEQUENCE:
      return "sequence<" + value_type_name(type.GetSequenceTypeInfo().GetSequenceElementType()) +
             '>';
    case ONNX_TYPE_MAP: {
      const Ort::ConstMapTypeInfo map = type.GetMapTypeInfo();
      return "map<" + element(map.GetMapKeyType()) + ", " + value_type_name(map.GetMapValueType()) +
             '>';
    }
    case ONNX_TYPE_OPTIONAL:
      return "optional<" + value_type_name(type.GetOptionalTypeInfo().GetOptionalElementType()) +
             '>';
    default:
      return "opaque";
  }
}

GivenTensor GivenTensor::read(Napi::Env env, napi_value row, FeedSignature& signature,
                              std::vector<Fault>& faults) {
  GivenTensor tensor;
  napi_value parts[4] = {};  // name, type, data, dims
  bool is_array = false;
  napi_is_array(env, row, &is_array);
  for (std::uint32_t i = 0; is_array && i < 4; ++i) napi_get_element(env, row, i, &parts[i]);
  signature.name = to_utf8(env, parts[0]).value_or(std::string());
  const std::string& path = signature.name;
  auto type_name = to_utf8(env, parts[1]);
  if (!type_name) {
    faults.push_back(bad(path, "expected a tensor of [name, type, data, dims]"));
    return tensor;
  }
  signature.type = *std::move(type_name);
  if (signature.type == "sequence") {
    tensor.read_parts(env, parts[2], signature, faults);
    return tensor;
  }
  tensor.type_ = tensor_type(signature.type);
  if (tensor.type_ == nullptr) {
    faults.push_back(bad(path, "a tensor of type " + quoted(signature.type) + " can't be fed"));
    return tensor;
  }
  bool numbers = true;
  const bool has_dims = each_element(env, parts[3], [&](std::uint32_t, napi_value dim) {
    double size = 0;
    numbers = numbers && napi_get_value_double(env, dim, &size) == napi_ok;
    signature.dims.push_back(size);
  });
  if (!has_dims || !numbers) faults.push_back(bad(path, "expected dims to be an array of numbers"));
  tensor.read_data(env, parts[2], signature, faults);
  tensor.shared_ = tensor.place_ != nullptr && is_shared(env, parts[2]);
  return tensor;
}

void GivenTensor::read_parts(Napi::Env env, napi_value rows, FeedSignature& signature,
                             std::vector<Fault>& faults) {
  std::string element;
  const bool is_array = each_element(env, rows, [&](std::uint32_t i, napi_value row) {
    FeedSignature part;
    const std::size_t known = faults.size();
    parts_.push_back(read(env, row, part, faults));
    GivenTensor& read_part = parts_.back();
    if (read_part.in_place() && !read_part.copy(part)) {
      faults.push_back({{}, Code::kLimitExceeded, "there is not enough memory for a copy"});
    }
    for (std::size_t fault = known; fault < faults.size(); ++fault) {
      faults[fault].path = signature.name;
    }
    part_dims_.emplace_back(part.dims.begin(), part.dims.end());
    if (faults.size() == known && !is_whole(part)) {
      faults.push_back(bad(signature.name, "the dimensions and the data of element " +
                                               std::to_string(i) + " do not go together"));
    }
    element = i == 0 || element == part.type ? part.type : "several types";
  });
  if (!is_array || parts_.empty()) {
    faults.push_back(bad(signature.name,
                         "expected at least one Tensor in a sequence: ONNX Runtime "
                         "makes no empty ones"));
  }
  signature.type = "sequence<" + element + '>';
}

bool is_whole(const FeedSignature& tensor) {
  double elements = 1;
  for (const double size : tensor.dims) {
    if (!(size >= 0 && size == std::trunc(size))) return false;
    elements *= size;
  }
  const TensorType* type = tensor_type(tensor.type);
  if (type == nullptr || !(elements <= 9007199254740991.0)) return false;
  const auto count = static_cast<std::size_t>(elements);
  if (type->is_string()) return tensor.length == count;
  return tensor.length * type->array_bytes() == type->bytes_for(count);
}

void GivenTensor::read_data(Napi::Env env, napi_value data, FeedSignature& signature,
                            std::vector<Fault>& faults) {
  const std::string& path = signature.name;
  if (type_->is_string()) {
    bool strings = true;
    const bool is_array = each_element(env, data, [&](std::uint32_t, napi_value element) {
      auto text = to_utf8(env, element);
      strings = strings && text.has_value();
      strings_.push_back(std::move(text).value_or(std::string()));
    });
    if (!is_array || !strings)
      faults.push_back(bad(path, "expected data to be an array of strings"));
    signature.length = strings_.size();
    return;
  }
  const auto view = to_view(env, data);
  if (!view || !fits(*type_, view->type)) {
    faults.push_back(
        bad(path, "expected data to be the typed array for \"" + std::string(type_->name) + "\""));
    return;
  }
  static std::byte nothing[64];  // an empty array may have no address
  place_ = view->bytes == 0 ? nothing : static_cast<std::byte*>(view->data);
  size_ = view->bytes;
  signature.length = view->length;
  signature.data = {reinterpret_cast<const std::uint8_t*>(place_), size_};
}

bool GivenTensor::overlaps(const GivenTensor& other) const noexcept {
  const std::less<const std::byte*> before;
  return size_ > 0 && other.size_ > 0 && before(place_, other.place_ + other.size_) &&
         before(other.place_, place_ + size_);
}

bool GivenTensor::holds(const void* data) const noexcept {
  const auto* at = static_cast<const std::byte*>(data);
  return size_ > 0 && !std::less<>()(at, place_) && std::less<>()(at, place_ + size_);
}

bool GivenTensor::copy(FeedSignature& signature) {
  copy_.reset(static_cast<std::byte*>(allocate_memory(size_)));
  if (copy_ == nullptr) return false;
  if (size_ > 0) std::memcpy(copy_.get(), place_, size_);
  place_ = copy_.get();
  signature.data = {reinterpret_cast<const std::uint8_t*>(place_), size_};
  return true;
}

Ort::Value GivenTensor::value(const OrtMemoryInfo* memory, std::string_view element,
                              const std::vector<double>& dims) {
  if (!parts_.empty()) return sequence();
  const std::vector<std::int64_t> sizes(dims.begin(), dims.end());
  if (type_->is_string()) return owned(sizes);
  return Ort::Value::CreateTensor(memory, place_, size_, sizes.data(), sizes.size(),
                                  tensor_type(element)->onnx);
}

Ort::Value GivenTensor::sequence() const {
  std::vector<Ort::Value> values;
  values.reserve(parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    values.push_back(parts_[i].owned(part_dims_[i]));
  }
  return Ort::Value::CreateSequence(values);
}

Ort::Value GivenTensor::owned(const std::vector<std::int64_t>& dims) const {
  Ort::AllocatorWithDefaultOptions allocator;
  Ort::Value value = Ort::Value::CreateTensor(allocator, dims.data(), dims.size(), type_->onnx);
  if (!type_->is_string() && size_ > 0) {
    std::memcpy(value.GetTensorMutableRawData(), place_, size_);
  }
  // Not FillStringTensor: it takes texts as C does, which end at the first U+0000.
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    const std::string& text = strings_[i];
    std::copy(text.begin(), text.end(), value.GetResizedStringTensorElementBuffer(i, text.size()));
  }
  return value;
}

}  // namespace infercore::native
