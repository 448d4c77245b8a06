// The fields of protobuf messages in a file that need not be in memory.
//
//   protobuf::Window window(file);
//   protobuf::Message model(window, {0, file.size()});
//   while (model.next()) {
//     if (model.bytes_number() == 7) read_graph(model.bytes());
//   }
//   if (!model.ok()) …  // it is broken
#ifndef INFERCORE_SRC_PROTOBUF_MESSAGE_H_
#define INFERCORE_SRC_PROTOBUF_MESSAGE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "infercore/byte_source.h"

namespace infercore::protobuf {

/// Names are shorter, in every file of a real model.
inline constexpr std::uint64_t kLongestName = 4096;

struct Range {
  std::uint64_t begin;
  std::uint64_t end;
};

/// The file through a window that moves over it.
class Window {
 public:
  explicit Window(ByteSource& source) : source_(source) {}

  bool byte(std::uint64_t at, std::uint8_t& value) {
    if (at < begin_ || at >= begin_ + length_) {
      begin_ = at;
      length_ =
          static_cast<std::size_t>(std::min<std::uint64_t>(bytes_.size(), source_.size() - at));
      if (!source_.read(begin_, {bytes_.data(), length_})) {
        length_ = 0;
        return false;
      }
    }
    value = bytes_[static_cast<std::size_t>(at - begin_)];
    return true;
  }

  bool text(const Range& range, std::string& text) {
    if (range.end - range.begin > kLongestName) return false;
    text.clear();
    for (std::uint64_t at = range.begin; at < range.end; ++at) {
      std::uint8_t value = 0;
      if (!byte(at, value)) return false;
      text.push_back(static_cast<char>(value));
    }
    return true;
  }

 private:
  ByteSource& source_;
  std::uint64_t begin_ = 0;
  std::size_t length_ = 0;
  std::array<std::uint8_t, 4096> bytes_;
};

/// The fields of one protobuf message, one after the other.
class Message {
 public:
  Message(Window& window, const Range& range)
      : window_(window), at_(range.begin), end_(range.end) {}

  /// False at the end, and where it is broken: then ok() is false.
  bool next() {
    if (at_ == end_ || !ok_) return false;
    std::uint64_t tag = 0;
    if (!varint(tag)) return ok_ = false;
    number_ = tag >> 3;
    is_bytes_ = false;
    switch (tag & 7) {
      case 0:
        return ok_ = varint(value_);
      case 1:
        return ok_ = skip(8);
      case 2:
        is_bytes_ = true;
        return ok_ = varint(value_) && skip(value_);
      case 5:
        return ok_ = skip(4);
      default:
        return ok_ = false;
    }
  }

  /// For a field of bytes that holds numbers alone: the next one is value().
  bool next_number() {
    if (at_ == end_ || !ok_) return false;
    return ok_ = varint(value_);
  }

  bool ok() const { return ok_; }
  /// Of a field of bytes; 0 for one of numbers, so that a wrong kind is a field nobody knows.
  std::uint64_t bytes_number() const { return is_bytes_ ? number_ : 0; }
  std::uint64_t varint_number() const { return is_bytes_ ? 0 : number_; }
  std::uint64_t value() const { return value_; }
  Range bytes() const { return {at_ - value_, at_}; }
  bool text(std::string& text) { return ok_ = window_.text(bytes(), text); }
  bool first_varint(std::uint64_t& value) {
    Message inside(window_, bytes());
    return inside.varint(value);
  }

 private:
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      if (at_ == end_ || !window_.byte(at_++, byte)) return false;
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool skip(std::uint64_t length) {
    if (length > end_ - at_) return false;
    at_ += length;
    return true;
  }

  Window& window_;
  std::uint64_t at_;
  std::uint64_t end_;
  std::uint64_t number_ = 0;
  std::uint64_t value_ = 0;
  bool is_bytes_ = false;
  bool ok_ = true;
};

}  // namespace infercore::protobuf

#endif  // INFERCORE_SRC_PROTOBUF_MESSAGE_H_
