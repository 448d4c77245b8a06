#include "marshal.h"

#include <emscripten/emscripten.h>

#include <limits>
#include <new>
#include <stdexcept>
#include <string>

// Pointers come as signed numbers: `>>>` makes addresses above 2 GB positive. The heap is named
// once: with threads each naming of it asks whether it has grown, which costs more than what is
// copied.
EM_JS(void, infercore_text_lengths, (emscripten::EM_VAL list, std::uint32_t* lengths), {
  const texts = Emval.toValue(list);
  const words = HEAPU32;
  const at = lengths >>> 2;
  for (let i = 0; i < texts.length; ++i) {
    words[at + i] = typeof texts[i] == "string" ? texts[i].length : 0xffffffff;
  }
});

EM_JS(void, infercore_copy_texts, (emscripten::EM_VAL list, char16_t* units), {
  const texts = Emval.toValue(list);
  const halves = HEAPU16;
  let at = units >>> 1;
  for (const text of texts) {
    if (typeof text != "string") continue;
    for (let i = 0; i < text.length; ++i) halves[at + i] = text.charCodeAt(i);
    at += text.length;
  }
});

// Embind's own way asks for memory and writes to a null pointer where there is none left.
EM_JS(std::size_t, infercore_utf8_length, (emscripten::EM_VAL text),
      { return lengthBytesUTF8(Emval.toValue(text)); });

EM_JS(void, infercore_copy_utf8, (emscripten::EM_VAL text, char* utf8), {
  // With room for the zero behind, which std::string has.
  const string = Emval.toValue(text);
  stringToUTF8(string, utf8 >>> 0, lengthBytesUTF8(string) + 1);
});

namespace infercore::wasm {
namespace {

constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();

val list_of_one(const val& value) {
  val list = val::array();
  list.call<void>("push", value);
  return list;
}

}  // namespace

val copy_out_int64(const std::vector<std::int64_t>& values) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
  const val copy = copy_out(std::span(bytes, values.size() * sizeof(std::int64_t)));
  return val::global("BigInt64Array").new_(copy["buffer"]);
}

Texts::Texts(const val& strings) : lengths_(strings["length"].as<std::size_t>()) {
  infercore_text_lengths(strings.as_handle(), lengths_.data());
  std::size_t units = 0;
  for (const std::uint32_t length : lengths_) {
    if (length != kAbsent && __builtin_add_overflow(units, length, &units)) throw std::bad_alloc();
  }
  units_.resize(units);
  infercore_copy_texts(strings.as_handle(), units_.data());
}

std::vector<std::optional<TextView>> Texts::optional_views() const {
  std::vector<std::optional<TextView>> views(size());
  std::size_t start = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (lengths_[i] == kAbsent) continue;
    views[i] = std::u16string_view(units_.data() + start, lengths_[i]);
    start += lengths_[i];
  }
  return views;
}

std::vector<TextView> Texts::views() const {
  std::vector<TextView> views;
  views.reserve(size());
  for (const std::optional<TextView>& view : optional_views()) {
    views.push_back(view.value_or(std::u16string_view()));
  }
  return views;
}

OptionalText::OptionalText(const val& text) : texts_(list_of_one(text)) {}

std::string text_in(const val& text) {
  if (!text.isString()) throw std::invalid_argument("expected a string");
  std::string utf8(infercore_utf8_length(text.as_handle()), '\0');
  infercore_copy_utf8(text.as_handle(), utf8.data());
  return utf8;
}

val text_out(std::string_view utf8) {
  if (utf8.find("\xef\xbb\xbf") == std::string_view::npos) return val(std::string(utf8));
  val options = val::object();
  options.set("ignoreBOM", true);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  return val::global("TextDecoder")
      .new_(std::string("utf-8"), options)
      .call<val>("decode", copy_out(std::span(bytes, utf8.size())));
}

val list_of(std::span<const std::size_t> numbers) {
  val list = val::array();
  for (const std::size_t number : numbers) list.call<void>("push", number);
  return list;
}

}  // namespace infercore::wasm
