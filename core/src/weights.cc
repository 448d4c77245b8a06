#include "infercore/weights.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "protobuf_message.h"

namespace infercore {
namespace {

using protobuf::Message;
using protobuf::Range;
using protobuf::Window;

/// An operator that takes weights as they are, and where: bit i stands for input i.
struct Reader {
  std::string_view domain;
  std::string_view op;
  unsigned inputs;
};
constexpr std::string_view kMicrosoft = "com.microsoft";
constexpr std::array<Reader, 14> kReaders = {{
    {"", "MatMul", 0b11},
    {"", "Gemm", 0b11},
    {"", "Gather", 0b1},
    {"", "MatMulInteger", 0b10},
    {"", "LSTM", 0b110},
    {"", "GRU", 0b110},
    {kMicrosoft, "FusedMatMul", 0b10},
    {kMicrosoft, "MatMulNBits", 0b1110},
    {kMicrosoft, "Attention", 0b10},
    {kMicrosoft, "QAttention", 0b10},
    {kMicrosoft, "DynamicQuantizeMatMul", 0b10},
    {kMicrosoft, "MatMulIntegerToFloat", 0b10},
    {kMicrosoft, "GatherBlockQuantized", 0b1},
    {kMicrosoft, "EmbedLayerNormalization", 0b11100},
}};
constexpr std::size_t kMostPlaces = 5;

unsigned places_of(std::string_view domain, std::string_view op) {
  if (domain == "ai.onnx") domain = "";
  for (const Reader& reader : kReaders) {
    if (reader.domain == domain && reader.op == op) return reader.inputs;
  }
  return 0;
}

/// Of one element; 0 for texts and what is no number of fixed size.
unsigned bits_of(std::int32_t type) {
  constexpr std::array<std::uint8_t, 23> kBits = {0,  32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64,
                                                  32, 64, 0, 0, 16, 0,  0,  0,  0, 4, 4};
  const auto number = static_cast<std::size_t>(type);
  return type >= 0 && number < kBits.size() ? kBits[number] : 0;
}

std::optional<std::uint64_t> bytes_of(std::int32_t type, const std::vector<std::int64_t>& dims) {
  std::uint64_t bits = bits_of(type);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60U;
  for (const std::int64_t dim : dims) {
    if (bits == 0 || dim <= 0 || static_cast<std::uint64_t>(dim) > kMost / bits) {
      return std::nullopt;
    }
    bits *= static_cast<std::uint64_t>(dim);
  }
  return (bits + 7) / 8;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  if (text.empty() || text.size() > 18) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

/// What of a node tells of its uses.
struct Node {
  std::array<std::string, kMostPlaces> inputs;
  std::size_t count = 0;
  std::string op;
  std::string domain;
};

/// An initializer while it is read.
struct Tensor {
  Weight weight;
  bool is_external = false;
  std::uint64_t stored = 0;  ///< bytes that it says it has
  std::size_t raw_fields = 0;
  bool is_plain = true;  ///< nothing in it that is not understood here
};

class Weights {
 public:
  explicit Weights(Window& window) : window_(window) {}

  /// False where the graph is broken, or larger than any real one.
  bool read_graph(const Range& range, int depth) {
    constexpr int kDeepest = 32;
    Message graph(window_, range);
    while (graph.next()) {
      const std::uint64_t number = graph.bytes_number();
      const Range bytes = graph.bytes();
      bool fine = names_.size() < kMostNames && depth < kDeepest;
      if (number == 1) fine = fine && read_node(bytes, depth);
      if (number == 5) fine = fine && read_initializer(bytes, depth);
      if (number == 11) fine = fine && read_input(bytes, depth);
      if (number == 12) fine = fine && rule_out_name_in(bytes, 1);
      if (number == 15) fine = fine && read_sparse(bytes);
      if (!fine) return false;
    }
    return graph.ok();
  }

  std::vector<Weight> take(bool inputs_replace) {
    std::erase_if(found_, [&](const Weight& weight) {
      const auto name = names_.find(weight.name);
      return name == names_.end() || !name->second ||
             (inputs_replace && inputs_.count(weight.name) > 0);
    });
    return std::move(found_);
  }

 private:
  bool read_node(const Range& range, int depth) {
    Node node;
    Message message(window_, range);
    while (message.next()) {
      if (!read_field(message, node, depth)) return false;
    }
    const unsigned places = places_of(node.domain, node.op);
    for (std::size_t i = 0; i < std::min(node.count, node.inputs.size()); ++i) {
      note_use(node.inputs[i], (places >> i & 1U) != 0);
    }
    return message.ok();
  }

  bool read_field(Message& message, Node& node, int depth) {
    std::string name;
    switch (message.bytes_number()) {
      case 1:
        if (node.count < node.inputs.size()) return message.text(node.inputs[node.count++]);
        [[fallthrough]];  // beyond all places for weights
      case 2:
        if (!message.text(name) || names_.size() >= kMostNames) return false;
        rule_out(name);
        return true;
      case 4:
        return message.text(node.op);
      case 5:
        return read_attribute(message.bytes(), depth);
      case 7:
        return message.text(node.domain);
      default:
        return true;
    }
  }

  /// For graphs in it.
  bool read_attribute(const Range& range, int depth) {
    Message attribute(window_, range);
    while (attribute.next()) {
      const std::uint64_t number = attribute.bytes_number();
      if ((number == 6 || number == 11) && !read_graph(attribute.bytes(), depth + 1)) return false;
    }
    return attribute.ok();
  }

  bool read_input(const Range& range, int depth) {
    if (depth > 0) return rule_out_name_in(range, 1);
    Message value(window_, range);
    std::string name;
    while (value.next()) {
      if (value.bytes_number() == 1 && !value.text(name)) return false;
    }
    if (inputs_.size() >= kMostNames) return false;
    inputs_.insert(std::move(name));
    return value.ok();
  }

  /// The name is that of its values.
  bool read_sparse(const Range& range) {
    Message tensor(window_, range);
    while (tensor.next()) {
      if (tensor.bytes_number() == 1 && !rule_out_name_in(tensor.bytes(), 8)) return false;
    }
    return tensor.ok();
  }

  bool rule_out_name_in(const Range& range, std::uint64_t field) {
    Message value(window_, range);
    std::string name;
    while (value.next()) {
      if (value.bytes_number() != field) continue;
      if (!value.text(name)) return false;
      rule_out(name);
    }
    return value.ok();
  }

  bool read_initializer(const Range& range, int depth) {
    if (depth > 0) return rule_out_name_in(range, 8);
    Tensor tensor;
    Message message(window_, range);
    while (message.next()) {
      if (!read_field(message, tensor)) return false;
    }
    if (!message.ok() || initializers_.size() >= kMostNames) return false;
    Weight& weight = tensor.weight;
    // Which of two counts is the runtime's business.
    if (!initializers_.insert(weight.name).second) rule_out(weight.name);
    if (is_fit(tensor)) found_.push_back(std::move(weight));
    return true;
  }

  bool read_field(Message& message, Tensor& tensor) {
    Weight& weight = tensor.weight;
    if (message.varint_number() == 1) return add_dim(message.value(), tensor);
    if (message.varint_number() == 2) weight.type = static_cast<std::int32_t>(message.value());
    if (message.varint_number() == 14) tensor.is_external = message.value() == 1;
    switch (message.bytes_number()) {
      case 1:
        return read_dims(message.bytes(), tensor);
      case 8:
        return message.text(weight.name);
      case 9:
        ++tensor.raw_fields;
        weight.at = message.bytes().begin;
        tensor.stored = message.value();
        return true;
      case 13:
        return read_place(message.bytes(), tensor);
      case 3:  // a segment of a larger tensor, or numbers in lists
      case 4:
      case 5:
      case 6:
      case 7:
      case 10:
      case 11:
        tensor.is_plain = false;
        return true;
      default:
        return true;
    }
  }

  static bool add_dim(std::uint64_t dim, Tensor& tensor) {
    constexpr std::size_t kMostDims = 64;
    tensor.weight.dims.push_back(static_cast<std::int64_t>(dim));
    return tensor.weight.dims.size() <= kMostDims;
  }

  bool read_dims(const Range& range, Tensor& tensor) {
    Message numbers(window_, range);
    while (numbers.next_number()) {
      if (!add_dim(numbers.value(), tensor)) return false;
    }
    return numbers.ok();
  }

  /// One entry of where external data are: location, offset, length.
  bool read_place(const Range& range, Tensor& tensor) {
    Message entry(window_, range);
    std::string key;
    std::string text;
    while (entry.next()) {
      if (entry.bytes_number() == 1 && !entry.text(key)) return false;
      if (entry.bytes_number() == 2 && !entry.text(text)) return false;
    }
    if (key == "location") {
      tensor.weight.file = text;
    } else if (key == "offset" || key == "length") {
      const std::optional<std::uint64_t> number = whole_number(text);
      tensor.is_plain = tensor.is_plain && number.has_value();
      (key == "offset" ? tensor.weight.at : tensor.stored) = number.value_or(0);
    }
    return entry.ok();
  }

  static bool is_fit(Tensor& tensor) {
    Weight& weight = tensor.weight;
    const std::optional<std::uint64_t> size = bytes_of(weight.type, weight.dims);
    if (!tensor.is_plain || !size || *size < kSmallestWeight || weight.name.empty()) return false;
    weight.size = *size;
    if (tensor.is_external) {
      // Without a length it is as long as it has to be.
      return tensor.raw_fields == 0 && !weight.file.empty() &&
             (tensor.stored == 0 || tensor.stored == *size);
    }
    return tensor.raw_fields == 1 && weight.file.empty() && tensor.stored == *size;
  }

  void note_use(const std::string& name, bool as_it_is) {
    const auto [place, is_new] = names_.try_emplace(name, as_it_is);
    if (!is_new) place->second = place->second && as_it_is;
  }
  void rule_out(const std::string& name) { note_use(name, false); }

  /// A file that was made to be large must not take memory without end.
  static constexpr std::size_t kMostNames = std::size_t{1} << 20U;

  Window& window_;
  std::vector<Weight> found_;
  /// Of values that there are or that nodes take: may a weight of the name be shared?
  std::unordered_map<std::string, bool> names_;
  std::unordered_set<std::string> initializers_;
  std::unordered_set<std::string> inputs_;
};

}  // namespace

std::vector<Weight> find_weights(ByteSource& model) {
  Window window(model);
  Message file(window, {0, model.size()});
  Weights weights(window);
  bool has_graph = false;
  std::uint64_t version = 0;
  while (file.next()) {
    if (file.varint_number() == 1) version = file.value();
    if (file.bytes_number() != 7) continue;
    if (has_graph || !weights.read_graph(file.bytes(), 0)) return {};
    has_graph = true;
  }
  if (!file.ok()) return {};
  // Before version 4 each initializer was named among the inputs, too, and is a constant.
  constexpr std::uint64_t kInputsReplace = 4;
  return weights.take(version >= kInputsReplace);
}

}  // namespace infercore
