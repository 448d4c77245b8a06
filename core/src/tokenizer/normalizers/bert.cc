// BERT's cleaning: control characters go, blanks become spaces, Chinese characters get spaces
// around, accents go, upper case becomes lower case; each where the file asks for it.
#include <string_view>
#include <vector>

#include "tokenizer/normalizers/normalizer.h"
#include "unicode/character_class.h"
#include "unicode/lowercase.h"
#include "unicode/normalization.h"

namespace infercore {
namespace {

using unicode::CharacterClass;

struct BertFields {
  bool clean_text;
  bool handle_chinese_chars;
  bool strip_accents;
  bool lowercase;
};

/// The blocks that the reference implementation takes for Chinese: its gap before U+2B920 is a slip
/// that models were trained with.
bool is_chinese(char32_t c) noexcept {
  if (c < 0x3400) return false;
  return c <= 0x4DBF || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2B81F) ||
         (c >= 0x2B920 && c <= 0x2CEAF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

class Bert : public Normalizer {
 public:
  explicit Bert(BertFields fields) : fields_(fields) {}

  void apply(NormalizedText& text, NormalizedText& spare) const override {
    if (!map_ascii(text.bytes)) return;
    if (fields_.clean_text || fields_.handle_chinese_chars) clean(text, spare);
    if (fields_.strip_accents || fields_.lowercase) fold(text, spare);
  }

 private:
  /// All that maps one ASCII character to another, in place. True when there is more to do: other
  /// characters, or some that go.
  bool map_ascii(std::string& bytes) const {
    const unsigned char lower = fields_.lowercase ? 'a' - 'A' : 0;
    const unsigned char first = fields_.clean_text ? ' ' : 0;
    const unsigned char blank = fields_.clean_text ? ' ' : '\t';
    unsigned char rest = 0;
    // Without branches, which compilers make 16 and more characters a step of.
    for (char& byte : bytes) {
      auto c = static_cast<unsigned char>(byte);
      c = static_cast<unsigned char>(c + (static_cast<unsigned char>(c - 'A') < 26 ? lower : 0));
      c = blank == ' ' && (c == '\t' || c == '\n' || c == '\r') ? blank : c;
      rest |= static_cast<unsigned char>(c - first) >= 0x7F - first ? 1 : 0;
      byte = static_cast<char>(c);
    }
    return rest != 0;
  }

  /// ASCII that no cleaning touches.
  static bool is_plain(char byte) { return byte >= ' ' && byte < 0x7F; }

  /// What takes characters away or puts spaces in.
  void clean(NormalizedText& text, NormalizedText& spare) const {
    const std::string_view bytes = text.bytes;
    spare.restart(text);
    std::size_t done = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      if (is_plain(bytes[at])) {
        ++at;
        continue;
      }
      const char32_t code = unicode::decode_valid(&bytes[at]);
      const std::uint8_t classes = unicode::classes_of(code);
      const std::size_t next = at + unicode::sequence_length(bytes[at]);
      const bool dropped = fields_.clean_text &&
                           ((classes & CharacterClass::kControl) != 0 || code == 0xFFFD) &&
                           code != '\t' && code != '\n' && code != '\r';
      const bool blank =
          fields_.clean_text && !dropped && code != ' ' && (classes & CharacterClass::kSpace) != 0;
      const bool chinese = fields_.handle_chinese_chars && is_chinese(code);
      if (dropped || blank || chinese) {
        spare.append_from(text, done, at);
        if (blank || chinese) spare.append(U' ', text.origin_at(at));
        if (chinese) {
          spare.append_from(text, at, next);
          spare.append(U' ', text.origin_at(at));
        }
        done = next;
      }
      at = next;
    }
    if (done == 0) return;
    spare.append_from(text, done, bytes.size());
    text.swap(spare);
  }

  /// Accents and case of what is not ASCII.
  void fold(NormalizedText& text, NormalizedText& spare) const {
    const std::uint8_t accents =
        fields_.strip_accents ? CharacterClass::kNfdActive | CharacterClass::kNonspacing : 0;
    const std::uint8_t cased = fields_.lowercase ? CharacterClass::kCased : 0;
    const std::string_view bytes = text.bytes;
    std::vector<unicode::Change> work;
    std::vector<unicode::Change> changes;
    spare.restart(text);
    std::size_t done = 0;
    for (std::size_t at = unicode::ascii_run(bytes, 0); at < bytes.size();
         at += unicode::ascii_run(bytes, at)) {
      const char32_t code = unicode::decode_valid(&bytes[at]);
      const std::uint8_t classes = unicode::classes_of(code);
      std::size_t next = at + unicode::sequence_length(bytes[at]);
      if ((classes & (accents | cased)) != 0) {
        spare.append_from(text, done, at);
        if ((classes & accents) != 0) {
          next = end_of(accents, bytes, next);
          changes.clear();
          unicode::normalize(unicode::Form::kNFD, bytes.substr(at, next - at), work, changes);
          strip(changes, Rewriter(text, at, spare));
        } else {
          spare.append(unicode::to_lower(code), text.origin_at(at));
          if (code == 0x130) spare.append(U'\x307', text.origin_at(at));
        }
        done = next;
      }
      at = next;
    }
    if (done == 0) return;
    spare.append_from(text, done, bytes.size());
    text.swap(spare);
  }

  /// The end of the run of characters of some of `classes` that goes on at `at`.
  static std::size_t end_of(std::uint8_t classes, std::string_view bytes, std::size_t at) {
    while (at < bytes.size() &&
           (unicode::classes_of(unicode::decode_valid(&bytes[at])) & classes) != 0) {
      at += unicode::sequence_length(bytes[at]);
    }
    return at;
  }

  void strip(const std::vector<unicode::Change>& changes, Rewriter rewriter) const {
    for (const unicode::Change& c : changes) {
      if ((unicode::classes_of(c.code) & CharacterClass::kNonspacing) != 0) {
        rewriter.leave_out(c.changes);
      } else {
        rewriter.push(fields_.lowercase ? unicode::to_lower(c.code) : c.code, c.changes);
      }
    }
  }

  BertFields fields_;
};

}  // namespace

std::unique_ptr<Normalizer> read_bert_normalizer(const Fields& fields) {
  BertFields read{};
  read.clean_text = fields.boolean("clean_text");
  read.handle_chinese_chars = fields.boolean("handle_chinese_chars");
  read.lowercase = fields.boolean("lowercase");
  read.strip_accents = fields.boolean("strip_accents", read.lowercase);
  return std::make_unique<Bert>(read);
}

}  // namespace infercore
