// Between JavaScript's values and the core's: the one place that copies into and out of
// WebAssembly memory.
//
// What leaves is always a copy: memory may move when it grows, and shared memory is refused by
// many functions of a page.
#ifndef INFERCORE_WASM_SRC_MARSHAL_H_
#define INFERCORE_WASM_SRC_MARSHAL_H_

#include <emscripten/val.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/text.h"

namespace infercore::wasm {

using emscripten::val;

/// A typed array of the caller's own. `T` says which: std::uint32_t gives a Uint32Array.
template <typename T>
val copy_out(std::span<const T> values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).call<val>("slice");
}
template <typename T>
val copy_out(const std::vector<T>& values) {
  return copy_out(std::span<const T>(values));
}
/// A BigInt64Array; no number becomes a BigInt on the way.
val copy_out_int64(const std::vector<std::int64_t>& values);

/// The elements of a typed array, or of any list of numbers, as `T`.
template <typename T>
std::vector<T> copy_in(const val& array) {
  std::vector<T> values(array["length"].as<std::size_t>());
  if (!values.empty()) {
    val(emscripten::typed_memory_view(values.size(), values.data())).call<void>("set", array);
  }
  return values;
}

/// Copies of JavaScript's strings, lone surrogates and all, in one piece of memory. Embind's own
/// way would write to a null pointer where there is no memory left.
class Texts {
 public:
  /// `strings` is an array of strings; an undefined element is a text that is not there.
  explicit Texts(const val& strings);

  std::size_t size() const { return lengths_.size(); }
  std::vector<TextView> views() const;
  std::vector<std::optional<TextView>> optional_views() const;

 private:
  std::vector<std::uint32_t> lengths_;
  std::vector<char16_t> units_;
};

/// A text that need not be there, or one string.
class OptionalText {
 public:
  explicit OptionalText(const val& text);
  std::optional<TextView> view() const { return texts_.optional_views().front(); }

 private:
  Texts texts_;
};

/// A JavaScript string as UTF-8. std::invalid_argument for anything else, which guarded() turns
/// into INVALID_INPUT.
std::string text_in(const val& text);
/// A JavaScript string of UTF-8. Embind's own conversion loses a leading U+FEFF.
val text_out(std::string_view utf8);

/// A list of JavaScript's numbers.
val list_of(std::span<const std::size_t> numbers);

inline std::string_view bytes_view(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_MARSHAL_H_
