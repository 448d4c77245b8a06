#include "infercore/encoding_batch.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "infercore/fault_list.h"
#include "text_ranges.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxTokens = std::numeric_limits<std::uint32_t>::max();
/// About as many as in English: room for lists, which grow where there are fewer.
constexpr std::size_t kUnitsPerToken = 4;

void append(std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Every row to one length. Done here and not row by row, because the longest row is known only at
/// the end.
class RowPadder {
 public:
  RowPadder(const EncodingBatch& batch, const Padding& padding)
      : batch_(batch), padding_(padding), length_(target_length()) {}

  /// In 64 bits: sizes may have 32.
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i + 1 < batch_.rows.size(); ++i) sum += std::max(length_, size_of(i));
    return sum;
  }

  EncodingBatch padded() const {
    EncodingBatch out;
    out.rows.push_back(0);
    for (std::size_t i = 0; i + 1 < batch_.rows.size(); ++i) {
      const std::size_t fill = length_ - std::min(length_, size_of(i));
      append(out.ids, batch_.ids, i, fill, padding_.id);
      if (!batch_.type_ids.empty())
        append(out.type_ids, batch_.type_ids, i, fill, padding_.type_id);
      append_mask(out.attention_mask, size_of(i), fill);
      out.rows.push_back(static_cast<std::uint32_t>(out.ids.size()));
    }
    return out;
  }

 private:
  std::size_t size_of(std::size_t row) const { return batch_.rows[row + 1] - batch_.rows[row]; }

  std::size_t target_length() const {
    std::size_t length = padding_.length.value_or(0);
    if (!padding_.length) {
      for (std::size_t i = 0; i + 1 < batch_.rows.size(); ++i)
        length = std::max(length, size_of(i));
    }
    return padding_.rounded(length);
  }

  void append(std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& from,
              std::size_t row, std::size_t fill, std::uint32_t value) const {
    if (padding_.direction == Direction::kLeft) to.insert(to.end(), fill, value);
    to.insert(to.end(), from.begin() + batch_.rows[row], from.begin() + batch_.rows[row + 1]);
    if (padding_.direction == Direction::kRight) to.insert(to.end(), fill, value);
  }

  void append_mask(std::vector<std::uint8_t>& to, std::size_t size, std::size_t fill) const {
    const bool left = padding_.direction == Direction::kLeft;
    to.insert(to.end(), left ? fill : size, left ? 0 : 1);
    to.insert(to.end(), left ? size : fill, left ? 1 : 0);
  }

  const EncodingBatch& batch_;
  const Padding& padding_;
  std::size_t length_;
};

Status too_many_tokens() {
  return Status(Code::kLimitExceeded,
                "expected at most 4294967295 tokens in one batch, these texts have more",
                "encode them in several batches");
}

/// The texts of one call, unpadded, part by part.
class BatchEncoder {
 public:
  BatchEncoder(const Tokenizer& tokenizer, std::span<const TextView> texts,
               std::span<const std::optional<TextView>> pairs, const EncodeOptions& options,
               BatchFields fields, const Interrupt& interrupt)
      : tokenizer_(tokenizer),
        texts_(texts),
        pairs_(pairs),
        options_(options),
        fields_(fields),
        interrupt_(interrupt) {
    options_.padding.from = Setting<Padding>::From::kOff;
    options_.counts_dropped = false;
  }

  /// The rows of some of the texts, and what is wrong with them.
  struct Part {
    EncodingBatch batch;
    FaultList faults;
    Status status;
  };

  /// Makes room for the rows of these texts.
  void begin(IndexRange range, Part& part) const {
    part.batch.rows.reserve(range.last - range.first + 1);
    part.batch.rows.push_back(0);
    std::size_t units = 0;
    for (std::size_t i = range.first; i < range.last; ++i) units += texts_[i].size();
    part.batch.ids.reserve(units / kUnitsPerToken);
  }

