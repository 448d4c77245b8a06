#include "infercore/model_bytes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "infercore/quote.h"

namespace infercore {
namespace {

constexpr std::size_t kExcerpt = 60;

Status not_a_model(std::string what, std::string hint) {
  return {Code::kNotAModel, "expected an ONNX model, received " + std::move(what), std::move(hint)};
}

std::string excerpt(std::string_view text) {
  text = text.substr(0, text.find_first_of("\r\n"));
  return quoted(text, kExcerpt);
}

// ── Text ─────────────────────────────────────────────────────────────────────────────────────────

/// Without a byte order mark and leading white space.
std::string_view trimmed(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

/// An ONNX file has control bytes from its first one on; no text has.
bool is_text(std::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
  });
}

bool starts_with_folded(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

Status of_lfs_pointer(std::string_view text) {
  const std::size_t at = text.find("\nsize ");
  std::string size;
  if (at != std::string_view::npos) {
    const std::string_view rest = text.substr(at + 6);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits > 0 && digits < 20) size = " of " + std::string(rest.substr(0, digits)) + " bytes";
  }
  return not_a_model("a Git-LFS pointer: a few lines that stand for a file" + size,
                     "`git lfs pull` brings the file itself; from a web page, take its download "
                     "address instead of the raw one");
}

Status of_text(std::string_view whole) {
  const std::string_view text = trimmed(whole);
  if (text.empty()) {
    return not_a_model("white space alone", "bring the file again: nothing of it arrived");
  }
  if (text.starts_with("version https://git-lfs")) return of_lfs_pointer(text);
  for (const char* start : {"<!doctype html", "<html", "<head", "<body", "<script", "<!--"}) {
    if (!starts_with_folded(text, start)) continue;
    return not_a_model("an HTML page (" + excerpt(text) + ")",
                       "the address answered with a page, often «404 not found» or a log-in: open "
                       "it in a browser and take the address of the file itself");
  }
  if (text.front() == '<') {
    return not_a_model("XML or ONNX's text form (" + excerpt(text) + ")",
                       "an answer in XML is often an error of a file store; the model's binary "
                       "form is needed");
  }
  if (text.front() == '{' || text.front() == '[') {
    return not_a_model("JSON (" + excerpt(text) + ")",
                       "it may be a configuration, a tokenizer.json or an error message; in a "
                       "model's folder the ONNX file is mostly onnx/model.onnx");
  }
  return not_a_model("plain text (" + excerpt(text) + ")",
                     "if it was downloaded, the text may be an error message: check the address");
}

// ── Binary files that are known by their first bytes ─────────────────────────────────────────────

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view what;
  std::string_view hint;
};

using namespace std::string_view_literals;

constexpr std::string_view kUnpack = "unpack it first and give the .onnx file inside";
constexpr std::string_view kPicture = "the paths of model and input may be mixed up";
constexpr std::string_view kConvert =
    "convert it to ONNX first (Optimum or torch.onnx.export do that)";

