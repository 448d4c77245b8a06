#include "infercore/embedding_tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "onnx_bytes.h"

namespace infercore {
namespace {

std::string attribute(const std::string& name, std::int64_t value) {
  return field(1, name) + field(3, static_cast<std::uint64_t>(value));
}
std::string node(const std::string& op, const std::vector<std::string>& inputs,
                 const std::string& output, const std::string& more = "") {
  std::string bytes;
  for (const std::string& input : inputs) bytes += field(1, input);
  return field(1, bytes + field(2, output) + field(4, op) + more);
}
std::string table(const std::string& name, std::uint64_t rows, std::size_t weights = 64) {
  return field(5, field(1, rows) + field(1, 16) + field(2, 1) + field(8, name) +
                      field(9, std::string(weights, '\x01')));
}
std::string input(const std::string& name) { return field(11, field(1, name)); }

std::string model(const std::string& graph) {
  return field(1, 8) + field(2, "pytorch") + field(7, graph) + field(8, field(2, 17));
}

using Tables = std::vector<std::pair<std::string, std::int64_t>>;

Tables tables_of(CountedBytes& bytes, const std::vector<std::string>& inputs) {
  Tables found;
  for (const EmbeddingTable& table : find_embedding_tables(inputs, bytes)) {
    found.emplace_back(table.input, table.rows);
  }
  return found;
}
Tables tables_of(const std::string& bytes,
                 const std::vector<std::string>& inputs = {"mask", "ids", "types"}) {
  CountedBytes source(bytes);
  return tables_of(source, inputs);
}

TEST(EmbeddingTables, AreFoundByTheInputThatIsLookedUp) {
  const std::string graph = node("Gather", {"words", "ids"}, "word") +
                            node("Gather", {"kinds", "types"}, "type") + table("words", 30522) +
                            table("kinds", 2) + input("ids") + input("types") + input("mask");
  EXPECT_EQ(tables_of(model(graph)), (Tables{{"ids", 30522}, {"types", 2}}));
}

TEST(EmbeddingTables, ThroughIdentityAndCast) {
  const std::string graph = node("Cast", {"ids"}, "ids32", field(5, attribute("to", 6))) +
                            node("Identity", {"ids32"}, "same") +
                            node("Gather", {"words", "same"}, "y") + table("words", 7) +
                            input("ids");
  EXPECT_EQ(tables_of(model(graph)), (Tables{{"ids", 7}}));
}

TEST(EmbeddingTables, AreNoneBehindACastThatMakesOtherValues) {
  const auto found = [](std::uint64_t type) {
    return tables_of(model(node("Cast", {"ids"}, "cast", field(5, attribute("to", type))) +
                           node("Cast", {"cast"}, "ids64", field(5, attribute("to", 7))) +
                           node("Gather", {"words", "ids64"}, "y") + table("words", 7) +
                           input("ids")));
  };
  EXPECT_EQ(found(6).size(), 1U);
  EXPECT_TRUE(found(9).empty());  // bool
  EXPECT_TRUE(found(2).empty());  // uint8
}

TEST(EmbeddingTables, AreAllListed) {
  const std::string graph = node("Gather", {"a", "ids"}, "x") + node("Gather", {"b", "ids"}, "y") +
                            table("a", 9) + table("b", 5) + input("ids");
  EXPECT_EQ(tables_of(model(graph)), (Tables{{"ids", 9}, {"ids", 5}}));
}

TEST(EmbeddingTables, AreNoneWhereAnotherValueIsLookedUp) {
  const std::string end = table("words", 7) + input("ids");
  const std::string added = node("Add", {"ids", "one"}, "next");
  EXPECT_TRUE(tables_of(model(added + node("Gather", {"words", "next"}, "y") + end)).empty());
  // A table that a feed may replace, columns instead of rows, somebody else's Gather, too few
  // inputs.
  const std::string plain = model(node("Gather", {"words", "ids"}, "y") + end);
  EXPECT_EQ(tables_of(plain, {"ids"}).size(), 1U);
  EXPECT_TRUE(tables_of(plain, {"ids", "words"}).empty());
  const std::string axis = field(5, attribute("axis", 1));
  EXPECT_TRUE(tables_of(model(node("Gather", {"words", "ids"}, "y", axis) + end)).empty());
  const std::string own = field(7, "com.example");
  EXPECT_TRUE(tables_of(model(node("Gather", {"words", "ids"}, "y", own) + end)).empty());
  EXPECT_TRUE(tables_of(model(node("Gather", {"words"}, "y") + end)).empty());
  EXPECT_TRUE(tables_of(model(node("Gather", {"other", "ids"}, "y") + end)).empty());
}

TEST(EmbeddingTables, OfAnAxisThatIsNamed) {
  const std::string zero = field(5, attribute("axis", 0)) + field(7, "ai.onnx");
  const std::string graph =
      node("Gather", {"words", "ids"}, "y", zero) + table("words", 7) + input("ids");
  EXPECT_EQ(tables_of(model(graph)), (Tables{{"ids", 7}}));
}

TEST(EmbeddingTables, WithDimsInOneField) {
  const std::string packed = field(1, varint(300) + varint(16)) + field(8, "words");
  const std::string graph = node("Gather", {"words", "ids"}, "y") + field(5, packed) + input("ids");
  EXPECT_EQ(tables_of(model(graph)), (Tables{{"ids", 300}}));
}

TEST(EmbeddingTables, PassOverTheWeights) {
  const std::string graph = node("Gather", {"words", "ids"}, "y") +
                            table("words", 7, std::size_t{1} << 24U) + input("ids");
  const std::string file = model(graph);
  CountedBytes bytes(file);
  EXPECT_EQ(tables_of(bytes, {"ids"}), (Tables{{"ids", 7}}));
  EXPECT_LT(bytes.count, 16384U);
}

TEST(EmbeddingTables, OfACircleOfNamesAreNone) {
  const std::string graph = node("Identity", {"a"}, "b") + node("Identity", {"b"}, "a") +
                            node("Gather", {"words", "a"}, "y") + table("words", 7) + input("ids");
  EXPECT_TRUE(tables_of(model(graph)).empty());
}

TEST(EmbeddingTables, OfMillionsOfNodesAreFoundInTime) {
  std::string graph;
  for (int i = 0; i < 100'000; ++i) {
    graph += node(i % 2 == 0 ? "Identity" : "Gather", {"ids", "ids"}, "same" + std::to_string(i));
  }
  const auto found = tables_of(
      model(graph + node("Gather", {"words", "ids"}, "y") + table("words", 7) + input("ids")));
  EXPECT_EQ(found, (Tables{{"ids", 7}}));
}

TEST(EmbeddingTables, OfABrokenFileAreNone) {
  const std::string whole =
      model(node("Gather", {"words", "ids"}, "y") + table("words", 7) + input("ids"));
  ASSERT_EQ(tables_of(whole).size(), 1U);
  // Behind the graph stands one field of four bytes: before it a cut can't be seen.
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == whole.size() - 4) continue;
    EXPECT_TRUE(tables_of(whole.substr(0, size)).empty()) << size;
  }
  EXPECT_TRUE(tables_of(std::string(100, '\xFF')).empty());
  EXPECT_TRUE(tables_of(whole + whole).empty());
}

TEST(EmbeddingTables, AreNoneWhereTheFileCanNotBeRead) {
  struct Broken : ByteSource {
    Broken() : ByteSource(1000) {}
    bool read(std::uint64_t, std::span<std::uint8_t>) override { return false; }
  } broken;
  EXPECT_TRUE(find_embedding_tables({}, broken).empty());
}

}  // namespace
}  // namespace infercore
