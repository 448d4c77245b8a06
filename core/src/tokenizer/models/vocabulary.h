// The tokens of a model, both ways: text to id and id to text.
//
//   Vocabulary vocabulary;
//   vocabulary.add("the", 7);
//   vocabulary.finish();
//   vocabulary.find("the");                            // 7
//   vocabulary.text(7);                                // "the"
//
// An open-addressing table over one arena of texts: a lookup is a hash, a slot and one comparison.
#ifndef INFERCORE_TOKENIZER_MODELS_VOCABULARY_H_
#define INFERCORE_TOKENIZER_MODELS_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace infercore {

class Vocabulary {
 public:
  static constexpr std::uint32_t kNoId = 0xFFFFFFFF;

  /// Room for that many tokens; more may come.
  void reserve(std::size_t count);
  /// Of equal texts the last counts. `id` is not kNoId.
  void add(std::string_view text, std::uint32_t id);
  /// To be called when all are added; before it only find() may be asked.
  void finish();

  /// The id of `text`, or kNoId.
  std::uint32_t find(std::string_view text) const noexcept;
  std::optional<std::string_view> text(std::uint32_t id) const noexcept;

  /// Calls `visit(text, id)` for each, in the order in which they were added.
  template <typename Visit>
  void for_each(const Visit& visit) const {
    for (const Entry& entry : entries_) visit(text_of(entry), entry.id);
  }

  /// How many different texts there are.
  std::size_t size() const noexcept { return entries_.size(); }
  /// True when two texts have the same id.
  bool has_shared_ids() const noexcept { return shared_ids_; }
  /// One more than the largest id.
  std::size_t id_end() const noexcept { return id_end_; }
  std::size_t bytes() const noexcept;

 private:
  struct Entry {
    std::uint32_t begin;
    std::uint32_t length;
    std::uint32_t id;
  };
  struct Slot {
    std::uint32_t entry = kNoId;
    std::uint32_t tag = 0;  ///< more bits of the hash: saves most comparisons of texts
  };

  std::string_view text_of(const Entry& entry) const noexcept {
    return {texts_.data() + entry.begin, entry.length};
  }
  std::uint64_t hash(std::string_view text) const noexcept;
  /// Where `text` stands, or the free slot where it would. `steps`, where given, becomes how many
  /// slots that took.
  std::size_t slot_of(std::string_view text, std::uint64_t hash, std::size_t* steps) const noexcept;
  void rehash(std::size_t slots);

  std::string texts_;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_;  ///< a power of two
  std::uint64_t seed_ = 0;
  /// By id where ids have few gaps (`dense_`), else entries in the order of their ids.
  std::vector<std::uint32_t> by_id_;
  std::size_t id_end_ = 0;
  bool dense_ = true;
  bool shared_ids_ = false;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_MODELS_VOCABULARY_H_