constexpr std::array<Magic, 22> kMagics = {{
    {0, "\x1F\x8B"sv, "gzip-compressed data",
     "decompress it first (gunzip), or let the server "
     "send it with Content-Encoding: gzip"},
    {0, "\x28\xB5\x2F\xFD"sv, "zstd-compressed data", "decompress it first (zstd -d)"},
    {0,
     "\xFD"
     "7zXZ"sv,
     "xz-compressed data", "decompress it first (xz -d)"},
    {0, "BZh"sv, "bzip2-compressed data", "decompress it first (bunzip2)"},
    {0, "PK\x03\x04"sv, "a zip archive (PyTorch and Keras files are such, too)",
     "unpack it if it holds an .onnx file; a PyTorch or Keras model must be converted to ONNX"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive", kUnpack},
    {257, "ustar"sv, "a tar archive", kUnpack},
    {0, "\x89PNG"sv, "a PNG picture", kPicture},
    {0, "\xFF\xD8\xFF"sv, "a JPEG picture", kPicture},
    {0, "GIF8"sv, "a GIF picture", kPicture},
    {8, "WEBP"sv, "a WebP picture", kPicture},
    {0, "%PDF"sv, "a PDF document", kPicture},
    {0, "GGUF"sv, "a GGUF model", "that is llama.cpp's format; an ONNX export of it is needed"},
    {0, "\x89HDF"sv, "an HDF5 file (Keras models are such)", kConvert},
    {4, "TFL3"sv, "a TensorFlow Lite model", "convert it to ONNX first (tf2onnx does that)"},
    {0, "\x93NUMPY"sv, "a NumPy array", "it holds data, not a model"},
    {0, "\x80\x02"sv, "a Python pickle (PyTorch models are such)", kConvert},
    {0, "\x80\x03"sv, "a Python pickle (PyTorch models are such)", kConvert},
    {0, "\x80\x04"sv, "a Python pickle (PyTorch models are such)", kConvert},
    {0, "\x80\x05"sv, "a Python pickle (PyTorch models are such)", kConvert},
    {0,
     "\x7F"
     "ELF"sv,
     "a program or library", "the paths of model and library may be mixed up"},
    {0, "\0asm"sv, "a WebAssembly module", "the paths of model and module may be mixed up"},
}};

std::optional<Status> of_magic(std::string_view head) {
  for (const Magic& magic : kMagics) {
    if (head.size() < magic.offset || !head.substr(magic.offset).starts_with(magic.bytes)) continue;
    return not_a_model(std::string(magic.what), std::string(magic.hint));
  }
  // safetensors: the length of a JSON header as 8 bytes, then the header.
  if (head.size() > 9 && head[8] == '{' && (head[9] == '"' || head[9] == '}') && head[6] == 0 &&
      head[7] == 0) {
    return not_a_model("a safetensors file",
                       "it holds weights without a graph: an ONNX export of the model is needed");
  }
  return {};
}

// ── ModelProto ───────────────────────────────────────────────────────────────────────────────────

enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

/// onnx.proto's ModelProto.
std::optional<WireType> wire_type_of(std::uint64_t field) {
  switch (field) {
    case 1:  // ir_version
    case 5:  // model_version
      return kVarint;
    case 2:   // producer_name
    case 3:   // producer_version
    case 4:   // domain
    case 6:   // doc_string
    case 7:   // graph
    case 8:   // opset_import
    case 14:  // metadata_props
    case 20:  // training_info
    case 25:  // functions
    case 26:  // configuration
      return kBytes;
    default:
      return {};
  }
}

constexpr std::uint64_t kGraph = 7;

/// Reads a file's top-level fields as far as its first bytes reach.
class FieldWalk {
 public:
  FieldWalk(std::string_view head, std::uint64_t size) : head_(head), size_(size) {}

  Status check() {
    while (at_ < head_.size()) {
      const std::optional<std::uint64_t> tag = varint();
      if (!tag) return out_of_bytes();
      Status status = field(*tag >> 3U, static_cast<unsigned>(*tag & 7U));
      if (!status.ok() || done_) return status;
    }
    if (at_ == size_ && !has_graph_) return truncated("its graph is missing");
    return {};
  }

 private:
  Status field(std::uint64_t number, unsigned wire) {
    const std::optional<WireType> expected = wire_type_of(number);
    if (expected ? *expected != wire : (!any_ || number == 0)) return other_protobuf();
    if (wire == kVarint) {
      const std::optional<std::uint64_t> value = varint();
      if (!value) return out_of_bytes();
      any_ = true;
      return {};
    }
    std::uint64_t length = wire == kFixed64 ? 8 : 4;
    if (wire == kBytes) {
      const std::optional<std::uint64_t> read = varint();
      if (!read) return out_of_bytes();
      length = *read;
    } else if (wire != kFixed64 && wire != kFixed32) {
      return other_protobuf();
    }
    if (length > size_ - at_) {
      // A first field that runs past the end says nothing: bytes of any kind look like that.
      if (!any_) return other_protobuf();
      return truncated((number == kGraph ? "its graph needs " : "a field needs ") +
                       std::to_string(length) + " bytes, " + std::to_string(size_ - at_) +
                       " are left");
    }
    if (number == 2 && !is_producer(length)) return other_protobuf();
    any_ = true;
    has_graph_ = has_graph_ || number == kGraph;
    at_ += length;
    done_ = at_ > head_.size();
    return {};
  }

  /// TensorFlow's SavedModel and Core ML's models begin like a ModelProto, with a message where it
  /// has the name of the producing program.
  bool is_producer(std::uint64_t length) const {
    if (length > 1024) return false;
    return is_text(head_.substr(std::min<std::uint64_t>(at_, head_.size()), length));
  }

  /// Absent when the bytes at hand end within it, or it has more than 64 bits.
  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ >= head_.size()) return {};
      const auto byte = static_cast<unsigned char>(head_[at_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    too_long_ = true;
    return {};
  }

  Status out_of_bytes() const {
    if (too_long_) return other_protobuf();
    // The file goes on behind its first bytes, and so far all is well.
    if (head_.size() < size_) return {};
    return any_ ? truncated("it ends within a field") : other_protobuf();
  }

  static Status truncated(const std::string& how) {
    return not_a_model("the beginning of one: the file is cut (" + how + ")",
                       "download or copy it again, and compare its size with the original's");
  }

  Status other_protobuf() const {
    if (!any_) {
      return not_a_model("a binary file of an unknown kind",
                         "an ONNX file is a protobuf message (ModelProto); check the path");
    }
    return not_a_model("a protobuf file that is no ONNX model",
                       "TensorFlow's SavedModel, Core ML's .mlmodel and ONNX's tensor files (.pb) "
                       "look like this; a model must be converted to ONNX first");
  }

  std::string_view head_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  bool any_ = false;
  bool has_graph_ = false;
  bool done_ = false;
  bool too_long_ = false;
};

}  // namespace

Status check_model_bytes(std::span<const std::uint8_t> head, std::uint64_t size) {
  const std::size_t usable = std::min<std::uint64_t>(head.size(), size);
  const std::string_view bytes(reinterpret_cast<const char*>(head.data()), usable);
  if (size == 0) {
    return not_a_model("an empty file (0 bytes)", "bring the file again: nothing of it arrived");
  }
  // Without bytes nothing can be said against the model.
  if (bytes.empty()) return {};
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "ORTM") return {};
  if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; })) {
    return not_a_model("zero bytes where a model begins",
                       "a download or a disk was interrupted: bring the file again");
  }
  if (is_text(bytes)) return of_text(bytes);
  if (std::optional<Status> known = of_magic(bytes)) return *std::move(known);
  // A text may hold a stray control byte; what it begins with says enough.
  const std::string_view text = trimmed(bytes);
  if (text.starts_with("<") || text.starts_with("{\"")) return of_text(bytes);
  return FieldWalk(bytes, size).check();
}

}  // namespace infercore