  /// Into an empty part.
  void encode(IndexRange range, Part& part) const {
    begin(range, part);
    Tokenizer::Ids row(tokenizer_);
    for (std::size_t i = range.first; i < range.last && !part.faults.full(); ++i) {
      if (interrupt_) part.status = interrupt_();
      if (!part.status.ok()) break;
      if (Status status = append_row(i, row, part.batch); !status.ok()) {
        part.faults.add_element("texts", i, status);
      }
      if (part.batch.ids.size() > kMaxTokens) {
        part.status = too_many_tokens();
        break;
      }
      part.batch.rows.push_back(static_cast<std::uint32_t>(part.batch.ids.size()));
    }
  }

 private:
  Status append_row(std::size_t i, Tokenizer::Ids& row, EncodingBatch& batch) const {
    const std::optional<TextView> pair = pairs_.empty() ? std::nullopt : pairs_[i];
    if (fields_ == BatchFields::kIds)
      return row.encode(texts_[i], pair, options_, batch.ids).status();
    Result<Encoding> encoding = tokenizer_.encode(texts_[i], pair, options_);
    if (!encoding.ok()) return encoding.status();
    append(batch.ids, encoding->ids);
    append(batch.type_ids, encoding->type_ids);
    return {};
  }

  const Tokenizer& tokenizer_;
  std::span<const TextView> texts_;
  std::span<const std::optional<TextView>> pairs_;
  EncodeOptions options_;
  BatchFields fields_;
  const Interrupt& interrupt_;
};

/// `part` behind what is in `all` already; its memory goes. After a wrong one nothing is added.
void join(BatchEncoder::Part& part, BatchEncoder::Part& all) {
  if (!all.status.ok() || all.faults.full()) return;
  const std::size_t before = all.batch.ids.size();
  all.status = std::move(part.status);
  if (before + std::uint64_t{part.batch.ids.size()} > kMaxTokens) all.status = too_many_tokens();
  if (!all.status.ok()) return;
  all.faults.append(std::move(part.faults));
  append(all.batch.ids, part.batch.ids);
  append(all.batch.type_ids, part.batch.type_ids);
  for (std::size_t i = 1; i < part.batch.rows.size(); ++i) {
    all.batch.rows.push_back(static_cast<std::uint32_t>(before + part.batch.rows[i]));
  }
  std::vector<std::uint32_t>().swap(part.batch.ids);
}

}  // namespace

Result<EncodingBatch> encode_batch(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                   std::span<const std::optional<TextView>> pairs,
                                   const EncodeOptions& options, BatchFields fields,
                                   const Interrupt& interrupt, Threads* threads) {
  if (!pairs.empty() && pairs.size() != texts.size()) {
    return Status(Code::kInvalidInput, "expected as many pairs as texts (" +
                                           std::to_string(texts.size()) + "), received " +
                                           std::to_string(pairs.size()));
  }
  if (options.padding.from == Setting<Padding>::From::kValue) {
    if (Status status = check_padding(options.padding.value); !status.ok()) return status;
  }
  const Padding* padding = options.padding.resolve(tokenizer.padding());
  const BatchEncoder encoder(tokenizer, texts, pairs, options, fields, interrupt);
  const std::vector<IndexRange> ranges = text_ranges(texts, threads);
  std::vector<BatchEncoder::Part> parts(ranges.size());
  BatchEncoder::Part all;
  if (ranges.size() == 1) {
    encoder.encode(ranges[0], all);
  } else {
    encoder.begin({0, texts.size()}, all);
    parallel_for(
        threads, ranges.size(), [&](std::size_t i) { encoder.encode(ranges[i], parts[i]); },
        [&](std::size_t i) { join(parts[i], all); });
  }
  if (!all.status.ok()) return all.status;
  if (!all.faults.empty()) return std::move(all.faults).status("the texts can't be encoded");
  if (padding == nullptr) return std::move(all.batch);

  const RowPadder padder(all.batch, *padding);
  if (padder.total() > kMaxTokens) return too_many_tokens();
  return padder.padded();
}

}  // namespace infercore
