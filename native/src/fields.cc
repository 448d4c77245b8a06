// The class Fields of marshal.h.
#include <cmath>
#include <limits>
#include <string>

#include "marshal.h"

namespace infercore::native {

Fields::Fields(napi_env env, napi_value object, std::string path)
    : env_(env), object_(object), path_(std::move(path)) {
  napi_valuetype type = napi_undefined;
  if (object != nullptr) napi_typeof(env, object, &type);
  if (type == napi_object) return;
  object_ = nullptr;
  faults_.push_back({path_, Code::kInvalidInput, "expected an object"});
}

napi_value Fields::get(const char* key) const {
  napi_value value = nullptr;
  if (object_ == nullptr || napi_get_named_property(env_, object_, key, &value) != napi_ok) {
    return nullptr;
  }
  napi_valuetype type = napi_undefined;
  napi_typeof(env_, value, &type);
  return type == napi_undefined ? nullptr : value;
}

napi_valuetype Fields::type_of(const char* key) const {
  napi_valuetype type = napi_undefined;
  napi_value value = get(key);
  if (value != nullptr) napi_typeof(env_, value, &type);
  return type;
}

std::string Fields::path_of(const char* key) const { return path_ + '.' + key; }

void Fields::fault(const char* key, std::string message) {
  if (object_ == nullptr) return;  // one fault is enough for an object that is none
  faults_.push_back({path_of(key), Code::kInvalidInput, std::move(message)});
}

void Fields::add(const Fields& inner) {
  faults_.insert(faults_.end(), inner.faults_.begin(), inner.faults_.end());
}

Status Fields::status() const {
  return faults_.empty() ? Status() : Status::from_faults(path_, faults_);
}

bool Fields::number_at(const char* key, double& out) {
  napi_value value = get(key);
  if (value != nullptr && napi_get_value_double(env_, value, &out) == napi_ok) return true;
  fault(key, "expected a number");
  return false;
}

void Fields::read(const char* key, double& out) { number_at(key, out); }

void Fields::read(const char* key, bool& out) {
  napi_value value = get(key);
  if (value == nullptr || napi_get_value_bool(env_, value, &out) != napi_ok) {
    fault(key, "expected true or false");
  }
}

void Fields::read(const char* key, std::string& out) {
  napi_value value = get(key);
  auto text = value == nullptr ? std::nullopt : to_utf8(env_, value);
  if (!text) return fault(key, "expected a string");
  out = *std::move(text);
}

void Fields::read(const char* key, std::vector<std::string>& out) {
  bool strings = true;
  const bool is_array = each_element(env_, get(key), [&](std::uint32_t, napi_value element) {
    auto text = to_utf8(env_, element);
    strings = strings && text.has_value();
    if (text) out.push_back(*std::move(text));
  });
  if (!is_array || !strings) fault(key, "expected an array of strings");
}

void Fields::read(const char* key, StringPairs& out) {
  bool strings = true;
  const bool is_object = each_property(env_, get(key), [&](std::string name, napi_value property) {
    auto text = to_utf8(env_, property);
    strings = strings && text.has_value();
    if (text) out.emplace_back(std::move(name), *std::move(text));
  });
  if (!is_object || !strings) fault(key, "expected an object of strings");
}

std::optional<std::size_t> Fields::place_of(const char* key,
                                            std::span<const std::string_view> names) {
  napi_value value = get(key);
  const auto text = value == nullptr ? std::nullopt : to_utf8(env_, value);
  std::string expected;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (text && *text == names[i]) return i;
    expected += (i == 0 ? "" : ", ") + std::string(names[i]);
  }
  fault(key, "expected one of " + expected);
  return std::nullopt;
}

}  // namespace infercore::native
