#include "tensor.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "infercore/quote.h"
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

Feed Feed::read(Napi::Env env, std::string name, napi_value tensor, std::vector<Fault>& faults) {
  Feed feed(std::move(name), {});
  const std::string& path = feed.signature_.name;
  const Fields fields(env, tensor, path);
  napi_value type = fields.get("type");
  const auto type_name = type == nullptr ? std::nullopt : to_utf8(env, type);
  if (!type_name) {
    faults.push_back(bad(path, "expected a tensor {type, data, dims}"));
    return feed;
  }
  feed.signature_.type = *type_name;
  feed.type_ = tensor_type(*type_name);
  if (feed.type_ == nullptr) {
    faults.push_back(bad(path, "a tensor of type " + quoted(*type_name) + " can't be fed"));
    return feed;
  }
  bool numbers = true;
  const bool has_dims = each_element(env, fields.get("dims"), [&](std::uint32_t, napi_value dim) {
    double size = 0;
    numbers = numbers && napi_get_value_double(env, dim, &size) == napi_ok;
    feed.signature_.dims.push_back(size);
  });
  if (!has_dims || !numbers) faults.push_back(bad(path, "expected dims to be an array of numbers"));
  feed.read_data(env, fields.get("data"), faults);
  return feed;
}

void Feed::read_data(Napi::Env env, napi_value data, std::vector<Fault>& faults) {
  const std::string& path = signature_.name;
  if (type_->is_string()) {
    bool strings = true;
    const bool is_array = each_element(env, data, [&](std::uint32_t, napi_value element) {
      auto text = to_utf8(env, element);
      strings = strings && text.has_value();
      strings_.push_back(std::move(text).value_or(std::string()));
    });
    if (!is_array || !strings)
      faults.push_back(bad(path, "expected data to be an array of strings"));
    signature_.length = strings_.size();
    return;
  }
  const auto view = to_view(env, data);
  if (!view || !fits(*type_, view->type)) {
    faults.push_back(
        bad(path, "expected data to be the typed array for \"" + std::string(type_->name) + "\""));
    return;
  }
  size_ = view->bytes;
  // The runtime's kernels like whole cache lines; aligned_alloc wants a multiple of the alignment.
  constexpr std::size_t kLine = 64;
  bytes_.reset(static_cast<std::byte*>(std::aligned_alloc(kLine, (size_ / kLine + 1) * kLine)));
  if (bytes_ == nullptr) {
    faults.push_back({path, Code::kLimitExceeded, "there is not enough memory for a copy"});
    return;
  }
  if (size_ > 0) std::memcpy(bytes_.get(), view->data, size_);
  signature_.length = view->length;
  signature_.data = {reinterpret_cast<const std::uint8_t*>(bytes_.get()), size_};
}

Ort::Value Feed::value(const OrtMemoryInfo* memory, const ValueSignature& input) {
  const std::vector<std::int64_t> dims(signature_.dims.begin(), signature_.dims.end());
  if (!type_->is_string()) {
    // By the input's type: bfloat16 is fed as uint16.
    return Ort::Value::CreateTensor(memory, bytes_.get(), size_, dims.data(), dims.size(),
                                    tensor_type(input.type)->onnx);
  }
  Ort::AllocatorWithDefaultOptions allocator;
  Ort::Value value = Ort::Value::CreateTensor(allocator, dims.data(), dims.size(), type_->onnx);
  // Not FillStringTensor: it takes texts as C does, which end at the first U+0000.
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    const std::string& text = strings_[i];
    std::copy(text.begin(), text.end(), value.GetResizedStringTensorElementBuffer(i, text.size()));
  }
  return value;
}

}  // namespace infercore::native
