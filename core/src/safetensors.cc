#include "infercore/safetensors.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "half.h"
#include "infercore/quote.h"
#include "json_reader.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxHeader = std::size_t{16} << 20;
constexpr std::size_t kMaxTensors = 65536;
constexpr std::size_t kMaxRank = 8;
constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxInteger = std::uint64_t{1} << 53;  // beyond, JSON's numbers have gaps

struct DataType {
  std::string_view name;
  std::size_t bytes;
};
constexpr DataType kDataTypes[] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E4M3", 1}, {"F8_E5M2", 1},
    {"U16", 2},  {"I16", 2}, {"F16", 2}, {"BF16", 2},    {"U32", 4},
    {"I32", 4},  {"F32", 4}, {"U64", 8}, {"I64", 8},     {"F64", 8},
};

std::optional<std::size_t> bytes_of(std::string_view dtype) {
  for (const DataType& type : kDataTypes) {
    if (type.name == dtype) return type.bytes;
  }
  return std::nullopt;
}

Status broken(std::string message) {
  return Status(Code::kNotAModel, "expected a safetensors file: " + std::move(message),
                "the file may be cut off, or only point to the real one (Git LFS)");
}

std::uint64_t little_endian_64(const std::uint8_t* bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

/// The header's JSON; the data starts behind it.
Result<std::string_view> header_of(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kLengthBytes) {
    return broken("expected at least 8 bytes, received " + std::to_string(bytes.size()));
  }
  const std::uint64_t length = little_endian_64(bytes.data());
  if (length > bytes.size() - kLengthBytes) {
    return broken("its first 8 bytes announce a header of " + std::to_string(length) +
                  " bytes, the file has " + std::to_string(bytes.size()));
  }
  if (length > kMaxHeader) {
    return Status(Code::kLimitExceeded, "expected a safetensors header of at most " +
                                            std::to_string(kMaxHeader) + " bytes, received " +
                                            std::to_string(length));
  }
  const auto* text = reinterpret_cast<const char*>(bytes.data() + kLengthBytes);
  return std::string_view(text, static_cast<std::size_t>(length));
}

/// Dimensions, and the number of elements they give.
struct Shape {
  std::vector<std::size_t> dims;
  std::uint64_t elements = 1;
};

Result<Shape> read_shape(const std::string& name, JsonValue value) {
  if (!value.is(JsonType::kArray)) return broken("expected a list for the shape of " + name);
  if (value.size() > kMaxRank) {
    return Status(Code::kLimitExceeded, "expected at most " + std::to_string(kMaxRank) +
                                            " dimensions for " + name + ", received " +
                                            std::to_string(value.size()));
  }
  Shape shape;
  for (const JsonValue dim : value) {
    const std::optional<std::uint64_t> size = dim.integer(kMaxInteger);
    if (!size || *size > SIZE_MAX ||
        __builtin_mul_overflow(shape.elements, *size, &shape.elements)) {
      return broken("expected dimensions that memory can hold for " + name);
    }
    shape.dims.push_back(static_cast<std::size_t>(*size));
  }
  return shape;
}

Result<Safetensors::Entry> read_entry(std::string_view name, JsonValue value,
                                      std::span<const std::uint8_t> data) {
  const std::string label = "tensor " + quoted(name);
  const JsonValue dtype = value.get("dtype");
  if (!dtype.is(JsonType::kString)) return broken("expected a dtype for " + label);
  const std::optional<std::size_t> element = bytes_of(dtype.string());
  if (!element) {
    return Status(Code::kUnsupportedComponent,
                  "expected a known dtype for " + label + ", received " + quoted(dtype.string()));
  }
  Result<Shape> shape = read_shape(label, value.get("shape"));
  if (!shape.ok()) return shape.status();

  const JsonValue offsets = value.get("data_offsets");
  const std::optional<std::uint64_t> begin = offsets.at(0).integer(kMaxInteger);
  const std::optional<std::uint64_t> end = offsets.at(1).integer(kMaxInteger);
  if (offsets.size() != 2 || !begin || !end || *begin > *end || *end > data.size()) {
    return broken("expected data_offsets within the file's " + std::to_string(data.size()) +
                  " bytes of data for " + label);
  }
  std::uint64_t size = 0;
  if (__builtin_mul_overflow(shape->elements, std::uint64_t{*element}, &size) ||
      size != *end - *begin) {
    return broken("expected as many bytes as dtype and shape tell for " + label + ", received " +
                  std::to_string(*end - *begin));
  }
  return Safetensors::Entry{
      std::string(name), std::string(dtype.string()), std::move(shape->dims),
      data.subspan(static_cast<std::size_t>(*begin), static_cast<std::size_t>(*end - *begin))};
}

