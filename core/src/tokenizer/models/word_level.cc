// Each word is one token.
#include <string>
#include <utility>

#include "tokenizer/models/model.h"
#include "tokenizer/models/vocabulary_fields.h"

namespace infercore {
namespace {

class WordLevel : public Model {
 public:
  WordLevel(Vocabulary vocabulary, std::string_view unk_token)
      : vocabulary_(std::move(vocabulary)), unk_id_(vocabulary_.find(unk_token)) {}

  std::unique_ptr<Workspace> workspace() const override { return std::make_unique<Workspace>(); }

  bool tokenize(std::string_view word, Workspace& workspace,
                std::vector<Token>& tokens) const override {
    const std::uint32_t id = id_of(word);
    workspace.unknown_at = 0;
    if (id == Vocabulary::kNoId) return false;
    tokens.push_back({id, 0, static_cast<std::uint32_t>(word.size()), true});
    return true;
  }
  bool tokenize_ids(std::string_view word, Workspace& workspace,
                    std::vector<std::uint32_t>& ids) const override {
    const std::uint32_t id = id_of(word);
    workspace.unknown_at = 0;
    if (id == Vocabulary::kNoId) return false;
    ids.push_back(id);
    return true;
  }

  std::optional<std::uint32_t> token_to_id(std::string_view token) const override {
    const std::uint32_t id = vocabulary_.find(token);
    return id == Vocabulary::kNoId ? std::nullopt : std::optional(id);
  }
  std::optional<std::string_view> id_to_token(std::uint32_t id) const override {
    return vocabulary_.text(id);
  }
  std::size_t vocab_size() const override { return vocabulary_.size(); }
  std::size_t token_count() const override { return vocabulary_.size(); }
  std::optional<std::uint32_t> unk_id() const override {
    return unk_id_ == Vocabulary::kNoId ? std::nullopt : std::optional(unk_id_);
  }
  std::size_t bytes() const override { return sizeof(*this) + vocabulary_.bytes(); }
  void save(TableWriter& to) const override { vocabulary_.save(to); }

 private:
  std::uint32_t id_of(std::string_view word) const {
    const std::uint32_t id = vocabulary_.find(word);
    return id == Vocabulary::kNoId ? unk_id_ : id;
  }

  Vocabulary vocabulary_;
  std::uint32_t unk_id_;
};

}  // namespace

std::unique_ptr<Model> read_word_level(const Fields& fields) {
  Vocabulary vocabulary = read_vocabulary(fields);
  const std::string_view unk_token = fields.string("unk_token");
  if (!fields.faults().empty()) return nullptr;
  return std::make_unique<WordLevel>(std::move(vocabulary), unk_token);
}

std::unique_ptr<Model> load_word_level(const Fields& fields, TableReader& from) {
  Vocabulary vocabulary = Vocabulary::load(from);
  const std::string_view unk_token = fields.string("unk_token");
  if (!from.ok()) return nullptr;
  return std::make_unique<WordLevel>(std::move(vocabulary), unk_token);
}

}  // namespace infercore
