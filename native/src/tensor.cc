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
// onnxruntime-common takes either. Bool is a byte. Strings are an array of strings.
constexpr TensorType kTypes[] = {
    {"float32", ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, napi_float32_array, 4},
    {"uint8", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, napi_uint8_array, 1},
    {"int8", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8, napi_int8_array, 1},
    {"uint16", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16, napi_uint16_array, 2},
    {"int16", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16, napi_int16_array, 2},
    {"int32", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, napi_int32_array, 4},
    {"int64", ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, napi_bigint64_array, 8},
    {"string", ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING, napi_uint8_array, 0},
    {"bool", ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, napi_uint8_array, 1},
    {"float16", ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, napi_uint16_array, 2},
    {"float64", ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, napi_float64_array, 8},
    {"uint32", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32, napi_uint32_array, 4},
    {"uint64", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64, napi_biguint64_array, 8},
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
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16:
      return "bfloat16";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64:
      return "complex64";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128:
      return "complex128";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT4:
      return "uint4";
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT4:
      return "int4";
    default:
      return "float8";  // the several 8-bit float types, and whatever comes later
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
  if (type_->bytes == 0) {
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

Ort::Value Feed::value(const OrtMemoryInfo* memory) {
  const std::vector<std::int64_t> dims(signature_.dims.begin(), signature_.dims.end());
  if (type_->bytes > 0) {
    return Ort::Value::CreateTensor(memory, bytes_.get(), size_, dims.data(), dims.size(),
                                    type_->onnx);
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

Result<Output> Output::read(std::string name, Ort::Value value) {
  const auto unsupported = [&name](const char* what) {
    return Status(
        Code::kNotSupported,
        "output " + quoted(name) + " is " + what + ", which has no counterpart in JavaScript",
        "fetch other outputs, or let the model make a plain tensor of it");
  };
  Output output;
  // An optional value that is absent.
  if (!value || !value.HasValue()) return unsupported("empty");
  if (value.GetTypeInfo().GetONNXType() != ONNX_TYPE_TENSOR) return unsupported("no tensor");
  const Ort::TensorTypeAndShapeInfo info = value.GetTensorTypeAndShapeInfo();
  output.type_ = tensor_type(info.GetElementType());
  if (output.type_ == nullptr) return unsupported("a tensor of a packed or rare type");
  output.dims_ = info.GetShape();
  output.count_ = info.GetElementCount();
  if (output.type_->bytes == 0) {
    output.strings_.reserve(output.count_);
    for (std::size_t i = 0; i < output.count_; ++i) {
      output.strings_.push_back(value.GetStringTensorElement(i));
    }
  }
  output.name_ = std::move(name);
  output.value_ = std::move(value);
  return output;
}

Napi::Object Output::to_js(Napi::Env env) {
  Napi::Object tensor = Napi::Object::New(env);
  tensor.Set("type", std::string(type_->name));
  if (type_->bytes == 0) {
    tensor.Set("data", strings_to_js(env, strings_));
  } else {
    auto owner = std::make_shared<Ort::Value>(std::move(value_));
    const std::span<std::byte> bytes(static_cast<std::byte*>(owner->GetTensorMutableRawData()),
                                     count_ * type_->bytes);
    tensor.Set("data", adopt_array(env, type_->array, type_->bytes, bytes, owner));
  }
  tensor.Set("dims", numbers_to_js(env, dims_));
  return tensor;
}

}  // namespace infercore::native
