// JavaScript values to C++ values and back: what every other file of the binding reads and makes
// objects with.
//
// Reading never throws and never runs away: a wrong type becomes a fault with the path of the
// value.
#ifndef INFERCORE_NATIVE_MARSHAL_H_
#define INFERCORE_NATIVE_MARSHAL_H_

#include <napi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "infercore/status.h"

namespace infercore::native {

using StringPairs = std::vector<std::pair<std::string, std::string>>;

/// UTF-8, a lone surrogate as U+FFFD. Absent when `value` is no string.
std::optional<std::string> to_utf8(napi_env env, napi_value value);
/// False for anything that is not true.
bool to_bool(napi_env env, napi_value value);
/// The units as they are. False when `value` is no string; `text` is overwritten.
bool to_utf16(napi_env env, napi_value value, std::u16string& text);

/// The elements of a typed array, in place: valid until JavaScript runs again.
struct TypedView {
  napi_typedarray_type type;
  void* data;
  std::size_t length;
  std::size_t bytes;
};
std::optional<TypedView> to_view(napi_env env, napi_value value);

template <typename T>
constexpr napi_typedarray_type kArrayType = napi_uint8_array;
template <>
inline constexpr napi_typedarray_type kArrayType<std::int32_t> = napi_int32_array;
template <>
inline constexpr napi_typedarray_type kArrayType<std::uint32_t> = napi_uint32_array;
template <>
inline constexpr napi_typedarray_type kArrayType<std::int64_t> = napi_bigint64_array;
template <>
inline constexpr napi_typedarray_type kArrayType<float> = napi_float32_array;
template <>
inline constexpr napi_typedarray_type kArrayType<double> = napi_float64_array;

/// The elements of a typed array of exactly that type; absent for anything else.
template <typename T>
std::optional<std::span<const T>> to_span(napi_env env, napi_value value) {
  const auto view = to_view(env, value);
  if (!view || view->type != kArrayType<T>) return std::nullopt;
  return std::span<const T>(static_cast<const T*>(view->data), view->length);
}

/// A typed array with a copy of `bytes`.
napi_value copy_array(napi_env env, napi_typedarray_type type, std::size_t element_bytes,
                      std::span<const std::byte> bytes);
/// A typed array over memory that `owner` keeps alive, without a copy where that pays: above 64 KB,
/// while not too many such bytes wait for the garbage collector, and where the engine allows it.
napi_value adopt_array(napi_env env, napi_typedarray_type type, std::size_t element_bytes,
                       std::span<std::byte> bytes, std::shared_ptr<void> owner);

template <typename T>
napi_value copy_array(napi_env env, std::span<const T> values) {
  return copy_array(env, kArrayType<T>, sizeof(T), std::as_bytes(values));
}

/// An array of numbers.
template <typename Range>
Napi::Array numbers_to_js(Napi::Env env, const Range& numbers) {
  Napi::Array list = Napi::Array::New(env, numbers.size());
  uint32_t i = 0;
  for (const auto number : numbers) {
    list.Set(i++, Napi::Number::New(env, static_cast<double>(number)));
  }
  return list;
}
Napi::Array strings_to_js(Napi::Env env, const std::vector<std::string>& strings);
Napi::Object times_to_js(Napi::Env env, const std::vector<std::pair<const char*, double>>& times);

/// The elements of an array, in turn. False when `value` is no array.
bool each_element(napi_env env, napi_value value,
                  const std::function<void(std::uint32_t, napi_value)>& visit);
/// The own enumerable properties of an object with names in UTF-8. False when it is no object.
bool each_property(napi_env env, napi_value value,
                   const std::function<void(std::string, napi_value)>& visit);

/// Reads the properties of one object and collects what is wrong with them.
///
///   Fields fields(env, value, "options");
///   fields.read("maxTokensPerBatch", options.max_tokens_per_batch);
///   if (Status status = fields.status(); !status.ok()) …
class Fields {
 public:
  Fields(napi_env env, napi_value object, std::string path);

  void read(const char* key, bool& out);
  void read(const char* key, double& out);
  void read(const char* key, std::string& out);
  void read(const char* key, std::vector<std::string>& out);
  void read(const char* key, StringPairs& out);
  /// Whole numbers of the type's range.
  template <typename Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
  void read(const char* key, Integer& out) {
    double number = 0;
    if (!number_at(key, number)) return;
    if (!is_whole<Integer>(number)) return fault(key, "expected a whole number of its range");
    out = static_cast<Integer>(number);
  }
  /// One of `names`: `out` becomes its place.
  template <typename Enum, std::size_t size>
  void read_name(const char* key, const std::string_view (&names)[size], Enum& out) {
    const std::optional<std::size_t> place = place_of(key, names);
    if (place) out = static_cast<Enum>(*place);
  }

  /// undefined and missing: an empty value.
  napi_value get(const char* key) const;
  napi_valuetype type_of(const char* key) const;
  void fault(const char* key, std::string message);
  /// Takes over what was wrong with an inner object.
  void add(const Fields& inner);
  Status status() const;
  std::string path_of(const char* key) const;

 private:
  template <typename Integer>
  static bool is_whole(double number) {
    return number >= static_cast<double>(std::numeric_limits<Integer>::min()) &&
           number <= std::min(9007199254740991.0,
                              static_cast<double>(std::numeric_limits<Integer>::max())) &&
           number == static_cast<double>(static_cast<std::int64_t>(number));
  }
  bool number_at(const char* key, double& out);
  std::optional<std::size_t> place_of(const char* key, std::span<const std::string_view> names);

  napi_env env_;
  napi_value object_;
  std::string path_;
  std::vector<Fault> faults_;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_MARSHAL_H_
