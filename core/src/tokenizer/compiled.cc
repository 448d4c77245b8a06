#include "tokenizer/compiled.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace infercore {
namespace {

/// The first byte is no text, line ends would not outlive a copy as text.
constexpr std::array<std::uint8_t, 8> kMagic = {0x89, 'I', 'F', 'C', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t kRecognised = 4;

struct Header {
  std::array<std::uint8_t, 8> magic;
  std::uint32_t format;
  std::uint32_t sections;
  std::uint64_t size;  ///< of all
  std::uint32_t list;  ///< where the list of sections is
  std::uint32_t unused;
};
static_assert(sizeof(Header) == 32);

/// What the list says of a section.
struct Entry {
  std::uint32_t kind;
  std::uint32_t element;  ///< bytes of one element
  std::uint32_t begin;
  std::uint32_t count;
};
static_assert(sizeof(Entry) == 16);

Status refused(std::string_view expected, std::string_view received) {
  std::string message = "the compiled tokenizer can't be read: expected ";
  message.append(expected).append(", received ").append(received);
  return Status(Code::kNotATokenizer, std::move(message),
                "compile it again from what it was made of");
}

std::string bytes_of(std::uint64_t count) { return std::to_string(count) + " bytes"; }

}  // namespace

TableWriter::TableWriter() {
  bytes_.resize(sizeof(Header));
  size_ = sizeof(Header);
}

void TableWriter::append(const void* data, std::size_t size) {
  size_ += size;
  if (size_ > 0xFFFFFFFF || size == 0) return;
  const std::size_t begin = bytes_.size();
  bytes_.resize(begin + size);
  std::memcpy(&bytes_[begin], data, size);
}

void TableWriter::align(std::size_t to) {
  const std::array<std::uint8_t, Blob::kAlignment> zeros{};
  append(zeros.data(), static_cast<std::size_t>(-size_ % to));
}

void TableWriter::add(Section kind, std::size_t element, std::size_t count,
                      const std::uint8_t* data) {
  align(Blob::kAlignment);
  for (const std::uint64_t number :
       {static_cast<std::uint64_t>(kind), std::uint64_t{element}, size_, std::uint64_t{count}}) {
    sections_.push_back(static_cast<std::uint32_t>(number));
  }
  append(data, element * count);
}

void TableWriter::add_numbers(std::initializer_list<std::uint64_t> numbers) {
  add(Section::kNumbers, std::span(numbers.begin(), numbers.size()));
}

Result<std::vector<std::uint8_t>> TableWriter::finish() && {
  align(8);
  Header header{kMagic,
                kCompiledFormat,
                static_cast<std::uint32_t>(sections_.size() / 4),
                0,
                static_cast<std::uint32_t>(size_),
                0};
  append(sections_.data(), sections_.size() * sizeof(std::uint32_t));
  header.size = size_ + 8;
  if (header.size > 0xFFFFFFFF) {
    return Status(Code::kLimitExceeded, "expected tables of less than 4 GB to compile, received " +
                                            std::to_string(header.size) + " bytes");
  }
  std::memcpy(bytes_.data(), &header, sizeof(header));
  const std::uint64_t sum = checksum_of(bytes_);
  append(&sum, sizeof(sum));
  return std::move(bytes_);
}

bool TableReader::recognises(std::span<const std::uint8_t> bytes) noexcept {
  return bytes.size() >= kRecognised &&
         std::equal(kMagic.begin(), kMagic.begin() + kRecognised, bytes.begin());
}

Result<TableReader> TableReader::open(Blob blob) {
  const std::span<const std::uint8_t> bytes = blob.bytes;
  Header header{};
  std::memcpy(&header, bytes.data(), std::min(bytes.size(), sizeof(header)));
  const std::string received = bytes_of(bytes.size());
  if (bytes.size() < sizeof(header) + 8) {
    return refused("at least " + bytes_of(sizeof(header) + 8), received);
  }
  if (header.magic != kMagic) {
    return refused("bytes as they were written", "a copy with other line ends");
  }
  if (header.format != kCompiledFormat) {
    return refused("format " + std::to_string(kCompiledFormat),
                   "format " + std::to_string(header.format) + " of another version of infercore");
  }
  if (header.size != bytes.size()) return refused(bytes_of(header.size), received);
  if (bytes.size() % 8 != 0 || reinterpret_cast<std::uintptr_t>(bytes.data()) % 8 != 0) {
    return refused("words of 8 bytes", received);
  }
  std::uint64_t sum = 0;
  std::memcpy(&sum, bytes.data() + bytes.size() - 8, 8);
  if (sum != blob.checksum) {
    return refused("the checksum of its bytes", "another one: it is damaged");
  }
  const std::uint64_t end =
      std::uint64_t{header.list} + std::uint64_t{header.sections} * sizeof(Entry);
  if (header.list % 8 != 0 || end > bytes.size() - 8) {
    return refused("a list of tables", "none");
  }
  TableReader reader(std::move(blob));
  reader.sections_ = {reinterpret_cast<const std::uint32_t*>(bytes.data() + header.list),
                      std::size_t{header.sections} * 4};
  return reader;
}

TableReader::Part TableReader::next(Section kind, std::size_t element) {
  Entry entry{};
  if (ok() && !sections_.empty()) {
    std::memcpy(&entry, sections_.data(), sizeof(entry));
    sections_ = sections_.subspan(4);
  }
  const std::uint64_t end = entry.begin + std::uint64_t{entry.count} * element;
  expect(entry.kind == static_cast<std::uint32_t>(kind) && entry.element == element &&
             entry.begin % Blob::kAlignment == 0 && end <= blob_.bytes.size(),
         "the list of its tables");
  if (!ok()) return {nullptr, 0};
  return {blob_.bytes.data() + entry.begin, entry.count};
}

Status TableReader::status() const {
  return refused("tables that fit together", "others in " + std::string(wrong_));
}

}  // namespace infercore
