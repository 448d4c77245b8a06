#include "infercore/weights.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "onnx_bytes.h"

namespace infercore {
namespace {

constexpr std::uint64_t kFloat = 1;
constexpr std::uint64_t kString = 8;
constexpr std::uint64_t kInt4 = 22;

std::string node(const std::string& op, const std::vector<std::string>& inputs,
                 const std::string& more = "") {
  std::string bytes;
  for (const std::string& input : inputs) bytes += field(1, input);
  return field(1, bytes + field(2, "of " + op) + field(4, op) + more);
}
std::string domain(const std::string& name) { return field(7, name); }
std::string subgraph(const std::string& graph) {
  return field(5, field(1, "body") + field(6, graph));
}

std::string dims(const std::vector<std::uint64_t>& sizes) {
  std::string bytes;
  for (const std::uint64_t size : sizes) bytes += field(1, size);
  return bytes;
}
std::string raw(std::size_t size) { return field(9, std::string(size, '\x01')); }
std::string entry(const std::string& key, const std::string& value) {
  return field(13, field(1, key) + field(2, value));
}
std::string external(const std::string& entries) { return field(14, 1) + entries; }
/// An initializer with `content` beside its name and type.
std::string tensor(const std::string& name, const std::string& content,
                   std::uint64_t type = kFloat) {
  return field(5, field(2, type) + field(8, name) + content);
}
std::string weight(const std::string& name) { return tensor(name, dims({16, 32}) + raw(2048)); }
std::string input(const std::string& name) { return field(11, field(1, name)); }
std::string output(const std::string& name) { return field(12, field(1, name)); }

std::string model(const std::string& graph, std::uint64_t version = 8) {
  return field(1, version) + field(2, "pytorch") + field(7, graph) + field(8, field(2, 17));
}

std::vector<Weight> weights_of(const std::string& bytes) {
  CountedBytes source(bytes);
  return find_weights(source);
}
std::vector<std::string> names_of(const std::string& bytes) {
  std::vector<std::string> names;
  for (const Weight& weight : weights_of(bytes)) names.push_back(weight.name);
  return names;
}
using Names = std::vector<std::string>;

TEST(Weights, SayWhereTheyAre) {
  const std::string bytes = model(node("MatMul", {"x", "w"}) + weight("w") + input("x"));
  const auto found = weights_of(bytes);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "w");
  EXPECT_EQ(found[0].type, 1);
  EXPECT_EQ(found[0].dims, (std::vector<std::int64_t>{16, 32}));
  EXPECT_EQ(found[0].file, "");
  EXPECT_EQ(found[0].size, 2048U);
  EXPECT_EQ(bytes.substr(found[0].at, found[0].size), std::string(2048, '\x01'));
}

TEST(Weights, AreThoseOfMatricesTablesAndCells) {
  EXPECT_EQ(names_of(model(node("MatMul", {"w", "x"}) + weight("w"))), Names{"w"});
  EXPECT_EQ(names_of(model(node("Gather", {"w", "ids"}) + weight("w"))), Names{"w"});
  EXPECT_EQ(names_of(model(node("LSTM", {"x", "w", "r"}) + weight("w") + weight("r"))),
            (Names{"w", "r"}));
  EXPECT_EQ(names_of(model(node("MatMul", {"x", "w"}, domain("ai.onnx")) + weight("w"))),
            Names{"w"});
  EXPECT_EQ(names_of(model(node("MatMulNBits", {"x", "w"}, domain("com.microsoft")) + weight("w"))),
            Names{"w"});
  EXPECT_EQ(names_of(model(weight("w") + node("MatMul", {"x", "w"}))), Names{"w"});
}

TEST(Weights, AreNoneThatAnOptimizerMayChangeInPlace) {
  for (const char* op : {"Add", "Mul", "Transpose", "DequantizeLinear", "Conv", "Concat"}) {
    EXPECT_EQ(names_of(model(node(op, {"w", "w", "w"}) + weight("w"))), Names{}) << op;
  }
  // One such use is enough, wherever it is.
  EXPECT_EQ(names_of(model(node("MatMul", {"x", "w"}) + node("Add", {"y", "w"}) + weight("w"))),
            Names{});
  EXPECT_EQ(names_of(model(node("Gather", {"x", "w"}) + weight("w"))), Names{});
  EXPECT_EQ(names_of(model(node("Concat", {"a", "b", "c", "d", "e", "f", "w"}) +
                           node("MatMul", {"x", "w"}) + weight("w"))),
            Names{});
  // Whose operator it is matters, and a weight that nobody takes is none.
  EXPECT_EQ(names_of(model(node("MatMul", {"x", "w"}, domain("my.own")) + weight("w"))), Names{});
  EXPECT_EQ(names_of(model(weight("w"))), Names{});
}

TEST(Weights, AreNoneThatMayBeReplaced) {
  const std::string graph = node("MatMul", {"x", "w"}) + weight("w");
  EXPECT_EQ(names_of(model(graph + input("w"))), Names{});
  // Files of old name all initializers there.
  EXPECT_EQ(names_of(model(graph + input("w"), 3)), Names{"w"});
  EXPECT_EQ(names_of(model(graph + output("w"))), Names{});
  EXPECT_EQ(names_of(model(graph + weight("w"))), Names{});
  EXPECT_EQ(names_of(model(graph + tensor("w", ""))), Names{});
  EXPECT_EQ(names_of(model(graph + field(15, field(1, field(8, "w"))))), Names{});
}

TEST(Weights, MayBeUsedInSubgraphsAndHaveNoNamesakeThere) {
  const std::string graph = weight("w");
  const auto in_body = [&](const std::string& body) {
    return names_of(model(graph + node("If", {"c"}, subgraph(body))));
  };
  EXPECT_EQ(in_body(node("MatMul", {"x", "w"})), Names{"w"});
  EXPECT_EQ(in_body(node("If", {"d"}, subgraph(node("MatMul", {"x", "w"})))), Names{"w"});
  EXPECT_EQ(in_body(node("Add", {"x", "w"})), Names{});
  EXPECT_EQ(in_body(node("MatMul", {"x", "w"}) + weight("w")), Names{});
  EXPECT_EQ(in_body(node("MatMul", {"x", "w"}) + input("w")), Names{});
  EXPECT_EQ(in_body(node("MatMul", {"x", "w"}) + node("Constant", {}, field(2, "w"))), Names{});
  // Those of the body are its own.
  EXPECT_EQ(names_of(model(node("If", {"c"}, subgraph(node("MatMul", {"x", "v"}) + weight("v"))))),
            Names{});
}

TEST(Weights, AreAsLargeAsTypeAndDimsSay) {
  const auto of = [](const std::string& content, std::uint64_t type = kFloat) {
    return names_of(model(node("MatMul", {"x", "w"}) + tensor("w", content, type)));
  };
  EXPECT_EQ(of(dims({256}) + raw(1024)), Names{"w"});
  EXPECT_EQ(of(field(1, varint(16) + varint(32)) + raw(2048)), Names{"w"});
  EXPECT_EQ(of(dims({3, 683}) + raw(1025), kInt4), Names{"w"});
  EXPECT_EQ(of(dims({255}) + raw(1020)), Names{});
  EXPECT_EQ(of(dims({16, 32}) + raw(2047)), Names{});
  EXPECT_EQ(of(dims({16, 32}) + raw(2049)), Names{});
  EXPECT_EQ(of(dims({16, 32})), Names{});
  EXPECT_EQ(of(dims({0, 32}) + raw(2048)), Names{});
  EXPECT_EQ(of(dims({static_cast<std::uint64_t>(-16), 32}) + raw(2048)), Names{});
  EXPECT_EQ(of(dims({1ULL << 62U, 4, 512}) + raw(2048)), Names{});
  EXPECT_EQ(of(dims({1ULL << 32U, 1ULL << 32U, 512}) + raw(2048)), Names{});
  EXPECT_EQ(of(dims({2048}) + raw(2048), kString), Names{});
  EXPECT_EQ(of(dims({512}) + raw(2048), 1000), Names{});
  EXPECT_EQ(of(dims({512}) + raw(2048), static_cast<std::uint64_t>(-1)), Names{});
  // Twice, and beside numbers in a list.
  EXPECT_EQ(of(dims({512}) + raw(2048) + raw(2048)), Names{});
  EXPECT_EQ(of(dims({512}) + raw(2048) + field(4, std::string(2048, '\x01'))), Names{});
}

TEST(Weights, MayLieInFilesOfTheirOwn) {
  const auto of = [](const std::string& content) {
    return weights_of(
        model(node("MatMul", {"x", "w"}) + tensor("w", dims({512}) + external(content))));
  };
  const std::string place = entry("location", "model.bin");
  const auto found = of(place + entry("offset", "4096") + entry("length", "2048"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].file, "model.bin");
  EXPECT_EQ(found[0].at, 4096U);
  EXPECT_EQ(found[0].size, 2048U);
  EXPECT_EQ(of(place).size(), 1U);
  EXPECT_EQ(of(place + entry("checksum", "abc")).size(), 1U);
  EXPECT_EQ(of(place + entry("length", "2047")).size(), 0U);
  EXPECT_EQ(of(place + entry("offset", "-1")).size(), 0U);
  EXPECT_EQ(of(place + entry("offset", "99999999999999999999")).size(), 0U);
  EXPECT_EQ(of(place + entry("offset", "")).size(), 0U);
  EXPECT_EQ(of(place + raw(2048)).size(), 0U);
  EXPECT_EQ(of("").size(), 0U);
}

TEST(Weights, OfWhatIsBrokenAreNone) {
  const std::string whole = model(node("MatMul", {"x", "w"}) + weight("w") + input("x"));
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    EXPECT_LE(weights_of(whole.substr(0, size)).size(), 1U);
  }
  EXPECT_EQ(names_of(""), Names{});
  EXPECT_EQ(names_of(whole + field(7, "")), Names{});
  EXPECT_EQ(names_of(field(7, node("MatMul", {"x", "w"}) + weight("w") + "\xFF")), Names{});
  std::string deep = weight("w") + node("MatMul", {"x", "w"});
  for (int i = 0; i < 100; ++i) deep = node("If", {"c"}, subgraph(deep));
  EXPECT_EQ(names_of(model(weight("w") + node("MatMul", {"x", "w"}) + deep)), Names{});
  EXPECT_EQ(names_of(model(weight(std::string(5000, 'w')))), Names{});
}

TEST(Weights, ArePassedOverWhenTheyAreLookedFor) {
  const std::string bytes =
      model(node("MatMul", {"x", "w"}) + tensor("w", dims({1 << 20}) + raw(4U << 20U)));
  CountedBytes source(bytes);
  EXPECT_EQ(find_weights(source).size(), 1U);
  EXPECT_LT(source.count, 20'000U);
}

}  // namespace
}  // namespace infercore
