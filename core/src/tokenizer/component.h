// How the parts of a tokenizer.json are read: fields with their types, every fault with its path,
// kinds by name.
//
//   Fields fields(value, faults);
//   const std::string_view content = fields.string("content");
//   const bool split = fields.boolean("split", true);
//   if (!faults.empty()) …                             // all of them, each like "expected a string
//   for …"
#ifndef INFERCORE_TOKENIZER_COMPONENT_H_
#define INFERCORE_TOKENIZER_COMPONENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infercore/fault_list.h"
#include "infercore/quote.h"
#include "infercore/status.h"
#include "json_reader.h"

namespace infercore {

/// Collects what is wrong with a file, as a FaultList does.
class Faults {
 public:
  explicit Faults(const JsonDocument& document) : document_(document) {}

  bool empty() const noexcept { return faults_.empty(); }
  /// True when no more are kept: a list need not be read further. (A fault's path costs a walk
  /// through the file; a list of a million of them would take for ever.)
  bool full() const noexcept { return faults_.full(); }
  /// Counts one more component of a stage; false, with a fault, where they are too many.
  bool count_component(JsonValue where);
  bool too_many_components() const noexcept { return components_ > kMaxComponents; }
  /// To try something in the same file: none yet, and as many components.
  Faults trial() const {
    Faults faults(document_);
    faults.components_ = components_;
    return faults;
  }
  /// The trial's result is kept, with what is wrong there.
  void keep(Faults&& trial);
  /// Starts the count anew.
  void begin_stage() { components_ = 0; }
  /// `message` without the path, which `where` gives: "expected a string for model.type, received
  /// null".
  void expect(JsonValue where, std::string_view expected, Code code = Code::kNotATokenizer);
  /// The same for a member that is not there.
  void expect_member(JsonValue object, std::string_view key, std::string_view expected);
  /// A message of its own about `where`.
  void add(JsonValue where, Code code, std::string message);
  std::string path_of(JsonValue where) const;

  /// Only when not empty.
  Status status() &&;

 private:
  static constexpr std::size_t kMaxComponents = 64;

  const JsonDocument& document_;
  FaultList faults_;
  std::size_t components_ = 0;
};

/// "null", "a number", "\"Foo\"" …: what came, for messages.
std::string describe(JsonValue value);

/// The members of one object.
class Fields {
 public:
  Fields(JsonValue object, Faults& faults);

  JsonValue get(std::string_view key) const { return object_.get(key); }
  JsonValue object() const { return object_; }
  Faults& faults() const { return faults_; }

  // Required members: what a wrong or missing one is read as does not matter, the fault stays.
  std::string_view string(std::string_view key) const;
  bool boolean(std::string_view key) const;
  std::uint64_t integer(std::string_view key, std::uint64_t max) const;
  /// A string of exactly one character.
  char32_t character(std::string_view key) const;
  JsonValue array(std::string_view key) const;

  // Members that may be missing or null.
  bool boolean(std::string_view key, bool otherwise) const;
  std::optional<std::uint64_t> optional_integer(std::string_view key, std::uint64_t max) const;

 private:
  JsonValue required(std::string_view key, JsonType type, std::string_view expected) const;

  JsonValue object_;
  Faults& faults_;
};

/// One row of a stage's table: the name that stands in "type", and what reads it.
template <typename Component>
struct Kind {
  std::string_view name;
  std::unique_ptr<Component> (*read)(const Fields& fields);
  /// The reference implementation takes whatever has the fields of such a kind for one, by what
  /// name ever.
  bool told_by_fields = false;
};

/// The component at `value` by its other fields; nullptr when it fits no kind that they tell.
template <typename Component, std::size_t n>
std::unique_ptr<Component> read_by_fields(JsonValue value, const Kind<Component> (&kinds)[n],
                                          Faults& faults) {
  for (const Kind<Component>& kind : kinds) {
    if (!kind.told_by_fields) continue;
    Faults trial = faults.trial();
    std::unique_ptr<Component> component = kind.read(Fields(value, trial));
    if (!trial.empty() && !trial.too_many_components()) continue;
    faults.keep(std::move(trial));
    return component;
  }
  return nullptr;
}

/// Reads the component at `value` by its "type". nullptr, with a fault, when the type is not in
/// `kinds`.
template <typename Component, std::size_t n>
std::unique_ptr<Component> read_kind(JsonValue value, std::string_view stage,
                                     const Kind<Component> (&kinds)[n], Faults& faults) {
  const Fields fields(value, faults);
  if (!value.is(JsonType::kObject) || !faults.count_component(value)) return nullptr;
  const JsonValue type = value.get("type");
  for (const Kind<Component>& kind : kinds) {
    if (type.is(JsonType::kString) && kind.name == type.string()) return kind.read(fields);
  }
  if (auto component = read_by_fields(value, kinds, faults)) return component;
  if (faults.too_many_components()) return nullptr;
  const std::string_view name = fields.string("type");
  if (!type.is(JsonType::kString) || faults.full()) return nullptr;
  std::string known;
  for (const Kind<Component>& kind : kinds)
    known += (known.empty() ? "" : ", ") + std::string(kind.name);
  faults.add(value, Code::kUnsupportedComponent,
             "expected a known " + std::string(stage) + " (" + known + ") for " +
                 faults.path_of(type) + ", received " + quoted(name));
  return nullptr;
}

/// Reads each component of the array `key`; a faulty one is left out, its fault stays.
template <typename Component>
std::vector<std::unique_ptr<Component>> read_list(
    const Fields& fields, std::string_view key,
    std::unique_ptr<Component> (*read)(JsonValue value, Faults& faults)) {
  std::vector<std::unique_ptr<Component>> list;
  for (const JsonValue value : fields.array(key)) {
    if (fields.faults().full() || fields.faults().too_many_components()) break;
    if (std::unique_ptr<Component> component = read(value, fields.faults())) {
      list.push_back(std::move(component));
    }
  }
  return list;
}

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_COMPONENT_H_
