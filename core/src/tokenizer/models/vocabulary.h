// The tokens of a model, both ways: text to id and id to text.
//
//   VocabularyBuilder builder;
//   builder.add("the", 7);
//   const Vocabulary vocabulary = std::move(builder).finish();
//   vocabulary.find("the");                            // 7
//   vocabulary.text(7);                                // "the"
//
// An open-addressing table over one arena of texts, in the order of their ids: a lookup is a hash,
// a slot and one comparison.
#ifndef INFERCORE_TOKENIZER_MODELS_VOCABULARY_H_
#define INFERCORE_TOKENIZER_MODELS_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/compiled.h"
#include "tokenizer/table.h"

namespace infercore {

class Vocabulary {
 public:
  static constexpr std::uint32_t kNoId = 0xFFFFFFFF;

  /// Has no tokens.
  Vocabulary() = default;

  /// The id of `text`, or kNoId.
  std::uint32_t find(std::string_view text) const noexcept {
    const std::uint32_t index = index_of(text);
    return index == kNoId ? kNoId : id_at(index);
  }
  std::optional<std::string_view> text(std::uint32_t id) const noexcept;

  // By index: the tokens counted in the order of their ids. Mostly index and id are the same.
  /// kNoId where there is no such token.
  std::uint32_t index_of(std::string_view text) const noexcept;
  /// The same in two steps: the number that prepare() gives for `text` makes the second one fast
  /// when something else is done between them.
  std::uint64_t prepare(std::string_view text) const noexcept;
  std::uint32_t index_of(std::string_view text, std::uint64_t prepared) const noexcept;
  /// Of tokens with the same id the last that was added.
  std::uint32_t index_of_id(std::uint32_t id) const noexcept;
  std::uint32_t id_at(std::size_t index) const noexcept {
    return ids_.empty() ? static_cast<std::uint32_t>(index) : ids_[index];
  }
  std::string_view text_at(std::size_t index) const noexcept {
    return {texts_.data() + starts_[index], starts_[index + 1] - starts_[index]};
  }

  void save(TableWriter& to) const;
  /// Any tables that it takes may be searched. Only while `from` is ok.
  static Vocabulary load(TableReader& from);

  /// How many different texts there are.
  std::size_t size() const noexcept { return starts_.empty() ? 0 : starts_.size() - 1; }
  /// True when two texts have the same id.
  bool has_shared_ids() const noexcept { return shared_ids_; }
  std::size_t bytes() const noexcept {
    return texts_.bytes() + starts_.bytes() + ids_.bytes() + slots_.bytes();
  }

 private:
  friend class VocabularyBuilder;
  void derive();

  Table<char> texts_;
  Table<std::uint32_t> starts_;  ///< one more than there are texts
  Table<std::uint32_t> ids_;     ///< empty where each is its index
  /// A power of two, half of them free at least (of a compiled one, some: kSlotBlock). The low bits
  /// are the index, those above are of the text's hash: they save most comparisons of texts.
  Table<std::uint32_t> slots_;
  std::uint64_t seed_ = 0;
  // Derived from ids_:
  bool shared_ids_ = false;
  std::uint32_t gaps_ = 0;  ///< ids below the largest that no token has
};

class VocabularyBuilder {
 public:
  /// Room for that many tokens; more may come.
  void reserve(std::size_t count);
  /// Of equal texts the last counts. `id` is not kNoId.
  void add(std::string_view text, std::uint32_t id);
  /// How many different texts there are so far.
  std::size_t size() const noexcept { return ids_.size(); }
  /// How many texts were added before `text` was; Vocabulary::kNoId where it was not.
  std::uint32_t index_of(std::string_view text) const;
  /// The id of `text`, or Vocabulary::kNoId.
  std::uint32_t find(std::string_view text) const {
    const std::uint32_t index = index_of(text);
    return index == Vocabulary::kNoId ? index : ids_[index];
  }
  Vocabulary finish() &&;

 private:
  void rehash(std::size_t slots);
  void sort();

  std::vector<char> texts_;
  std::vector<std::uint32_t> starts_ = {0};
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> slots_;
  std::uint64_t seed_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_VOCABULARY_H_
