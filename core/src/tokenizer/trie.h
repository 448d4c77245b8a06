// A set of strings, each with a number, for finding all that a text starts with.
//
//   Trie trie({{"a", 1.5, 0}, {"ab", 2, 1}});
//   std::uint32_t node = trie.child(Trie::kRoot, 'a');
//   trie.id(node);                                     // 0: "a" is an entry
//
// A double array (Aoe, 1989): a node's child for byte b is the unit `base ^ b`, whose `parent`
// names the node; one load a byte. Units hold the number too, so that a match costs no other cache
// line.
#ifndef INFERCORE_TOKENIZER_TRIE_H_
#define INFERCORE_TOKENIZER_TRIE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tokenizer/compiled.h"
#include "tokenizer/table.h"

namespace infercore {

class Trie {
 public:
  static constexpr std::uint32_t kNoId = 0xFFFFFFFF;

  struct Unit {
    std::uint32_t base;    ///< children stand at base ^ byte; kEnds is set where an entry ends
    std::uint32_t parent;  ///< the unit this one is a child of, kNoId when it is free
    double score;
  };

  struct Entry {
    std::string_view text;
    double score;
    std::uint32_t id;  ///< not kNoId
  };

  Trie() : Trie(std::vector<Entry>{}) {}
  /// Of entries with the same text the last counts; empty texts are left out.
  explicit Trie(const std::vector<Entry>& entries);

  static constexpr std::uint32_t kRoot = 0;

  /// The child of `node` for `byte`, or kNoId.
  std::uint32_t child(std::uint32_t node, char byte) const noexcept {
    const std::uint32_t next = (units_[node].base & ~kEnds) ^ static_cast<unsigned char>(byte);
    return units_[next].parent == node ? next : kNoId;
  }
  /// Does an entry end at the node? Cheaper than to ask for its id.
  bool ends(std::uint32_t node) const noexcept { return (units_[node].base & kEnds) != 0; }
  /// The id of the entry that ends at a node, or kNoId.
  std::uint32_t id(std::uint32_t node) const noexcept { return ids_[node]; }
  double score(std::uint32_t node) const noexcept { return units_[node].score; }

  void save(TableWriter& to) const;
  /// All ids are below `ids`, and no text is longer than `longest`. Only while `from` is ok.
  static Trie load(TableReader& from, std::size_t ids, std::size_t longest);

  /// Is the score of each text its id, and is `is_id` true for it?
  template <typename IsId>
  bool scores_are_ids(const IsId& is_id) const {
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if ((units_[i].base & kEnds) == 0) continue;
      if (units_[i].score != ids_[i] || !is_id(ids_[i])) return false;
    }
    return true;
  }

  /// How deep a search may go: the size of the longest text.
  std::size_t longest() const noexcept { return longest_; }

  /// The id of `text`, or kNoId.
  std::uint32_t find(std::string_view text) const noexcept;

  /// How many different texts it holds.
  std::size_t entry_count() const noexcept { return entry_count_; }
  std::size_t bytes() const noexcept { return units_.bytes() + ids_.bytes(); }

 private:
  friend class TrieBuilder;
  /// Is the last character of the text that leads to the node whole? Then no search ends inside
  /// one.
  bool ends_whole(std::uint32_t node) const noexcept;

  static constexpr std::uint32_t kEnds = 0x80000000;

  Table<Unit> units_;
  Table<std::uint32_t> ids_;
  std::size_t entry_count_ = 0;
  std::size_t longest_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_TRIE_H_
