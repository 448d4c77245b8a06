#include "infercore/model_bytes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

namespace infercore {
namespace {

using namespace std::string_view_literals;

Status check(std::string_view bytes, std::uint64_t size) {
  return check_model_bytes({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                           size);
}
Status check(std::string_view bytes) { return check(bytes, bytes.size()); }

/// ir_version 8, producer_name "pytorch", a graph of `graph` bytes, opset_import 17.
std::string model(std::size_t graph) {
  std::string bytes = "\x08\x08\x12\x07pytorch\x3A";
  std::size_t length = graph;
  for (; length >= 0x80; length >>= 7U) bytes += static_cast<char>((length & 0x7FU) | 0x80U);
  bytes += static_cast<char>(length);
  bytes += std::string(graph, '\x01');
  return bytes + "\x42\x02\x10\x11";
}

TEST(ModelBytes, OfAModel) {
  EXPECT_TRUE(check(model(10)).ok());
  EXPECT_TRUE(check(model(100000)).ok());
  const std::string whole = model(100000);
  // Any number of first bytes will do.
  for (std::size_t head = 0; head < 40; ++head) {
    EXPECT_TRUE(check(std::string_view(whole).substr(0, head), whole.size()).ok()) << head;
  }
  EXPECT_TRUE(check(std::string_view(whole).substr(0, kModelHeadBytes), whole.size()).ok());
}

TEST(ModelBytes, OfAModelWithFieldsInAnotherOrder) {
  EXPECT_TRUE(check("\x42\x02\x10\x11\x08\x08\x3A\x01\x01"sv).ok());
  // A field that is newer than this table.
  EXPECT_TRUE(check("\x08\x08\xF2\x01\x02zz\x3A\x01\x01"sv).ok());
}

TEST(ModelBytes, OfOnnxRuntimesOwnFormat) { EXPECT_TRUE(check("\x14\0\0\0ORTM\0\0\0\0"sv).ok()); }

TEST(ModelBytes, CutAnywhereIsNoModel) {
  const std::string whole = model(300);
  const std::size_t end_of_graph = whole.size() - 4;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // Between two fields a cut can't be seen.
    if (size == end_of_graph) continue;
    EXPECT_EQ(check(std::string_view(whole).substr(0, size)).code(), Code::kNotAModel) << size;
  }
  const Status status = check(std::string_view(whole).substr(0, 100));
  EXPECT_EQ(status.message(),
            "expected an ONNX model, received the beginning of one: the file is cut (its graph "
            "needs 300 bytes, 86 are left)");
  EXPECT_FALSE(status.hint().empty());
}

TEST(ModelBytes, CutBehindTheHead) {
  const std::string whole = model(100000);
  EXPECT_EQ(check(std::string_view(whole).substr(0, 4096), 50000).code(), Code::kNotAModel);
}

struct Case {
  std::string_view bytes;
  std::string_view message;  ///< a part of it
};

class ModelBytesOf : public testing::TestWithParam<Case> {};

TEST_P(ModelBytesOf, SaysWhatItIs) {
  const Status status = check(GetParam().bytes);
  EXPECT_EQ(status.code(), Code::kNotAModel);
  EXPECT_NE(status.message().find(GetParam().message), std::string::npos) << status.message();
  EXPECT_FALSE(status.hint().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Files, ModelBytesOf,
    testing::Values(
        Case{""sv, "an empty file (0 bytes)"}, Case{"\0\0\0\0\0\0\0\0\0\0"sv, "zero bytes"},
        Case{"<!DOCTYPE html>\n<html><body>404</body></html>"sv,
             "an HTML page (\"<!DOCTYPE html>\")"},
        Case{"\xEF\xBB\xBF  \n<HTML lang=en>"sv, "an HTML page"},
        Case{"<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>"sv, "XML"},
        Case{"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90405214\n"sv,
             "a Git-LFS pointer: a few lines that stand for a file of 90405214 bytes"},
        Case{"version https://git-lfs.github.com/spec/v1\n"sv, "a Git-LFS pointer"},
        Case{"{\"error\": \"not found\"}"sv, "JSON (\"{\"error\": "}, Case{"[1, 2]"sv, "JSON"},
        Case{"Not Found"sv, "plain text (\"Not Found\")"}, Case{" \n \n"sv, "white space"},
        Case{"\x1F\x8B\x08\0\0\0"sv, "gzip"}, Case{"PK\x03\x04\x14\0\0\0"sv, "a zip archive"},
        Case{"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv, "a PNG picture"},
        Case{"\xFF\xD8\xFF\xE0\0\x10JFIF"sv, "a JPEG picture"},
        Case{"GGUF\x03\0\0\0\0\0"sv, "a GGUF model"},
        Case{"\x40\0\0\0\0\0\0\0{\"weight\":{}}"sv, "a safetensors file"},
        Case{"\x80\x02}q\0."sv, "a Python pickle"},
        Case{"\x1C\0\0\0TFL3\x14\0"sv, "a TensorFlow Lite model"},
        Case{"\x89HDF\r\n\x1A\n"sv, "an HDF5 file"},
        // SavedModel: version 1, then a message that begins with its own first field.
        Case{"\x08\x01\x12\x08\x0A\x06\x12\x02xy\x1A\0"sv, "a protobuf file that is no ONNX"},
        // A TensorProto: dims 2, data_type 1.
        Case{"\x08\x02\x10\x01\x4A\x08\0\0\0\0\0\0\0\0"sv, "a protobuf file that is no ONNX"},
        Case{"\x07\xFE\xC0\xDE\x99"sv, "a binary file of an unknown kind"},
        Case{"\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv, "a binary file"},
        Case{"\x08\x08\x42\x02\x10\x11"sv, "its graph is missing"}));

TEST(ModelBytes, LengthsThatOverflowAreHarmless) {
  EXPECT_EQ(check("\x08\x08\x3A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv, 1U << 30U).code(),
            Code::kNotAModel);
}

TEST(ModelBytes, AHeadLongerThanTheFileIsCut) {
  const std::string whole = model(100);
  EXPECT_EQ(check(whole, 50).code(), Code::kNotAModel);
}

}  // namespace
}  // namespace infercore
