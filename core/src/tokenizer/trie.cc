#include "tokenizer/trie.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "unicode/utf.h"

namespace infercore {
namespace {

constexpr std::uint32_t kBlock = 256;

/// The free units of one block of 256, as bits.
class Block {
 public:
  using Bits = std::array<std::uint64_t, 4>;

  bool is_free(std::uint32_t unit) const { return (free_[unit >> 6] >> (unit & 63) & 1) != 0; }
  void take(std::uint32_t unit) {
    free_[unit >> 6] &= ~(std::uint64_t{1} << (unit & 63));
    --count_;
  }
  int count() const { return count_; }

  /// Only when count() > 0.
  std::uint32_t first_free() const {
    std::uint32_t word = 0;
    while (free_[word] == 0) ++word;
    return word * 64 + static_cast<std::uint32_t>(std::countr_zero(free_[word]));
  }

  /// A base whose children for all `labels` are free, or −1.
  int base_for(const std::vector<unsigned char>& labels) const {
    Bits bases = shuffled(labels[0]);
    for (std::size_t i = 1; i < labels.size(); ++i) {
      const Bits more = shuffled(labels[i]);
      for (std::size_t w = 0; w < 4; ++w) bases[w] &= more[w];
      if ((bases[0] | bases[1] | bases[2] | bases[3]) == 0) return -1;
    }
    for (int w = 0; w < 4; ++w) {
      const std::uint64_t word = bases[static_cast<std::size_t>(w)];
      if (word != 0) return w * 64 + std::countr_zero(word);
    }
    return -1;
  }

 private:
  /// Bit b says whether unit b ^ label is free: swaps of ever larger groups of bits, one for each
  /// bit of the label.
  Bits shuffled(unsigned char label) const {
    static constexpr std::uint64_t kMasks[] = {0x5555555555555555, 0x3333333333333333,
                                               0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF,
                                               0x0000FFFF0000FFFF, 0x00000000FFFFFFFF};
    Bits result;
    for (std::size_t w = 0; w < 4; ++w) {
      std::uint64_t word = free_[w ^ (label >> 6)];
      for (int bit = 0; bit < 6; ++bit) {
        if ((label >> bit & 1) == 0) continue;
        const int by = 1 << bit;
        word = (word >> by & kMasks[bit]) | (word & kMasks[bit]) << by;
      }
      result[w] = word;
    }
    return result;
  }

  Bits free_{~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}};
  int count_ = kBlock;
};

std::uint64_t first_bytes(std::string_view text) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  }
  return key;
}

struct Key {
  std::uint64_t first;  ///< the first 8 bytes
  std::uint32_t index;
};

/// Sorts by the first 8 bytes, those of equal ones in their order: byte by byte from the last.
void radix_sort(std::vector<Key>& keys) {
  std::vector<Key> other(keys.size());
  for (int shift = 0; shift < 64; shift += 8) {
    std::array<std::size_t, 257> starts{};
    for (const Key& key : keys) ++starts[(key.first >> shift & 0xFF) + 1];
    for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
    for (const Key& key : keys) other[starts[key.first >> shift & 0xFF]++] = key;
    keys.swap(other);
  }
}

/// Entries in the order of their bytes; of equal ones only the last.
std::vector<const Trie::Entry*> sorted(const std::vector<Trie::Entry>& entries) {
  std::vector<Key> keys;
  keys.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].text.empty()) continue;
    keys.push_back({first_bytes(entries[i].text), static_cast<std::uint32_t>(i)});
  }
  radix_sort(keys);
  for (auto begin = keys.begin(); begin != keys.end();) {
    auto end = begin + 1;
    while (end != keys.end() && end->first == begin->first) ++end;
    if (end - begin > 1) {
      std::stable_sort(begin, end, [&entries](const Key& a, const Key& b) {
        return entries[a.index].text < entries[b.index].text;
      });
    }
    begin = end;
  }
  std::vector<const Trie::Entry*> result;
  result.reserve(keys.size());
  for (const Key& key : keys) {
    const Trie::Entry* entry = &entries[key.index];
    if (!result.empty() && result.back()->text == entry->text) result.pop_back();
    result.push_back(entry);
  }
  return result;
}

}  // namespace

class TrieBuilder {
 public:
  explicit TrieBuilder(const std::vector<Trie::Entry>& entries) : entries_(sorted(entries)) {}

  /// Depth first: the entries of one branch are read while the cache still holds them.
  void build(Trie& trie) {
    add_block();
    blocks_[0].take(Trie::kRoot);
    waiting_.push_back({Trie::kRoot, 0, static_cast<std::uint32_t>(entries_.size()), 0});
    while (!waiting_.empty()) {
      const Node node = waiting_.back();
      waiting_.pop_back();
      place(node);
    }
    trie.entry_count_ = entries_.size();
    for (const Trie::Entry* entry : entries_) {
      trie.longest_ = std::max(trie.longest_, entry->text.size());
    }
    trie.units_ = Table<Trie::Unit>::copy_of(units_);
    trie.ids_ = Table<std::uint32_t>::copy_of(ids_);
  }

 private:
  /// The entries from `begin` to `end` share the first `depth` bytes, which lead to `unit`.
  struct Node {
    std::uint32_t unit;
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t depth;
  };

