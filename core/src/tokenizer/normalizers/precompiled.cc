// SentencePiece's compiled rules, applied to grapheme clusters.
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tokenizer/normalizers/charsmap.h"
#include "tokenizer/normalizers/normalizer.h"
#include "unicode/grapheme.h"
#include "unicode/normalization.h"

namespace infercore {
namespace {

/// Longer clusters are taken character by character.
constexpr std::size_t kMaxCluster = 6;
/// The longest that SentencePiece itself writes has 33 bytes.
constexpr std::size_t kMaxReplacement = 1024;

int count_characters(std::string_view text) {
  int count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

/// Writes the new text. The origins follow the reference implementation: of a longer replacement
/// the last characters count as inserted; of a shorter one the last character, or what was written
/// before it, takes the rest along. Where nothing was written before, the rest stays, and every
/// origin from there on lags behind.
class Writer {
 public:
  Writer(const NormalizedText& from, NormalizedText& to)
      : from_(from), to_(to), rewriter_(from, 0, to) {}

  void copy(std::size_t begin, std::size_t end) {
    if (!from_.aligned) return to_.append_from(from_, begin, end);
    while (begin < end) {
      push(unicode::decode_valid(&from_.bytes[begin]), 0);
      begin += unicode::sequence_length(from_.bytes[begin]);
    }
  }
  void replace(std::string_view old, std::string_view by) {
    if (!from_.aligned) return to_.append(by, {0, 0});
    const int olds = count_characters(old);
    int index = 0;
    for (std::size_t at = 0; at < by.size(); at += unicode::sequence_length(by[at]), ++index) {
      push(unicode::decode_valid(&by[at]), index < olds ? 0 : 1);
    }
    if (index < olds) last_.changes -= olds - index;
  }
  void finish() {
    if (has_last_) rewriter_.push(last_.code, last_.changes);
  }

 private:
  void push(char32_t code, int changes) {
    finish();
    last_ = {code, changes};
    has_last_ = true;
  }

  const NormalizedText& from_;
  NormalizedText& to_;
  Rewriter rewriter_;
  unicode::Change last_{0, 0};  ///< what comes next may still change it
  bool has_last_ = false;
};

class Precompiled : public Normalizer {
 public:
  explicit Precompiled(Charsmap map) : map_(std::move(map)) {}

  void apply(NormalizedText& text, NormalizedText& spare) const override {
    const std::string_view bytes = text.bytes;
    spare.restart(text);
    spare.bytes.reserve(bytes.size());
    Writer writer(text, spare);
    bool changed = false;
    std::size_t done = 0;
    const auto replace = [&](std::size_t begin, std::size_t end, std::string_view by) {
      writer.copy(done, begin);
      writer.replace(bytes.substr(begin, end - begin), by);
      done = end;
      changed = true;
    };
    for (std::size_t at = plain_run(bytes, 0); at < bytes.size() && !spare.overflowed;) {
      const std::size_t end = cluster_end(bytes, at);
      const std::string_view cluster = bytes.substr(at, end - at);
      if (const auto by = end - at < kMaxCluster ? map_.find(cluster) : std::nullopt) {
        replace(at, end, *by);
      } else {
        for (std::size_t c = at; c < end;) {
          const std::size_t next = c + unicode::sequence_length(bytes[c]);
          if (const auto one = map_.find(bytes.substr(c, next - c))) replace(c, next, *one);
          c = next;
        }
      }
      at = plain_run(bytes, end);
    }
    if (!changed) return;
    writer.copy(done, bytes.size());
    writer.finish();
    text.swap(spare);
  }

  std::size_t bytes() const override { return map_.bytes(); }

 private:
  static bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

  /// Where the run of ASCII ends that stands for itself: what nothing can join and no rule changes.
  std::size_t plain_run(std::string_view bytes, std::size_t at) const {
    while (at < bytes.size() && is_ascii(bytes[at]) && !map_.changes_ascii(bytes[at]) &&
           (at + 1 == bytes.size() || is_ascii(bytes[at + 1])) && bytes[at] != '\r') {
      ++at;
    }
    return at;
  }

  static std::size_t cluster_end(std::string_view bytes, std::size_t at) {
    const bool alone = is_ascii(bytes[at]) && at + 1 < bytes.size() && is_ascii(bytes[at + 1]);
    return alone && bytes[at] != '\r' ? at + 1 : unicode::grapheme_end(bytes, at);
  }

  Charsmap map_;
};

}  // namespace

std::unique_ptr<Normalizer> read_precompiled(const Fields& fields) {
  const std::string_view text = fields.string("precompiled_charsmap");
  std::optional<Charsmap> map = Charsmap::from_base64(text);
  if (!map) {
    const JsonValue value = fields.get("precompiled_charsmap");
    if (value.is(JsonType::kString))
      fields.faults().expect(value, "SentencePiece's rules in base64");
    return nullptr;
  }
  if (const std::size_t longest = map->longest_replacement(); longest > kMaxReplacement) {
    const JsonValue value = fields.get("precompiled_charsmap");
    fields.faults().add(value, Code::kLimitExceeded,
                        "expected replacements of at most " + std::to_string(kMaxReplacement) +
                            " bytes in " + fields.faults().path_of(value) + ", received one of " +
                            std::to_string(longest));
    return nullptr;
  }
  return std::make_unique<Precompiled>(*std::move(map));
}

}  // namespace infercore
