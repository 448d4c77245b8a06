// Reads Protocol Buffers' wire format, field by field.
//
//   ProtobufReader reader(bytes);
//   while (reader.next()) {
//     if (reader.number() == 1) name = reader.bytes();  // what nobody asks for is skipped
//   }
//   if (!reader.ok()) …                                // broken bytes
//
// A view over the bytes given: nothing is copied, nothing is allocated.
#ifndef INFERCORE_TOKENIZER_FORMATS_PROTOBUF_H_
#define INFERCORE_TOKENIZER_FORMATS_PROTOBUF_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace infercore {

class ProtobufReader {
 public:
  enum class Wire : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  explicit ProtobufReader(std::string_view bytes) : rest_(bytes) {}

  /// Goes to the next field; false at the end, and where the bytes are broken. Groups, which were
  /// given up before there were files of interest here, are passed over.
  bool next();
  /// False once something was broken.
  bool ok() const noexcept { return ok_; }

  std::uint32_t number() const noexcept { return number_; }
  bool is(std::uint32_t number, Wire wire) const noexcept {
    return number_ == number && wire_ == wire;
  }

  // The field's value, each only for its wire type.
  std::uint64_t varint() const noexcept { return value_; }
  std::string_view bytes() const noexcept { return bytes_; }
  float fixed_float() const noexcept;

 private:
  bool fail();
  bool read_varint(std::uint64_t& value);
  bool read_fixed(std::size_t size);
  bool read_field();

  static constexpr int kMaxDepth = 64;

  std::string_view rest_;
  bool ok_ = true;
  int depth_ = 0;  ///< of groups
  std::uint32_t number_ = 0;
  Wire wire_ = Wire::kVarint;
  std::uint64_t value_ = 0;
  std::string_view bytes_;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_FORMATS_PROTOBUF_H_
