#include "tokenizer/decoders/sentence_piece.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "tokenizer/normalizers/sentence_piece.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

constexpr std::string_view kSpace = "\u2581";

class SentencePieceDecoder : public Decoder {
 public:
  SentencePieceDecoder(SentencePieceDecoding rules, std::unique_ptr<Normalizer> denormalizer)
      : rules_(std::move(rules)), denormalizer_(std::move(denormalizer)) {}

  Status apply(std::vector<std::string>& tokens, std::size_t limit) const override {
    std::string text;
    std::string bytes;
    bool removed = false;  // a space in front of everything
    for (const std::string& token : tokens) {
      if (const std::optional<char> byte = rules_.byte_fallback ? byte_of(token) : std::nullopt) {
        bytes += *byte;
        continue;
      }
      flush(bytes, text);
      if (token == rules_.unk_piece) {
        text += rules_.unk_surface;
      } else {
        append(token, text.empty() && !removed && rules_.removes_first_space, removed, text);
      }
      if (text.size() > limit) break;
    }
    flush(bytes, text);
    if (denormalizer_ != nullptr && text.size() <= limit) denormalize(text, limit);
    if (text.size() > limit) {
      return Status(Code::kLimitExceeded, "expected tokens of a text of at most " +
                                              std::to_string(limit) +
                                              " bytes, received those of a longer one");
    }
    tokens.clear();
    tokens.push_back(std::move(text));
    return {};
  }

  std::size_t bytes() const override {
    return denormalizer_ == nullptr ? 0 : denormalizer_->bytes();
  }
  void save(TableWriter& to) const override {
    if (denormalizer_ != nullptr) denormalizer_->save(to);
  }

 private:
  static std::optional<char> byte_of(std::string_view token) {
    if (token.size() != 6 || token.substr(0, 3) != "<0x" || token[5] != '>') return std::nullopt;
    const int high = unicode::hex_digit(token[3]);
    const int low = unicode::hex_digit(token[4]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<char>(high * 16 + low);
  }

  /// Bytes that are no character are one U+FFFD each.
  static void flush(std::string& bytes, std::string& text) {
    constexpr std::string_view kReplacement = "\uFFFD";
    for (std::size_t at = 0; at < bytes.size();) {
      const unicode::Character c = unicode::decode_utf8(bytes, at);
      const bool broken =
          c.code == unicode::kReplacement && bytes.compare(at, 3, kReplacement) != 0;
      text += broken ? kReplacement : std::string_view(bytes).substr(at, c.units);
      at += broken ? 1 : c.units;
    }
    bytes.clear();
  }

  void append(std::string_view token, bool first, bool& removed, std::string& text) const {
    if (first && token.substr(0, kSpace.size()) == kSpace) {
      token.remove_prefix(kSpace.size());
      removed = !rules_.removes_more;
    }
    while (!token.empty()) {
      const std::size_t at = std::min(token.find(kSpace), token.size());
      text.append(token.substr(0, at));
      if (at == token.size()) return;
      text += ' ';
      token.remove_prefix(at + kSpace.size());
    }
  }

  void denormalize(std::string& text, std::size_t limit) const {
    NormalizedText whole(false);
    NormalizedText spare(false);
    whole.assign(TextView(std::string_view(text)), 0, text.size());
    whole.limit = spare.limit = limit;
    denormalizer_->apply(whole, spare);
    text = std::move(whole.bytes);
    if (whole.overflowed) text.assign(limit + 1, ' ');
  }

  SentencePieceDecoding rules_;
  std::unique_ptr<Normalizer> denormalizer_;
};

}  // namespace

std::unique_ptr<Decoder> make_sentence_piece_decoder(SentencePieceDecoding rules,
                                                     std::unique_ptr<Normalizer> denormalizer) {
  return std::make_unique<SentencePieceDecoder>(std::move(rules), std::move(denormalizer));
}

std::unique_ptr<Decoder> load_sentence_piece_decoder(const Fields& fields, TableReader& from) {
  SentencePieceDecoding rules;
  rules.unk_piece = fields.string("unk_piece");
  rules.unk_surface = fields.string("unk_surface");
  rules.byte_fallback = fields.boolean("byte_fallback");
  rules.removes_first_space = fields.boolean("removes_first_space");
  rules.removes_more = fields.boolean("removes_more");
  std::unique_ptr<Normalizer> denormalizer;
  if (const JsonValue value = fields.get("denormalizer"); !value.is_null()) {
    denormalizer = SentencePieceNormalizer::load(Fields(value, fields.faults()), from);
    if (denormalizer == nullptr) return nullptr;
  }
  return make_sentence_piece_decoder(std::move(rules), std::move(denormalizer));
}

}  // namespace infercore
