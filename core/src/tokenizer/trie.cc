#include "tokenizer/trie.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

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

/// Entries in the order of their bytes; of equal ones only the last.
std::vector<const Trie::Entry*> sorted(const std::vector<Trie::Entry>& entries) {
  struct Key {
    std::uint64_t first;
    std::uint32_t index;
  };
  std::vector<Key> keys;
  keys.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].text.empty()) continue;
    keys.push_back({first_bytes(entries[i].text), static_cast<std::uint32_t>(i)});
  }
  std::sort(keys.begin(), keys.end(), [&entries](const Key& a, const Key& b) {
    if (a.first != b.first) return a.first < b.first;
    const int order = entries[a.index].text.compare(entries[b.index].text);
    return order != 0 ? order < 0 : a.index < b.index;
  });
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
  TrieBuilder(Trie& trie, const std::vector<Trie::Entry>& entries)
      : trie_(trie), entries_(sorted(entries)) {}

  /// Level by level, so that the upper nodes, which every walk passes, lie close together.
  void run() {
    trie_.entry_count_ = entries_.size();
    add_block();
    blocks_[0].take(Trie::kRoot);
    level_.push_back({Trie::kRoot, 0, static_cast<std::uint32_t>(entries_.size())});
    for (std::uint32_t depth = 0; !level_.empty(); ++depth) {
      below_.clear();
      for (const Node& node : level_) place(node, depth);
      level_.swap(below_);
    }
  }

 private:
  /// The entries from `begin` to `end` share the bytes that lead to `unit`.
  struct Node {
    std::uint32_t unit;
    std::uint32_t begin;
    std::uint32_t end;
  };

  void place(const Node& node, std::uint32_t depth) {
    std::uint32_t at = node.begin;
    if (at < node.end && entries_[at]->text.size() == depth) {
      trie_.ids_[node.unit] = entries_[at]->id;
      trie_.units_[node.unit].score = entries_[at]->score;
      ++at;
    }
    if (at == node.end) return;
    labels_.clear();
    starts_.clear();
    for (; at < node.end; ++at) {
      const auto label = static_cast<unsigned char>(entries_[at]->text[depth]);
      if (labels_.empty() || labels_.back() != label) {
        labels_.push_back(label);
        starts_.push_back(at);
      }
    }
    starts_.push_back(node.end);
    const std::uint32_t base = find_base();
    trie_.units_[node.unit].base = base;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const std::uint32_t unit = base ^ labels_[i];
      blocks_[unit / kBlock].take(unit % kBlock);
      trie_.units_[unit].parent = node.unit;
      below_.push_back({unit, starts_[i], starts_[i + 1]});
    }
  }

  std::uint32_t find_base() {
    for (std::size_t i = 0; i < open_.size();) {
      const Block& block = blocks_[open_[i]];
      if (block.count() == 0) {
        open_[i] = open_.back();
        open_.pop_back();
        continue;
      }
      if (block.count() >= static_cast<int>(labels_.size())) {
        const int base = block.base_for(labels_);
        if (base >= 0) return open_[i] * kBlock + static_cast<std::uint32_t>(base);
      }
      ++i;
    }
    add_block();
    return (open_.back() * kBlock) ^ labels_[0];
  }

  /// Keeps few blocks open: the fullest of them is given up.
  void add_block() {
    constexpr std::size_t kOpen = 16;
    if (open_.size() >= kOpen) {
      const auto fullest =
          std::min_element(open_.begin(), open_.end(), [this](std::uint32_t a, std::uint32_t b) {
            return blocks_[a].count() < blocks_[b].count();
          });
      open_.erase(fullest);
    }
    open_.push_back(static_cast<std::uint32_t>(blocks_.size()));
    blocks_.emplace_back();
    trie_.units_.resize(blocks_.size() * kBlock, {0, Trie::kNoId, 0});
    trie_.ids_.resize(blocks_.size() * kBlock, Trie::kNoId);
  }

  Trie& trie_;
  std::vector<const Trie::Entry*> entries_;
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> open_;  ///< blocks that are looked at for room
  std::vector<Node> level_;
  std::vector<Node> below_;
  std::vector<unsigned char> labels_;
  std::vector<std::uint32_t> starts_;
};

Trie::Trie(const std::vector<Entry>& entries) { TrieBuilder(*this, entries).run(); }

void Trie::clear() {
  units_.assign(kBlock, {0, kNoId, 0});
  ids_.assign(kBlock, kNoId);
}

std::uint32_t Trie::find(std::string_view text) const noexcept {
  std::uint32_t node = kRoot;
  for (const char byte : text) {
    node = child(node, byte);
    if (node == kNoId) return kNoId;
  }
  return text.empty() ? kNoId : ids_[node];
}

}  // namespace infercore
