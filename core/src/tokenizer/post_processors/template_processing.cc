// Special tokens and texts in an order that the file gives, one for a single text and one for a
// pair.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "tokenizer/post_processors/post_processor.h"

namespace infercore {
namespace {

constexpr std::uint64_t kMaxTypeId = 0xFFFFFFFF;
constexpr std::size_t kMaxPieces = 64;
/// Ids of all special tokens together.
constexpr std::size_t kMaxIds = 1024;
constexpr std::size_t kMaxToken = 4096;

/// What stands for one name: one token as a rule, but it may be several.
struct SpecialToken {
  std::vector<std::uint32_t> ids;
  std::vector<std::string> tokens;
};
using SpecialTokens = std::map<std::string, SpecialToken, std::less<>>;

struct Piece {
  std::size_t sequence = 0;  ///< 0 text, 1 pair; only without a special token
  const SpecialToken* special = nullptr;
  std::uint32_t type_id = 0;
};

class TemplateProcessing : public PostProcessor {
 public:
  TemplateProcessing(SpecialTokens tokens) : tokens_(std::move(tokens)) {}

  /// Reads "single" or "pair".
  void read(const Fields& fields, std::string_view key, std::size_t texts) {
    const JsonValue list = fields.array(key);
    if (list.size() > kMaxPieces) {
      fields.faults().expect(list, "at most " + std::to_string(kMaxPieces) + " pieces",
                             Code::kLimitExceeded);
      return;
    }
    for (const JsonValue value : list) {
      pieces_[texts - 1].push_back(read_piece(value, fields.faults(), texts));
    }
  }

  std::size_t added_tokens(bool pair) const override {
    std::size_t count = 0;
    for (const Piece& piece : pieces_[pair ? 1 : 0]) {
      if (piece.special != nullptr) count += piece.special->ids.size();
    }
    return count;
  }

  bool gives_type_ids() const override {
    return std::any_of(pieces_[0].begin(), pieces_[0].end(),
                       [](const Piece& piece) { return piece.type_id != 0; });
  }

  Status process(std::vector<Draft>& drafts, bool add_special_tokens) const override {
    // In a Sequence another post-processor may have made more of them.
    if (drafts.empty() || drafts.size() > 2) return {};
    std::vector<Draft> result;
    std::size_t copied = 0;
    bool used[2] = {};
    for (const Piece& piece : pieces_[drafts.size() - 1]) {
      if (piece.special == nullptr) {
        Draft& draft = drafts[piece.sequence];
        // A template may name a text many times, but not multiply a long one without end.
        if (std::exchange(used[piece.sequence], true)) copied += draft.weight();
        if (copied > Draft::kMaxOverflow) return Draft::too_much_overflow();
        draft.set_type_ids(piece.type_id);
        draft.set_sequence(piece.sequence);
        result.push_back(draft);
      } else if (add_special_tokens) {
        result.emplace_back(drafts[0].ids_only);
        for (std::size_t i = 0; i < piece.special->ids.size(); ++i) {
          result.back().add_special(piece.special->ids[i], piece.type_id, piece.special->tokens[i]);
        }
      }
    }
    drafts = std::move(result);
    return {};
  }

  std::size_t bytes() const override {
    std::size_t sum = (pieces_[0].capacity() + pieces_[1].capacity()) * sizeof(Piece);
    for (const auto& [name, special] : tokens_) {
      sum += sizeof(std::string) + name.capacity() + sizeof(special) +
             special.ids.capacity() * sizeof(std::uint32_t);
      for (const std::string& token : special.tokens) sum += sizeof(std::string) + token.capacity();
    }
    return sum;
  }

 private:
  Piece read_piece(JsonValue value, Faults& faults, std::size_t texts) const {
    Piece piece;
    const JsonValue sequence = value.get("Sequence");
    const JsonValue special = value.get("SpecialToken");
    if (!sequence.exists() && !special.exists()) {
      faults.expect(value, "an object {\"Sequence\": …} or {\"SpecialToken\": …}");
      return piece;
    }
    const Fields fields(sequence.exists() ? sequence : special, faults);
    piece.type_id = static_cast<std::uint32_t>(fields.integer("type_id", kMaxTypeId));
    const std::string_view id = fields.string("id");
    if (special.exists()) {
      const auto found = tokens_.find(id);
      if (found != tokens_.end()) {
        piece.special = &found->second;
      } else {
        faults.expect(fields.get("id"), "one of the names in special_tokens");
      }
      return piece;
    }
    piece.sequence = id == "B" ? 1 : 0;
    if ((id != "A" && id != "B") || piece.sequence >= texts) {
      faults.expect(fields.get("id"), texts == 1 ? "\"A\"" : "\"A\" or \"B\"");
      piece.sequence = 0;
    }
    return piece;
  }

  SpecialTokens tokens_;
  std::vector<Piece> pieces_[2];  ///< for a text, for a pair
};

SpecialTokens read_special_tokens(const Fields& fields) {
  SpecialTokens tokens;
  const JsonValue all = fields.get("special_tokens");
  if (!all.is(JsonType::kObject)) {
    if (all.exists()) {
      fields.faults().expect(all, "an object");
    } else {
      fields.faults().expect_member(fields.object(), "special_tokens", "an object");
    }
    return tokens;
  }
  std::size_t count = 0;
  for (auto member = all.begin(); member != all.end(); ++member) {
    const Fields entry(*member, fields.faults());
    // One for each token at least: an empty one costs a name.
    count += std::max<std::size_t>({1, entry.get("ids").size(), entry.get("tokens").size()});
    if (count > kMaxIds) {
      fields.faults().expect(
          all, "special tokens with at most " + std::to_string(kMaxIds) + " ids together",
          Code::kLimitExceeded);
      return tokens;
    }
    SpecialToken& token = tokens[std::string(member.key())];
    if (fields.faults().full()) break;
    for (const JsonValue id : entry.array("ids")) {
      const auto integer = id.integer(kMaxTypeId);
      if (!integer) fields.faults().expect(id, "an integer from 0 to 4294967295");
      token.ids.push_back(static_cast<std::uint32_t>(integer.value_or(0)));
    }
    for (const JsonValue text : entry.array("tokens")) {
      const bool fits = text.is(JsonType::kString);
      if (!fits) fields.faults().expect(text, "a string");
      const std::string_view string = fits ? text.string() : std::string_view();
      if (string.size() > kMaxToken) {
        fields.faults().expect(text, "a token of at most " + std::to_string(kMaxToken) + " bytes",
                               Code::kLimitExceeded);
        continue;
      }
      token.tokens.emplace_back(string);
    }
    if (token.ids.size() != token.tokens.size()) {
      fields.faults().expect(entry.get("tokens"), "as many tokens as ids");
    }
  }
  return tokens;
}

}  // namespace

std::unique_ptr<PostProcessor> read_template_processing(const Fields& fields) {
  auto result = std::make_unique<TemplateProcessing>(read_special_tokens(fields));
  result->read(fields, "single", 1);
  result->read(fields, "pair", 2);
  return result;
}

}  // namespace infercore
