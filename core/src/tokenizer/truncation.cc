#include <algorithm>
#include <string>

#include "tokenizer/pipeline.h"

namespace infercore {
namespace {

std::size_t part_count(std::size_t size, std::size_t length, std::size_t stride) {
  if (size <= length) return 0;
  return length == 0 ? 1 : (size - length + (length - stride) - 1) / (length - stride);
}

/// How long each may be.
struct Lengths {
  std::size_t text;
  std::size_t pair;
};

/// Takes from the longer until both are equal, then from both.
Lengths longest_first(std::size_t text, std::size_t pair, std::size_t max_length) {
  const bool swapped = text > pair;
  const std::size_t shorter = std::min(text, pair);
  Lengths lengths{shorter,
                  shorter > max_length ? shorter : std::max(shorter, max_length - shorter)};
  if (lengths.text + lengths.pair > max_length) {
    lengths = {max_length / 2, max_length / 2 + max_length % 2};
  }
  if (swapped) std::swap(lengths.text, lengths.pair);
  return lengths;
}

Status too_short(std::string_view what, std::size_t length, std::size_t max_length,
                 std::size_t total) {
  return Status(Code::kInvalidOption,
                "expected a maxLength that cutting the " + std::string(what) +
                    " can reach, received " + std::to_string(max_length) + ": there are " +
                    std::to_string(total) + " tokens, of which the " + std::string(what) + " has " +
                    std::to_string(length),
                "use the strategy longest_first, or a larger maxLength");
}

Result<Lengths> target_lengths(const Truncation& truncation, std::size_t max_length,
                               std::size_t text, std::size_t pair, bool has_pair) {
  if (max_length == 0) return Lengths{0, 0};
  const std::size_t total = text + pair;
  if (total <= max_length) return Lengths{text, pair};
  const std::size_t excess = total - max_length;
  switch (truncation.strategy) {
    case TruncationStrategy::kLongestFirst:
      return has_pair ? longest_first(text, pair, max_length) : Lengths{max_length, 0};
    case TruncationStrategy::kOnlyFirst:
      if (text <= excess) return too_short("text", text, truncation.max_length, total);
      return Lengths{text - excess, pair};
    case TruncationStrategy::kOnlySecond:
      if (!has_pair) {
        return Status(Code::kInvalidOption,
                      "expected a pair for the truncation strategy only_second, received a single "
                      "text",
                      "use the strategy longest_first");
      }
      if (pair <= excess) return too_short("pair", pair, truncation.max_length, total);
      return Lengths{text, pair - excess};
  }
  return Lengths{text, pair};
}

Status check_stride(const Truncation& truncation, std::size_t size, std::size_t length) {
  if (size <= length || length == 0 || truncation.stride < length) return {};
  return Status(Code::kInvalidOption,
                "expected a stride below " + std::to_string(length) +
                    ", the tokens that truncation leaves of the text, received " +
                    std::to_string(truncation.stride),
                "use a smaller stride, or a larger maxLength");
}

}  // namespace

Status truncate(const Truncation& truncation, std::size_t reserved, Draft& text,
                std::optional<Draft>& pair) {
  if (truncation.max_length < reserved) {
    return Status(Code::kInvalidOption, "expected a maxLength of at least " +
                                            std::to_string(reserved) +
                                            ", the number of special tokens, received " +
                                            std::to_string(truncation.max_length));
  }
  const std::size_t sizes[] = {text.size(), pair ? pair->size() : 0};
  const Result<Lengths> lengths = target_lengths(truncation, truncation.max_length - reserved,
                                                 sizes[0], sizes[1], pair.has_value());
  if (!lengths.ok()) return lengths.status();
  if (Status status = check_stride(truncation, sizes[0], lengths->text); !status.ok())
    return status;
  if (Status status = check_stride(truncation, sizes[1], lengths->pair); !status.ok())
    return status;
  if (!text.ids_only) {
    // Each part is combined with each of the other text, three times over on the way.
    const auto of_text =
        static_cast<double>(part_count(sizes[0], lengths->text, truncation.stride));
    const auto of_pair =
        static_cast<double>(part_count(sizes[1], lengths->pair, truncation.stride));
    const auto length =
        static_cast<double>(lengths->text + lengths->pair + reserved + Draft::kCost);
    if ((of_text + of_pair + 3 * of_text * of_pair) * length >
        static_cast<double>(Draft::kMaxOverflow)) {
      return Draft::too_much_overflow();
    }
  }
  text.truncate(lengths->text, truncation.stride, truncation.direction);
  if (pair) pair->truncate(lengths->pair, truncation.stride, truncation.direction);
  return {};
}

}  // namespace infercore
