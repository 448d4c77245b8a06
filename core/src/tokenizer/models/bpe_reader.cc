// Reads the model BPE of a tokenizer.json.
#include <string>
#include <utility>

#include "tokenizer/models/bpe.h"
#include "tokenizer/models/model.h"
#include "tokenizer/models/vocabulary_fields.h"

namespace infercore {
namespace {

constexpr std::uint32_t kNoId = Vocabulary::kNoId;
constexpr std::size_t kMaxToken = std::size_t{1} << 20;

/// The rules: strings "a b", or arrays ["a", "b"].
class MergeReader {
 public:
  MergeReader(const Fields& fields, const Vocabulary& vocabulary, std::size_t prefix)
      : faults_(fields.faults()), vocabulary_(vocabulary), prefix_(prefix) {
    const JsonValue list = fields.array("merges");
    if (!list.exists()) return;
    merges_.reserve(list.size());
    const bool strings = list.size() > 0 && (*list.begin()).is(JsonType::kString);
    const auto end = list.end();
    for (auto it = list.begin(); it != end && !faults_.full(); ++it) {
      strings ? read_string(*it) : read_pair(*it);
    }
  }

  std::vector<BpeMerge> take() { return std::move(merges_); }

 private:
  void read_string(JsonValue value) {
    if (!value.is(JsonType::kString)) {
      faults_.expect(value, "a string of two tokens with a space between, like the first");
      return;
    }
    const std::string_view text = value.string();
    if (text.substr(0, 8) == "#version") return;
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos) {
      faults_.expect(value, "two tokens with a space between");
      return;
    }
    add(value, text.substr(0, space), text.substr(space + 1));
  }

  void read_pair(JsonValue value) {
    if (value.is(JsonType::kArray) && value.size() == 2) {
      const JsonValue left = *value.begin();
      const JsonValue right = *++value.begin();
      if (left.is(JsonType::kString) && right.is(JsonType::kString)) {
        return add(value, left.string(), right.string());
      }
    }
    faults_.expect(value, "an array of two tokens");
  }

  void add(JsonValue value, std::string_view left, std::string_view right) {
    BpeMerge merge{find(value, left), find(value, right), kNoId,
                   static_cast<std::uint32_t>(merges_.size())};
    if (right.size() < prefix_) {
      faults_.expect(value, "a second token that starts with model.continuing_subword_prefix");
      return;
    }
    made_.assign(left).append(right.substr(prefix_));
    // Training gives the tokens that it makes their ids in the order of the rules.
    if (next_ < vocabulary_.size() && vocabulary_.text_at(next_) == made_ &&
        !vocabulary_.has_shared_ids()) {
      merge.made = next_;
    } else {
      merge.made = find(value, made_);
    }
    next_ = merge.made + 1;
    merges_.push_back(merge);
  }

  std::uint32_t find(JsonValue value, std::string_view token) {
    const std::uint32_t symbol = Bpe::symbol_of(vocabulary_, token);
    if (symbol == kNoId && !faults_.full()) {
      faults_.add(value, Code::kNotATokenizer,
                  "expected tokens of model.vocab that make another one for " +
                      faults_.path_of(value) + ", but the vocabulary has no " + quoted(token, 40));
    }
    return symbol;
  }

  Faults& faults_;
  const Vocabulary& vocabulary_;
  std::size_t prefix_;
  std::string made_;
  std::uint32_t next_ = 0;
  std::vector<BpeMerge> merges_;
};

std::optional<std::string> optional_string(const Fields& fields, std::string_view key) {
  if (fields.get(key).is_null()) return std::nullopt;
  return std::string(fields.string(key));
}

/// Training may leave merges out at random; encoding that does so answers another thing each time.
void check_dropout(const Fields& fields) {
  const JsonValue dropout = fields.get("dropout");
  if (dropout.is_null()) return;
  if (!dropout.is(JsonType::kNumber) || !(dropout.number() >= 0 && dropout.number() <= 1)) {
    fields.faults().expect(dropout, "null or a number from 0 to 1");
  } else if (dropout.number() > 0) {
    fields.faults().expect(dropout,
                           "null or 0 (merges left out at random are for training: encoding would "
                           "answer something else each time)",
                           Code::kUnsupportedComponent);
  }
}

BpeOptions read_options(const Fields& fields) {
  BpeOptions options;
  options.unk_token = optional_string(fields, "unk_token");
  options.prefix = optional_string(fields, "continuing_subword_prefix").value_or("");
  options.suffix = optional_string(fields, "end_of_word_suffix").value_or("");
  options.fuse_unk = fields.boolean("fuse_unk", false);
  options.byte_fallback = fields.boolean("byte_fallback", false);
  options.ignore_merges = fields.boolean("ignore_merges", false);
  return options;
}

}  // namespace

std::unique_ptr<Model> read_bpe(const Fields& fields) {
  check_dropout(fields);
  BpeOptions options = read_options(fields);
  Vocabulary vocabulary = read_vocabulary(fields, kMaxToken);
  if (!fields.faults().empty()) return nullptr;
  const std::vector<BpeMerge> merges =
      MergeReader(fields, vocabulary, options.prefix.size()).take();
  if (!fields.faults().empty()) return nullptr;
  if (!MergeTable::fits(vocabulary.size(), merges.size())) {
    fields.faults().add(fields.get("merges"), Code::kLimitExceeded,
                        "expected fewer than 2^21 tokens and rules each, received " +
                            std::to_string(vocabulary.size()) + " tokens and " +
                            std::to_string(merges.size()) + " rules");
    return nullptr;
  }
  return std::make_unique<Bpe>(std::move(vocabulary), merges, std::move(options));
}

std::unique_ptr<Model> load_bpe(const Fields& fields, TableReader& from) {
  Vocabulary vocabulary = Vocabulary::load(from);
  auto model = std::make_unique<Bpe>(std::move(vocabulary), read_options(fields), from);
  return from.ok() ? std::move(model) : nullptr;
}

}  // namespace infercore
