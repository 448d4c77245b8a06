// The one place where the core reads JSON: bytes to a compact document, with limits.
//
//   Result<JsonDocument> document = JsonDocument::parse(bytes, {});
//   JsonValue vocab = document->root().get("model").get("vocab");
//   for (JsonValue piece : vocab) use(piece.at(0).string());
//   document->path_of(vocab);                          // "model.vocab"
//
// The document is one flat list of values and one arena of strings: neither parsing nor destroying
// recurses, so depth costs no stack, and a vocabulary of 250,000 entries is two allocations that
// grow.
#ifndef INFERCORE_JSON_READER_H_
#define INFERCORE_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/status.h"

namespace infercore {

struct JsonLimits {
  std::size_t depth = 64;
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t values = std::size_t{32} << 20;
  Code code = Code::kInvalidInput;  ///< of the error when the bytes are not JSON
};

enum class JsonType : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

class JsonDocument;

/// A value of a document, or nothing: get() and at() of what is not there give nothing, whose type
/// is null and whose exists() is false. Lives as long as the document.
class JsonValue {
 public:
  JsonValue() = default;

  bool exists() const noexcept { return document_ != nullptr; }
  JsonType type() const noexcept;
  bool is(JsonType type) const noexcept { return exists() && this->type() == type; }
  /// Nothing, or a JSON null: what a file writes for "not set".
  bool is_null() const noexcept { return type() == JsonType::kNull; }

  /// Each only when is(…) says so.
  bool boolean() const noexcept;
  double number() const noexcept;
  std::string_view string() const noexcept;

  /// The number as an integer from 0 to `max`; nothing when it is none.
  std::optional<std::uint64_t> integer(std::uint64_t max) const noexcept;

  /// Members of an object, elements of an array; 0 for other types.
  std::size_t size() const noexcept;
  /// The last member of that name (as JSON parsers agree to read doubles).
  JsonValue get(std::string_view key) const noexcept;
  /// Walks to the element: for short arrays.
  JsonValue at(std::size_t index) const noexcept;

  /// Elements of an array; of an object its members' values, see key().
  class Iterator {
   public:
    Iterator(const JsonDocument* document, std::uint32_t index, bool members)
        : document_(document), index_(index), members_(members) {}
    JsonValue operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }
    /// Only over an object.
    std::string_view key() const;

   private:
    const JsonDocument* document_;
    std::uint32_t index_;
    bool members_;
  };
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class JsonDocument;
  JsonValue(const JsonDocument* document, std::uint32_t index)
      : document_(document), index_(index) {}

  const JsonDocument* document_ = nullptr;
  std::uint32_t index_ = 0;
};

class JsonDocument {
 public:
  /// Reads all of `bytes`. Errors: limits.code when it is not JSON (the message says where),
  /// LIMIT_EXCEEDED.
  static Result<JsonDocument> parse(std::string_view bytes, const JsonLimits& limits);

  JsonValue root() const noexcept { return {this, 0}; }

  /// Where a value stands, for messages: "model.vocab[7][1]"; "" for the root. Walks the document:
  /// not for loops.
  std::string path_of(JsonValue value) const;

 private:
  friend class JsonValue;
  friend class JsonValue::Iterator;
  friend class JsonBuilder;

  /// A member is two nodes, its key (a string) and its value.
  struct Node {
    JsonType type;
    bool truth;
    std::uint32_t size;  ///< bytes of a string, elements, members
    union {
      double number;
      std::uint64_t begin;  ///< of a string, in the arena
      std::uint64_t end;    ///< of an array or object: the node behind its last
    };
  };

  std::uint32_t behind(std::uint32_t index) const noexcept {
    const Node& node = nodes_[index];
    return node.type >= JsonType::kArray ? static_cast<std::uint32_t>(node.end) : index + 1;
  }
  std::string_view text(const Node& node) const noexcept {
    return std::string_view(strings_).substr(node.begin, node.size);
  }

  std::vector<Node> nodes_;
  std::string strings_;
};

}  // namespace infercore

#endif  // INFERCORE_JSON_READER_H_
