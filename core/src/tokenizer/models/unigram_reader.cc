// Reads the model Unigram of a tokenizer.json, and builds its tables.
#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "tokenizer/models/unigram.h"

namespace infercore {
namespace {

/// How much worse than the worst piece an unknown character is.
constexpr double kUnknownPenalty = 10.0;

// Every place of a text is looked at for the length of the longest piece, and each byte of a piece
// may be a node.
constexpr std::size_t kMaxPiece = 1024;
constexpr std::size_t kMaxTexts = std::size_t{32} << 20;

void check_sizes(JsonValue vocab, const std::vector<UnigramPiece>& pieces, Faults& faults) {
  std::size_t longest = 0;
  std::size_t total = 0;
  for (const UnigramPiece& piece : pieces) {
    longest = std::max(longest, piece.text.size());
    total += piece.text.size();
  }
  if (longest > kMaxPiece) {
    faults.add(vocab, Code::kLimitExceeded,
               "expected pieces of at most " + std::to_string(kMaxPiece) + " bytes in " +
                   faults.path_of(vocab) + ", received one of " + std::to_string(longest));
  }
  if (total > kMaxTexts) {
    faults.add(vocab, Code::kLimitExceeded,
               "expected pieces of at most " + std::to_string(kMaxTexts) + " bytes together in " +
                   faults.path_of(vocab) + ", received " + std::to_string(total));
  }
}

/// One entry of "vocab": a piece and its score.
bool read_piece(JsonValue entry, Faults& faults, UnigramPiece& piece) {
  if (!entry.is(JsonType::kArray) || entry.size() != 2) {
    faults.expect(entry, "an array of a piece and its score");
    return false;
  }
  const JsonValue text = *entry.begin();
  const JsonValue score = *++entry.begin();
  if (!text.is(JsonType::kString)) faults.expect(text, "a string");
  if (!score.is(JsonType::kNumber)) faults.expect(score, "a number");
  if (!text.is(JsonType::kString) || !score.is(JsonType::kNumber)) return false;
  piece = {text.string(), score.number()};
  return true;
}

std::optional<std::uint32_t> read_unk_id(const Fields& fields) {
  const std::optional<std::uint64_t> id = fields.optional_integer("unk_id", 0xFFFFFFFE);
  return id ? std::optional(static_cast<std::uint32_t>(*id)) : std::nullopt;
}

}  // namespace

Unigram::Unigram(const std::vector<UnigramPiece>& pieces, std::optional<std::uint32_t> unk_id,
                 bool byte_fallback, bool single_precision)
    : unk_id_(unk_id), byte_fallback_(byte_fallback), single_precision_(single_precision) {
  std::size_t size = 0;
  for (const UnigramPiece& piece : pieces) size += piece.text.size();
  std::vector<char> texts;
  std::vector<std::uint32_t> ends;
  texts.reserve(size);
  ends.reserve(pieces.size());
  std::vector<Trie::Entry> entries;
  entries.reserve(pieces.size());
  std::vector<Trie::Entry> names;
  double worst = std::numeric_limits<double>::infinity();
  for (const UnigramPiece& piece : pieces) {
    const auto id = static_cast<std::uint32_t>(ends.size());
    texts.insert(texts.end(), piece.text.begin(), piece.text.end());
    ends.push_back(static_cast<std::uint32_t>(texts.size()));
    const bool searched = piece.use != UnigramPiece::Use::kNamed;
    (searched ? entries : names).push_back({piece.text, piece.score, id});
    if (piece.use == UnigramPiece::Use::kSearched) worst = std::min(worst, piece.score);
  }
  texts_ = Table<char>::copy_of(texts);
  ends_ = Table<std::uint32_t>::copy_of(ends);
  trie_ = Trie(entries);
  names_ = Trie(names);
  token_count_ = trie_.entry_count() + names_.entry_count();
  unk_score_ = worst - kUnknownPenalty;
  if (single_precision) unk_score_ = static_cast<float>(unk_score_);
  find_bytes();
}

void Unigram::find_bytes() {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char name[] = {'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'};
    byte_ids_[byte] = find({name, sizeof(name)});
  }
}

std::unique_ptr<Model> read_unigram(const Fields& fields) {
  const JsonValue vocab = fields.array("vocab");
  std::vector<UnigramPiece> pieces;
  pieces.reserve(vocab.size());
  UnigramPiece piece{};
  for (const JsonValue entry : vocab) {
    if (fields.faults().full()) break;
    if (read_piece(entry, fields.faults(), piece)) pieces.push_back(piece);
  }
  check_sizes(vocab, pieces, fields.faults());
  const bool byte_fallback = fields.boolean("byte_fallback", false);
  const std::optional<std::uint32_t> unk_id = read_unk_id(fields);
  if (unk_id && *unk_id >= vocab.size() && vocab.exists()) {
    fields.faults().expect(fields.get("unk_id"),
                           "the index of one of the " + std::to_string(vocab.size()) + " pieces");
  }
  if (!fields.faults().empty()) return nullptr;
  return std::make_unique<Unigram>(pieces, unk_id, byte_fallback);
}

std::unique_ptr<Model> load_unigram(const Fields& fields, TableReader& from) {
  const bool byte_fallback = fields.boolean("byte_fallback", false);
  auto model = std::make_unique<Unigram>(from, read_unk_id(fields), byte_fallback);
  return from.ok() ? std::move(model) : nullptr;
}

}  // namespace infercore
