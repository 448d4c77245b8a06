#include "tokenizer/draft.h"

#include <algorithm>
#include <string>

namespace infercore {
namespace {

template <typename T>
void append_range(std::vector<T>& to, const std::vector<T>& from, std::size_t begin,
                  std::size_t end) {
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
            from.begin() + static_cast<std::ptrdiff_t>(end));
}

void append_columns(Encoding& to, const Encoding& from, std::size_t begin, std::size_t end,
                    bool ids_only) {
  append_range(to.ids, from.ids, begin, end);
  if (ids_only) return;
  append_range(to.type_ids, from.type_ids, begin, end);
  append_range(to.tokens, from.tokens, begin, end);
  append_range(to.offsets, from.offsets, begin, end);
  append_range(to.word_ids, from.word_ids, begin, end);
  append_range(to.special_tokens_mask, from.special_tokens_mask, begin, end);
  append_range(to.attention_mask, from.attention_mask, begin, end);
}

/// The parts of a text of `size` tokens, the one that is kept first.
std::vector<Draft::Range> parts_of(std::size_t size, std::size_t max_length, std::size_t stride,
                                   Direction direction) {
  const std::size_t step = max_length - stride;
  std::vector<Draft::Range> parts;
  for (std::size_t at = 0; at < size; at += step) {
    const std::size_t length = std::min(max_length, size - at);
    if (direction == Direction::kRight) {
      parts.push_back({at, at + length});
    } else {
      parts.push_back({size - at - length, size - at});
    }
    if (at + length == size) break;
  }
  return parts;
}

}  // namespace

void Draft::add(std::uint32_t id, std::uint32_t type_id, std::string_view token,
                std::pair<std::uint32_t, std::uint32_t> offsets, std::int32_t word) {
  encoding.ids.push_back(id);
  if (ids_only) return;
  encoding.type_ids.push_back(type_id);
  encoding.tokens.emplace_back(token);
  encoding.offsets.push_back(offsets);
  encoding.word_ids.push_back(word);
  encoding.special_tokens_mask.push_back(0);
  encoding.attention_mask.push_back(1);
}

void Draft::add_special(std::uint32_t id, std::uint32_t type_id, std::string_view token) {
  add(id, type_id, token, {0, 0}, Encoding::kNone);
  if (!ids_only) encoding.special_tokens_mask.back() = 1;
}

void Draft::set_type_ids(std::uint32_t type_id) {
  if (!ids_only) encoding.type_ids.assign(size(), type_id);
}

Draft Draft::part(std::size_t begin, std::size_t end) const {
  Draft result(ids_only);
  result.text = text;
  append_columns(result.encoding, encoding, begin, end, ids_only);
  return result;
}

void Draft::truncate(std::size_t max_length, std::size_t stride, Direction direction) {
  if (max_length >= size()) return;
  if (max_length == 0) {
    Draft all = std::move(*this);
    *this = Draft(all.ids_only);
    if (!ids_only) overflowing.push_back(std::move(all));
    return;
  }
  const std::vector<Range> parts = parts_of(size(), max_length, stride, direction);
  Draft kept = part(parts[0].begin, parts[0].end);
  for (std::size_t i = 1; i < parts.size() && !ids_only; ++i) {
    kept.overflowing.push_back(part(parts[i].begin, parts[i].end));
  }
  *this = std::move(kept);
}

void Draft::append(const Draft& other) {
  for (std::size_t i = 0; i < other.sequences.size(); ++i) {
    if (!other.sequences[i]) continue;
    set_sequence(i, Range{size() + other.sequences[i]->begin, size() + other.sequences[i]->end});
  }
  append_columns(encoding, other.encoding, 0, other.size(), ids_only);
}

Status Draft::too_much_overflow() {
  return Status(Code::kLimitExceeded,
                "expected at most " + std::to_string(kMaxOverflow) +
                    " tokens in what truncation cuts off, received more",
                "use a smaller stride, a larger maxLength, or the ids alone");
}

std::size_t Draft::weight() const {
  std::size_t sum = size() + kCost;
  for (const Draft& other : overflowing) sum += other.weight();
  return sum;
}

// Goes the way of merge() below, without writing.
bool Draft::can_merge(const Draft& pair, std::size_t& room) const {
  if (overflowing.empty() && pair.overflowing.empty()) return true;
  const auto take = [&room](const Draft& one, const Draft& other) {
    const std::size_t weight = one.size() + other.size() + kCost;
    if (weight > room) return false;
    room -= weight;
    return one.can_merge(other, room);
  };
  for (const Draft& own : overflowing) {
    if (!take(own, pair)) return false;
    for (const Draft& other : pair.overflowing) {
      if (!take(own, other)) return false;
    }
  }
  for (const Draft& other : pair.overflowing) {
    if (!take(*this, other)) return false;
  }
  return true;
}

void Draft::merge(const Draft& pair) {
  std::vector<Draft> combined;
  for (const Draft& own : overflowing) {
    combined.push_back(own);
    combined.back().merge(pair);
    for (const Draft& other : pair.overflowing) {
      combined.push_back(own);
      combined.back().merge(other);
    }
  }
  for (const Draft& other : pair.overflowing) {
    combined.push_back(*this);
    combined.back().merge(other);
  }
  append(pair);
  overflowing = std::move(combined);
}

Encoding Draft::finish() && {
  if (!ids_only) {
    const auto count = static_cast<std::size_t>(std::count_if(
        sequences.begin(), sequences.end(), [](const auto& s) { return s.has_value(); }));
    encoding.sequence_ids.assign(size(), Encoding::kNone);
    // Where nothing marked a range, all of it counts as the first sequence.
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
      const Range range = i < sequences.size() && sequences[i] ? *sequences[i] : Range{0, size()};
      std::fill(encoding.sequence_ids.begin() + static_cast<std::ptrdiff_t>(range.begin),
                encoding.sequence_ids.begin() + static_cast<std::ptrdiff_t>(range.end),
                static_cast<std::int32_t>(i));
    }
    encoding.pad_sequence_id = count == 0 || !sequences[0] ? 0 : Encoding::kNone;
    for (Draft& other : overflowing) encoding.overflowing.push_back(std::move(other).finish());
  }
  return std::move(encoding);
}

}  // namespace infercore
