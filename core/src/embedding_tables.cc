#include "infercore/embedding_tables.h"

#include <array>
#include <utility>

#include "protobuf_message.h"

namespace infercore {
namespace {

using protobuf::Message;
using protobuf::Range;
using protobuf::Window;

/// Of a node, those that matter here.
struct Attributes {
  std::int64_t axis = 0;
  std::int64_t to = 0;
};

/// What of a graph tells of tables.
class Graph {
 public:
  Graph(std::span<const std::string> inputs, Window& window) : inputs_(inputs), window_(window) {}

  bool read(const Range& range) {
    Message graph(window_, range);
    while (graph.next()) {
      bool fine = true;
      if (graph.bytes_number() == 1) fine = node(graph.bytes());
      if (graph.bytes_number() == 5) fine = initializer(graph.bytes());
      if (!fine) return false;
    }
    return graph.ok();
  }

  std::vector<EmbeddingTable> tables() {
    std::size_t known = 0;
    for (EmbeddingTable& table : tables_) {
      if (table.rows > 0) std::swap(tables_[known++], table);
    }
    tables_.resize(known);
    return std::move(tables_);
  }

 private:
  bool node(const Range& range) {
    // Input 0, input 1, the output, the operator, its domain.
    std::array<std::string, 5> texts;
    Attributes attributes;
    std::size_t inputs = 0;
    Message message(window_, range);
    while (message.next()) {
      constexpr std::array<std::uint8_t, 8> kPlaces = {5, 0, 2, 5, 3, 5, 5, 4};
      const std::uint64_t number = message.bytes_number();
      std::size_t place = number < kPlaces.size() ? kPlaces[number] : texts.size();
      if (number == 1) place = inputs++ < 2 ? inputs - 1 : texts.size();
      if (place < texts.size() && !message.text(texts[place])) return false;
      if (number == 5 && !attribute(message.bytes(), attributes)) return false;
    }
    const auto& [first, second, output, op, domain] = texts;
    if (!domain.empty() && domain != "ai.onnx") return message.ok();
    if (op == "Gather" && attributes.axis == 0) {
      const std::string* input = input_of(second);
      if (input != nullptr && input_of(first) == nullptr) add(tables_, first, *input);
    } else if (op == "Identity" || (op == "Cast" && keeps_ids(attributes.to))) {
      if (const std::string* input = input_of(first)) add(renamed_, output, *input);
    }
    return message.ok();
  }

  /// To another type than these, a Cast makes other values of some.
  static bool keeps_ids(std::int64_t type) {
    constexpr std::int64_t kInt32 = 6;
    constexpr std::int64_t kInt64 = 7;
    return type == kInt32 || type == kInt64;
  }

  bool attribute(const Range& range, Attributes& attributes) {
    Message message(window_, range);
    std::string name;
    while (message.next()) {
      if (message.bytes_number() == 1 && !message.text(name)) return false;
      if (message.varint_number() != 3) continue;
      if (name == "axis") attributes.axis = static_cast<std::int64_t>(message.value());
      if (name == "to") attributes.to = static_cast<std::int64_t>(message.value());
    }
    return message.ok();
  }

  bool initializer(const Range& range) {
    if (tables_.empty()) return true;
    Message message(window_, range);
    std::string name;
    std::uint64_t rows = 0;
    bool has_rows = false;
    while (message.next()) {
      // Dims are one field each, or all in one.
      if (!has_rows && message.varint_number() == 1) rows = message.value();
      if (!has_rows && message.bytes_number() == 1 && !message.first_varint(rows)) return false;
      has_rows = has_rows || message.varint_number() == 1 || message.bytes_number() == 1;
      if (message.bytes_number() == 8 && !message.text(name)) return false;
    }
    for (EmbeddingTable& table : tables_) {
      if (table.name == name && rows <= kMostRows) table.rows = static_cast<std::int64_t>(rows);
    }
    return message.ok();
  }

  /// The input that `name` is or renames; nullptr where it is something else.
  const std::string* input_of(const std::string& name) const {
    for (const std::string& input : inputs_) {
      if (input == name) return &input;
    }
    for (const EmbeddingTable& each : renamed_) {
      if (each.name == name) return &each.input;
    }
    return nullptr;
  }

  /// A file that was made to be large must not become slow, too: each name is looked for in these
  /// lists.
  static void add(std::vector<EmbeddingTable>& list, const std::string& name,
                  const std::string& input) {
    constexpr std::size_t kMost = 256;
    if (list.size() < kMost) list.push_back({name, std::string(input), 0});
  }

  /// Exact as a number of JavaScript.
  static constexpr std::uint64_t kMostRows = std::uint64_t{1} << 53U;

  std::span<const std::string> inputs_;
  Window& window_;
  std::vector<EmbeddingTable> tables_;
  std::vector<EmbeddingTable> renamed_;  ///< by the new name
};

}  // namespace

std::vector<EmbeddingTable> find_embedding_tables(std::span<const std::string> inputs,
                                                  ByteSource& model) {
  Window window(model);
  Message file(window, {0, model.size()});
  Graph graph(inputs, window);
  bool has_graph = false;
  while (file.next()) {
    if (file.bytes_number() != 7) continue;
    if (has_graph || !graph.read(file.bytes())) return {};
    has_graph = true;
  }
  if (!file.ok()) return {};
  return graph.tables();
}

}  // namespace infercore
