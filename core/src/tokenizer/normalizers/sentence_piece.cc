#include "tokenizer/normalizers/sentence_piece.h"

#include <algorithm>
#include <span>
#include <utility>

#include "tokenizer/formats/format.h"

namespace infercore {
namespace {

/// As for Precompiled: the longest that SentencePiece itself writes has 33 bytes.
constexpr std::size_t kMaxReplacement = 1024;

}  // namespace

Status SentencePieceNormalizer::read_map(std::string_view bytes) {
  if (bytes.empty()) return {};
  map_ = Charsmap::from_bytes(bytes);
  if (!map_) {
    return not_the_format("expected compiled rules as precompiled_charsmap, received ",
                          bytes.size(), " broken bytes");
  }
  if (const std::size_t longest = map_->longest_replacement(); longest > kMaxReplacement) {
    return too_large("replacements in precompiled_charsmap, in bytes,", kMaxReplacement, longest);
  }
  return {};
}

Status SentencePieceNormalizer::make(const SentencePieceRules& rules,
                                     const std::vector<std::string_view>& kept,
                                     std::unique_ptr<Normalizer>& made) {
  std::unique_ptr<SentencePieceNormalizer> normalizer(new SentencePieceNormalizer(rules));
  if (Status status = normalizer->read_map(rules.charsmap); !status.ok()) return status;
  std::vector<Trie::Entry> entries;
  entries.reserve(kept.size());
  for (const std::string_view text : kept) entries.push_back({text, 0, 0});
  normalizer->keeps_ = !kept.empty();
  normalizer->kept_ = Trie(entries);
  made = std::move(normalizer);
  return {};
}

void SentencePieceNormalizer::save(TableWriter& to) const {
  const std::string map = map_ ? map_->to_bytes() : std::string();
  to.add(Section::kCharsmap, std::span<const char>(map));
  kept_.save(to);
}

std::unique_ptr<Normalizer> SentencePieceNormalizer::load(const Fields& fields, TableReader& from) {
  SentencePieceRules rules;
  rules.add_dummy_prefix = fields.boolean("add_dummy_prefix");
  rules.remove_extra_whitespaces = fields.boolean("remove_extra_whitespaces");
  rules.escape_whitespaces = fields.boolean("escape_whitespaces");
  rules.whitespace_as_suffix = fields.boolean("whitespace_as_suffix");
  std::unique_ptr<SentencePieceNormalizer> normalizer(new SentencePieceNormalizer(rules));
  const Table<char> map = from.table<char>(Section::kCharsmap);
  from.expect(normalizer->read_map({map.data(), map.size()}).ok(), "the rules of a normalizer");
  normalizer->kept_ = Trie::load(from, 1, kMaxFileToken);
  normalizer->keeps_ = normalizer->kept_.entry_count() > 0;
  if (!from.ok() || !fields.faults().empty()) return nullptr;
  return normalizer;
}

SentencePieceNormalizer::Part SentencePieceNormalizer::part_at(std::string_view text,
                                                               std::size_t at) const {
  if (keeps_) {
    std::size_t longest = 0;
    std::uint32_t node = Trie::kRoot;
    const std::size_t last = std::min(text.size(), at + kept_.longest());
    for (std::size_t end = at; end < last;) {
      node = kept_.child(node, text[end++]);
      if (node == Trie::kNoId) break;
      // What ends inside a character is no part: only a broken table has such.
      const bool whole =
          end == text.size() || (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
      if (kept_.ends(node) && whole) longest = end - at;
    }
    if (longest > 0) return {longest, text.substr(at, longest), true};
  }
  if (map_) {
    const Charsmap::Rule rule = map_->longest(text.substr(at));
    if (rule.length > 0) return {rule.length, rule.text, false};
  }
  const std::size_t length = unicode::sequence_length(text[at]);
  return {length, text.substr(at, length), true};
}

/// Appends `from` to `to`; each part's origin is what it stands for.
void SentencePieceNormalizer::write(const NormalizedText& from, NormalizedText& to) const {
  const std::string_view text = from.bytes;
  bool after_space = rules_.remove_extra_whitespaces;
  std::size_t at = 0;
  while (after_space && at < text.size()) {
    const Part part = part_at(text, at);
    if (part.text != " ") break;
    at += part.length;
  }
  if (at == text.size()) return;  // nothing but spaces is nothing
  const bool adds_space = rules_.add_dummy_prefix;
  // What is put in front has the origin of the first character.
  if (adds_space && !rules_.whitespace_as_suffix) to.append(space(), from.origin_at(at));
  std::size_t copied = at;  // what stands for itself is copied in one piece
  while (at < text.size() && !to.overflowed) {
    const Part part = part_at(text, at);
    const std::size_t next = at + part.length;
    std::string_view rest = part.text;
    while (after_space && rest.substr(0, 1) == " ") rest.remove_prefix(1);
    const bool same = part.same && rest.size() == part.length &&
                      (!rules_.escape_whitespaces || rest.find(' ') == std::string_view::npos);
    if (!same) {
      to.append_from(from, copied, at);
      copied = next;
      const Origin origin{from.origin_at(at).start, from.origin_at(next - 1).end};
      for (std::size_t i = 0; i < rest.size();) {
        const std::size_t space_at = std::min(rest.find(' ', i), rest.size());
        to.append(rest.substr(i, space_at - i), origin);
        if (space_at < rest.size()) to.append(space(), origin);
        i = space_at + 1;
      }
    }
    if (!rest.empty()) after_space = rest.back() == ' ';
    after_space = after_space && rules_.remove_extra_whitespaces;
    at = next;
  }
  to.append_from(from, copied, at);
  if (rules_.remove_extra_whitespaces) drop_last_spaces(to);
  if (adds_space && rules_.whitespace_as_suffix) {
    to.append(space(), to.origin_before(to.size()));
  }
}

void SentencePieceNormalizer::drop_last_spaces(NormalizedText& text) const {
  const std::string_view last = space();
  std::string_view rest = text.bytes;
  while (rest.size() >= last.size() && rest.substr(rest.size() - last.size()) == last) {
    rest.remove_suffix(last.size());
  }
  text.bytes.resize(rest.size());
  if (text.aligned) text.origins.resize(rest.size());
}

void SentencePieceNormalizer::apply(NormalizedText& text, NormalizedText& spare) const {
  if (text.empty()) return;
  spare.restart(text);
  spare.bytes.reserve(text.size() + text.size() / 2 + 16);
  write(text, spare);
  text.swap(spare);
}

/// An added token is looked for as it is, but for its spaces: it may stand anywhere.
void SentencePieceNormalizer::apply_to_token(NormalizedText& text, NormalizedText& spare) const {
  spare.restart(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.bytes[at] == ' ') {
      spare.append(space(), text.origin_at(at));
    } else {
      spare.append_from(text, at, at + 1);
    }
  }
  text.swap(spare);
}

std::size_t SentencePieceNormalizer::bytes() const {
  return kept_.bytes() + (map_ ? map_->bytes() : 0);
}

}  // namespace infercore