/// The format wants the tensors to fill the data exactly: nothing shared, nothing hidden between.
Status check_layout(const std::vector<Safetensors::Entry>& entries,
                    std::span<const std::uint8_t> data) {
  const std::uint8_t* at = data.data();
  for (const Safetensors::Entry& entry : entries) {
    if (entry.data.data() != at) {
      return broken("expected the data of " + quoted(entry.name) +
                    " right behind that of the tensor before it");
    }
    at += entry.data.size();
  }
  if (at != data.data() + data.size()) return broken("expected no bytes behind the last tensor");
  return {};
}

}  // namespace

Result<Safetensors> Safetensors::parse(std::span<const std::uint8_t> bytes) {
  const Result<std::string_view> header = header_of(bytes);
  if (!header.ok()) return header.status();
  JsonLimits limits;
  limits.depth = 8;
  limits.bytes = kMaxHeader;
  limits.values = kMaxTensors * (kMaxRank + 16);
  limits.code = Code::kNotAModel;
  const Result<JsonDocument> document = JsonDocument::parse(*header, limits);
  if (!document.ok()) return document.status();
  const JsonValue root = document->root();
  if (!root.is(JsonType::kObject)) return broken("expected an object as its header");
  if (root.size() > kMaxTensors) {
    return Status(Code::kLimitExceeded, "expected at most " + std::to_string(kMaxTensors) +
                                            " tensors, received " + std::to_string(root.size()));
  }

  const std::span<const std::uint8_t> data = bytes.subspan(kLengthBytes + header->size());
  Safetensors file;
  for (auto it = root.begin(); it != root.end(); ++it) {
    if (it.key() == "__metadata__") continue;
    Result<Entry> entry = read_entry(it.key(), *it, data);
    if (!entry.ok()) return entry.status();
    file.entries_.push_back(*std::move(entry));
  }
  // Of two that start together the empty one comes first.
  std::stable_sort(file.entries_.begin(), file.entries_.end(), [](const Entry& a, const Entry& b) {
    return a.data.data() != b.data.data() ? a.data.data() < b.data.data()
                                          : a.data.size() < b.data.size();
  });
  if (Status status = check_layout(file.entries_, data); !status.ok()) return status;
  return file;
}

const Safetensors::Entry* Safetensors::find(std::string_view name) const noexcept {
  for (const Entry& entry : entries_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

Result<std::vector<float>> Safetensors::to_floats(const Entry& entry) {
  const std::uint8_t* bytes = entry.data.data();
  const bool single = entry.dtype == "F32";
  const bool half = entry.dtype == "F16";
  if (!single && !half && entry.dtype != "BF16") {
    return Status(Code::kUnsupportedComponent, "expected F32, F16 or BF16 for tensor " +
                                                   quoted(entry.name) + ", received " +
                                                   quoted(entry.dtype));
  }
  std::vector<float> values(entry.data.size() / (single ? 4 : 2));
  // The data need not be aligned; the targets are little-endian, as the format is.
  if (single) {
    if (!values.empty()) std::memcpy(values.data(), bytes, entry.data.size());
    return values;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bits = static_cast<std::uint16_t>(bytes[2 * i] | bytes[2 * i + 1] << 8);
    values[i] = half ? float_of_half(bits) : float_of_bfloat16(bits);
  }
  return values;
}

}  // namespace infercore
