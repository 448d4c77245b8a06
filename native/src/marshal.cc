#include "marshal.h"

#include <atomic>
#include <cstring>
#include <limits>

namespace infercore::native {
namespace {

/// Below, an external buffer costs more than the copy.
constexpr std::size_t kAdoptFrom = 64 * 1024;
/// Finalisers of external buffers run only when the event loop turns: a loop that never lets it
/// turn would keep all of them.
constexpr std::size_t kAdoptedAtMost = 256 * 1024 * 1024;

/// Of all environments: it is the process's memory.
std::atomic<std::size_t> adopted_bytes{0};

struct Adopted {
  std::shared_ptr<void> owner;
  std::size_t bytes;
};

void give_up(napi_env, void*, void* hint) {
  const std::unique_ptr<Adopted> adopted(static_cast<Adopted*>(hint));
  adopted_bytes -= adopted->bytes;
}

napi_value array_over(napi_env env, napi_typedarray_type type, std::size_t element_bytes,
                      std::size_t bytes, napi_value buffer) {
  napi_value array = nullptr;
  napi_create_typedarray(env, type, bytes / element_bytes, buffer, 0, &array);
  return array;
}

}  // namespace

std::optional<std::string> to_utf8(napi_env env, napi_value value) {
  // Names and types are short: they need no question for their size.
  char brief[64];
  std::size_t size = 0;
  if (napi_get_value_string_utf8(env, value, brief, sizeof brief, &size) != napi_ok) {
    return std::nullopt;
  }
  // What did not fit may have been cut inside a character.
  if (size + 4 < sizeof brief) return std::string(brief, size);
  napi_get_value_string_utf8(env, value, nullptr, 0, &size);
  std::string text(size, '\0');
  napi_get_value_string_utf8(env, value, text.data(), size + 1, &size);
  return text;
}

bool to_bool(napi_env env, napi_value value) {
  bool result = false;
  return napi_get_value_bool(env, value, &result) == napi_ok && result;
}

bool to_utf16(napi_env env, napi_value value, std::u16string& text) {
  std::size_t size = 0;
  if (napi_get_value_string_utf16(env, value, nullptr, 0, &size) != napi_ok) return false;
  text.resize(size);
  return napi_get_value_string_utf16(env, value, text.data(), size + 1, &size) == napi_ok;
}

std::optional<TypedView> to_view(napi_env env, napi_value value) {
  bool typed = false;
  if (value == nullptr || napi_is_typedarray(env, value, &typed) != napi_ok || !typed) {
    return std::nullopt;
  }
  TypedView view{};
  napi_value buffer = nullptr;
  std::size_t offset = 0;
  if (napi_get_typedarray_info(env, value, &view.type, &view.length, &view.data, &buffer,
                               &offset) != napi_ok) {
    return std::nullopt;
  }
  switch (view.type) {
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array:
      view.bytes = view.length * 8;
      break;
    case napi_float32_array:
    case napi_int32_array:
    case napi_uint32_array:
      view.bytes = view.length * 4;
      break;
    case napi_int16_array:
    case napi_uint16_array:
    case napi_float16_array:
      view.bytes = view.length * 2;
      break;
    default:
      view.bytes = view.length;
  }
  return view;
}

napi_value copy_array(napi_env env, napi_typedarray_type type, std::size_t element_bytes,
                      std::span<const std::byte> bytes) {
  void* data = nullptr;
  napi_value buffer = nullptr;
  if (napi_create_arraybuffer(env, bytes.size(), &data, &buffer) != napi_ok) return nullptr;
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  return array_over(env, type, element_bytes, bytes.size(), buffer);
}

napi_value adopt_array(napi_env env, napi_typedarray_type type, std::size_t element_bytes,
                       std::span<std::byte> bytes, std::shared_ptr<void> owner) {
  if (bytes.size() < kAdoptFrom || adopted_bytes + bytes.size() > kAdoptedAtMost) {
    return copy_array(env, type, element_bytes, bytes);
  }
  auto adopted = std::make_unique<Adopted>(Adopted{std::move(owner), bytes.size()});
  napi_value buffer = nullptr;
  // Engines whose buffers must lie in a cage of their own refuse.
  if (napi_create_external_arraybuffer(env, bytes.data(), bytes.size(), give_up, adopted.get(),
                                       &buffer) != napi_ok) {
    return copy_array(env, type, element_bytes, bytes);
  }
  adopted_bytes += bytes.size();
  (void)adopted.release();
  return array_over(env, type, element_bytes, bytes.size(), buffer);
}

Napi::Array strings_to_js(Napi::Env env, const std::vector<std::string>& strings) {
  Napi::Array list = Napi::Array::New(env, strings.size());
  for (uint32_t i = 0; i < strings.size(); ++i) list.Set(i, strings[i]);
  return list;
}

Napi::Object times_to_js(Napi::Env env, const std::vector<std::pair<const char*, double>>& times) {
  Napi::Object object = Napi::Object::New(env);
  for (const auto& [name, milliseconds] : times) object.Set(name, milliseconds);
  return object;
}

bool each_element(napi_env env, napi_value value,
                  const std::function<void(std::uint32_t, napi_value)>& visit) {
  bool is_array = false;
  std::uint32_t length = 0;
  if (value == nullptr || napi_is_array(env, value, &is_array) != napi_ok || !is_array ||
      napi_get_array_length(env, value, &length) != napi_ok) {
    return false;
  }
  for (std::uint32_t i = 0; i < length; ++i) {
    const Napi::HandleScope scope(env);  // a long list would else keep a handle for each element
    napi_value element = nullptr;
    if (napi_get_element(env, value, i, &element) != napi_ok) return false;
    visit(i, element);
  }
  return true;
}

bool each_property(napi_env env, napi_value value,
                   const std::function<void(std::string, napi_value)>& visit) {
  napi_value names = nullptr;
  napi_valuetype type = napi_undefined;
  if (value != nullptr) napi_typeof(env, value, &type);
  if (type != napi_object ||
      napi_get_all_property_names(
          env, value, napi_key_own_only,
          static_cast<napi_key_filter>(napi_key_enumerable | napi_key_skip_symbols),
          napi_key_numbers_to_strings, &names) != napi_ok) {
    return false;
  }
  std::uint32_t length = 0;
  napi_get_array_length(env, names, &length);
  for (std::uint32_t i = 0; i < length; ++i) {
    napi_value name = nullptr;
    napi_value property = nullptr;
    if (napi_get_element(env, names, i, &name) != napi_ok ||
        napi_get_property(env, value, name, &property) != napi_ok) {
      return false;
    }
    visit(to_utf8(env, name).value_or(std::string()), property);
  }
  return true;
}

}  // namespace infercore::native
