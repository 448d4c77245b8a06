#include "tokenizer/component.h"

#include <algorithm>
#include <utility>

#include "unicode/utf.h"

namespace infercore {
namespace {

std::string join(std::string path, std::string_view key) {
  return path.empty() ? std::string(key) : std::move(path) + "." + std::string(key);
}

}  // namespace

std::string describe(JsonValue value) {
  if (!value.exists()) return "nothing";
  switch (value.type()) {
    case JsonType::kNull:
      return "null";
    case JsonType::kBool:
      return value.boolean() ? "true" : "false";
    case JsonType::kNumber: {
      const std::optional<std::uint64_t> integer = value.integer(std::uint64_t{1} << 53);
      return integer ? std::to_string(*integer) : number(value.number());
    }
    case JsonType::kString:
      return quoted(value.string(), 40);
    case JsonType::kArray:
      return "an array of " + std::to_string(value.size());
    case JsonType::kObject:
      return "an object";
  }
  return "something else";
}

std::string Faults::path_of(JsonValue where) const {
  std::string path = document_.path_of(where);
  return path.empty() ? "the file" : path;
}

void Faults::expect(JsonValue where, std::string_view expected, Code code) {
  if (full()) return;
  add(where, code,
      "expected " + std::string(expected) + " for " + path_of(where) + ", received " +
          describe(where));
}

void Faults::expect_member(JsonValue object, std::string_view key, std::string_view expected) {
  if (full()) return;
  std::string path = join(document_.path_of(object), key);
  std::string message = "expected " + std::string(expected) + " for " + path + ", received nothing";
  faults_.add({std::move(path), Code::kNotATokenizer, std::move(message)});
}

void Faults::add(JsonValue where, Code code, std::string message) {
  if (full()) return;
  faults_.add({document_.path_of(where), code, std::move(message)});
}

void Faults::keep(Faults&& trial) {
  components_ = trial.components_;
  faults_.append(std::move(trial.faults_));
}

bool Faults::count_component(JsonValue where) {
  if (++components_ == kMaxComponents + 1) {
    expect(where,
           "at most " + std::to_string(kMaxComponents) + " components in a stage, this one besides",
           Code::kLimitExceeded);
  }
  return !too_many_components();
}

Status Faults::status() && {
  // The kind of error that a caller can act on goes first: it decides the code.
  std::vector<Fault> faults = std::move(faults_).take();
  const auto first = std::find_if(faults.begin(), faults.end(), [](const Fault& fault) {
    return fault.code != Code::kNotATokenizer;
  });
  if (first != faults.end()) std::iter_swap(faults.begin(), first);
  return Status::from_faults("the tokenizer can't be read", std::move(faults),
                             "expected is a tokenizer.json as Hugging Face's tokenizers writes it");
}

Fields::Fields(JsonValue object, Faults& faults) : object_(object), faults_(faults) {
  if (!object.is(JsonType::kObject)) faults.expect(object, "an object");
}

JsonValue Fields::required(std::string_view key, JsonType type, std::string_view expected) const {
  const JsonValue value = object_.get(key);
  if (value.is(type)) return value;
  if (value.exists()) {
    faults_.expect(value, expected);
  } else if (object_.is(JsonType::kObject)) {
    faults_.expect_member(object_, key, expected);
  }
  return {};
}

std::string_view Fields::string(std::string_view key) const {
  const JsonValue value = required(key, JsonType::kString, "a string");
  return value.exists() ? value.string() : std::string_view();
}

bool Fields::boolean(std::string_view key) const {
  const JsonValue value = required(key, JsonType::kBool, "true or false");
  return value.exists() && value.boolean();
}

std::uint64_t Fields::integer(std::string_view key, std::uint64_t max) const {
  const std::string expected = "an integer from 0 to " + std::to_string(max);
  const JsonValue value = required(key, JsonType::kNumber, expected);
  if (!value.exists()) return 0;
  const std::optional<std::uint64_t> integer = value.integer(max);
  if (!integer) faults_.expect(value, expected);
  return integer.value_or(0);
}

char32_t Fields::character(std::string_view key) const {
  const JsonValue value = required(key, JsonType::kString, "a string of one character");
  if (!value.exists()) return U' ';
  const std::string_view text = value.string();
  if (text.empty() || unicode::sequence_length(text[0]) != text.size()) {
    faults_.expect(value, "a string of one character");
    return U' ';
  }
  return unicode::decode_valid(text.data());
}

JsonValue Fields::array(std::string_view key) const {
  return required(key, JsonType::kArray, "an array");
}

bool Fields::boolean(std::string_view key, bool otherwise) const {
  return object_.get(key).is_null() ? otherwise : boolean(key);
}

std::optional<std::uint64_t> Fields::optional_integer(std::string_view key,
                                                      std::uint64_t max) const {
  if (object_.get(key).is_null()) return std::nullopt;
  return integer(key, max);
}

}  // namespace infercore
