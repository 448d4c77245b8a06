#include "tokenizer/models/merger.h"

#include <algorithm>

namespace infercore {

void Merger::run(const MergeTable& merges, bool keeps_promises) {
  if (symbols.size() < 2) return;
  if (symbols.size() > ShortMerge::kMost || keeps_promises) return run_queue(merges);
  run_short(merges);
}

void Merger::run_short(const MergeTable& merges) {
  std::copy(symbols.begin(), symbols.end(), short_.room(symbols.size()));
  short_.begin(merges);
  while (short_.step(merges)) continue;
  const std::span<const BpeSymbol> merged = short_.symbols();
  symbols.assign(merged.begin(), merged.end());
}

namespace {

/// std::push_heap keeps the greatest on top; the next merge is the least.
constexpr auto kLater = [](const auto& a, const auto& b) {
  return b.rank != a.rank ? b.rank < a.rank : b.at < a.at;
};

}  // namespace

void Merger::promise(const MergeTable& merges, std::uint32_t at) {
  const std::uint32_t rank = merges.find(nodes_[at].id, nodes_[nodes_[at].next].id);
  if (rank != MergeTable::kNone) queue_.push_back({merges.first_of(rank), at, merges.made(rank)});
}

void Merger::run_queue(const MergeTable& merges) {
  const auto count = static_cast<std::uint32_t>(symbols.size());
  nodes_.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    nodes_[i] = {symbols[i].id, symbols[i].length, i == 0 ? kNone : i - 1,
                 i + 1 == count ? kNone : i + 1};
  }
  queue_.clear();
  for (std::uint32_t i = 0; i + 1 < count; ++i) promise(merges, i);
  std::make_heap(queue_.begin(), queue_.end(), kLater);
  while (!queue_.empty()) {
    const Promise top = queue_.front();
    std::pop_heap(queue_.begin(), queue_.end(), kLater);
    queue_.pop_back();
    const Node& node = nodes_[top.at];
    if (node.length == 0 || node.next == kNone) continue;
    const std::uint32_t now = merges.find(node.id, nodes_[node.next].id);
    if (now == MergeTable::kNone) continue;
    if (merges.made(now) == top.made) join(merges, top.at, top.made);
  }
  symbols.clear();
  for (const Node& node : nodes_) {
    if (node.length > 0) symbols.push_back({node.id, node.length});
  }
}

/// Makes the symbol at `at` and the next one `id`, and queues the two new pairs.
void Merger::join(const MergeTable& merges, std::uint32_t at, std::uint32_t id) {
  Node& node = nodes_[at];
  Node& right = nodes_[node.next];
  node.id = id;
  node.length += right.length;
  right.length = 0;
  node.next = right.next;
  if (node.next != kNone) nodes_[node.next].previous = at;
  for (const std::uint32_t pair : {node.previous, at}) {
    if (pair == kNone || nodes_[pair].next == kNone) continue;
    const std::size_t before = queue_.size();
    promise(merges, pair);
    if (queue_.size() > before) std::push_heap(queue_.begin(), queue_.end(), kLater);
  }
}

}  // namespace infercore
