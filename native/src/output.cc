#include "output.h"

#include <memory>
#include <span>
#include <utility>

#include "infercore/quote.h"
#include "marshal.h"

namespace infercore::native {
namespace {

Status unsupported(const std::string& name, const std::string& what) {
  return {Code::kNotSupported,
          "output " + quoted(name) + " is " + what + ", which has no counterpart in JavaScript",
          "fetch other outputs, or let the model make a plain tensor of it"};
}

}  // namespace

Result<Output> Output::read(const std::string& name, Ort::Value value) {
  if (!value || !value.HasValue()) return unsupported(name, "an optional value that is absent");
  Output output;
  output.value_ = std::move(value);
  if (output.value_.IsTensor()) {
    if (Status status = output.read_tensor(name); !status.ok()) return status;
    return output;
  }
  const Ort::TypeInfo type = output.value_.GetTypeInfo();
  Status status;
  switch (type.GetONNXType()) {
    case ONNX_TYPE_SEQUENCE:
      output.kind_ = Kind::kSequence;
      status = output.read_parts(name);
      break;
    case ONNX_TYPE_MAP:
      output.kind_ = Kind::kMap;
      status = output.read_parts(name);
      break;
    default:
      status = unsupported(name, value_type_name(type));
  }
  if (!status.ok()) return status;
  return output;
}

Status Output::read_tensor(const std::string& name) {
  const Ort::TensorTypeAndShapeInfo info = value_.GetTensorTypeAndShapeInfo();
  type_ = tensor_type(info.GetElementType());
  if (type_ == nullptr) {
    const std::string element(element_name(info.GetElementType()));
    return unsupported(name, "a tensor of " + element);
  }
  dims_ = info.GetShape();
  count_ = info.GetElementCount();
  if (!type_->is_string()) return {};
  strings_.reserve(count_);
  for (std::size_t i = 0; i < count_; ++i) strings_.push_back(value_.GetStringTensorElement(i));
  return {};
}

Status Output::read_parts(const std::string& name) {
  const Ort::AllocatorWithDefaultOptions allocator;
  const std::size_t count = kind_ == Kind::kMap ? 2 : value_.GetCount();
  parts_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Result<Output> part = read(name, value_.GetValue(static_cast<int>(i), allocator));
    if (!part.ok()) return part.status();
    parts_.push_back(*std::move(part));
  }
  value_ = Ort::Value(nullptr);  // the parts are copies
  return {};
}

napi_value Output::to_js(Napi::Env env) {
  if (kind_ == Kind::kTensor) return tensor_to_js(env);
  if (kind_ == Kind::kMap) {
    Napi::Object map = Napi::Object::New(env);
    map.Set("keys", parts_[0].to_js(env));
    map.Set("values", parts_[1].to_js(env));
    return map;
  }
  Napi::Array sequence = Napi::Array::New(env, parts_.size());
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    const Napi::HandleScope scope(env);
    sequence.Set(i, parts_[i].to_js(env));
  }
  return sequence;
}

Napi::Object Output::tensor_to_js(Napi::Env env) {
  Napi::Object tensor = Napi::Object::New(env);
  tensor.Set("type", std::string(type_->name));
  if (type_->is_string()) {
    tensor.Set("data", strings_to_js(env, strings_));
  } else {
    auto owner = std::make_shared<Ort::Value>(std::move(value_));
    const std::span<std::byte> bytes(static_cast<std::byte*>(owner->GetTensorMutableRawData()),
                                     type_->bytes_for(count_));
    tensor.Set("data", adopt_array(env, type_->array, type_->array_bytes(), bytes, owner));
  }
  tensor.Set("dims", numbers_to_js(env, dims_));
  return tensor;
}

}  // namespace infercore::native