  void place(const Node& node) {
    std::uint32_t at = node.begin;
    if (at < node.end && entries_[at]->text.size() == node.depth) {
      ids_[node.unit] = entries_[at]->id;
      units_[node.unit].score = entries_[at]->score;
      units_[node.unit].base = Trie::kEnds;
      ++at;
    }
    if (at == node.end) return;
    labels_.clear();
    starts_.clear();
    for (; at < node.end; ++at) {
      const auto label = static_cast<unsigned char>(entries_[at]->text[node.depth]);
      if (labels_.empty() || labels_.back() != label) {
        labels_.push_back(label);
        starts_.push_back(at);
      }
    }
    starts_.push_back(node.end);
    const std::uint32_t base = find_base();
    units_[node.unit].base |= base;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const std::uint32_t unit = base ^ labels_[i];
      blocks_[unit / kBlock].take(unit % kBlock);
      units_[unit].parent = node.unit;
      waiting_.push_back({unit, starts_[i], starts_[i + 1], node.depth + 1});
    }
  }

  /// A single child goes where there is any room; several go into one of the newest blocks, where
  /// there is much.
  std::uint32_t find_base() {
    if (labels_.size() == 1) {
      while (filling_ < blocks_.size() && blocks_[filling_].count() == 0) ++filling_;
      if (filling_ == blocks_.size()) add_block();
      return static_cast<std::uint32_t>(filling_) * kBlock +
             (blocks_[filling_].first_free() ^ labels_[0]);
    }
    constexpr std::size_t kTries = 3;
    for (std::size_t i = blocks_.size(); i > 0 && i + kTries > blocks_.size(); --i) {
      if (blocks_[i - 1].count() < static_cast<int>(labels_.size())) continue;
      const int base = blocks_[i - 1].base_for(labels_);
      if (base >= 0)
        return static_cast<std::uint32_t>((i - 1) * kBlock) + static_cast<std::uint32_t>(base);
    }
    add_block();
    return static_cast<std::uint32_t>((blocks_.size() - 1) * kBlock) ^ labels_[0];
  }

  void add_block() {
    blocks_.emplace_back();
    units_.resize(blocks_.size() * kBlock, {0, Trie::kNoId, 0});
    ids_.resize(blocks_.size() * kBlock, Trie::kNoId);
  }

  std::vector<Trie::Unit> units_;
  std::vector<std::uint32_t> ids_;
  std::vector<const Trie::Entry*> entries_;
  std::vector<Block> blocks_;
  std::size_t filling_ = 0;  ///< all blocks before are full
  std::vector<Node> waiting_;
  std::vector<unsigned char> labels_;
  std::vector<std::uint32_t> starts_;
};

Trie::Trie(const std::vector<Entry>& entries) { TrieBuilder(entries).build(*this); }

std::uint32_t Trie::find(std::string_view text) const noexcept {
  std::uint32_t node = kRoot;
  for (const char byte : text) {
    node = child(node, byte);
    if (node == kNoId) return kNoId;
  }
  return text.empty() ? kNoId : ids_[node];
}

bool Trie::ends_whole(std::uint32_t node) const noexcept {
  for (std::uint32_t behind = 0; behind < 4; ++behind) {
    const std::uint32_t parent = units_[node].parent;
    // What no search comes to, and the root, do no harm.
    if (parent >= units_.size()) return true;
    const std::uint32_t label = (units_[parent].base & ~kEnds) ^ node;
    if (label >= kBlock) return true;
    if (label < 0x80) return behind == 0;
    if (label >= 0xC0) return unicode::sequence_length(static_cast<char>(label)) == behind + 1;
    node = parent;
  }
  return false;
}

void Trie::save(TableWriter& to) const {
  to.add(Section::kTrieUnits, units_.span());
  to.add(Section::kTrieIds, ids_.span());
  to.add_numbers({entry_count_, longest_});
}

Trie Trie::load(TableReader& from, std::size_t ids, std::size_t longest) {
  Trie trie;
  trie.units_ = from.table<Unit>(Section::kTrieUnits);
  trie.ids_ = from.table<std::uint32_t>(Section::kTrieIds);
  const auto [entries, depth] = from.numbers<2>();
  const std::size_t count = trie.units_.size();
  // A child's place differs from its parent's base in the last byte alone.
  bool good = from.ok() && count > 0 && count % kBlock == 0 && trie.ids_.size() == count;
  for (std::size_t i = 0; i < count && good; ++i) {
    const Unit& unit = trie.units_[i];
    const std::uint32_t id = trie.ids_[i];
    const bool ends = (unit.base & kEnds) != 0;
    good = (unit.base & ~kEnds) < count && (id < ids || (id == kNoId && !ends)) &&
           unit.score == unit.score && (!ends || trie.ends_whole(static_cast<std::uint32_t>(i)));
  }
  // Nothing else bounds a search: children may lead back.
  from.expect(good && depth <= longest && entries <= count, "a trie");
  if (!from.ok()) return {};
  trie.entry_count_ = static_cast<std::size_t>(entries);
  trie.longest_ = static_cast<std::size_t>(depth);
  return trie;
}

}  // namespace infercore
