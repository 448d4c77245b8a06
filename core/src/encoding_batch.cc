#include "infercore/encoding_batch.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "infercore/fault_list.h"

namespace infercore {
namespace {

constexpr std::size_t kMaxTokens = std::numeric_limits<std::uint32_t>::max();

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

Status append_row(const Tokenizer& tokenizer, TextView text, std::optional<TextView> pair,
                  const EncodeOptions& options, BatchFields fields, Tokenizer::Memory& memory,
                  EncodingBatch& batch) {
  if (fields == BatchFields::kIds)
    return tokenizer.encode_ids(text, pair, options, batch.ids, memory).status();
  Result<Encoding> encoding = tokenizer.encode(text, pair, options);
  if (!encoding.ok()) return encoding.status();
  batch.ids.insert(batch.ids.end(), encoding->ids.begin(), encoding->ids.end());
  batch.type_ids.insert(batch.type_ids.end(), encoding->type_ids.begin(), encoding->type_ids.end());
  return {};
}

Status too_many_tokens() {
  return Status(Code::kLimitExceeded,
                "expected at most 4294967295 tokens in one batch, these texts have more",
                "encode them in several batches");
}

}  // namespace

Result<EncodingBatch> encode_batch(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                   std::span<const std::optional<TextView>> pairs,
                                   const EncodeOptions& options, BatchFields fields,
                                   const Interrupt& interrupt) {
  if (!pairs.empty() && pairs.size() != texts.size()) {
    return Status(Code::kInvalidInput, "expected as many pairs as texts (" +
                                           std::to_string(texts.size()) + "), received " +
                                           std::to_string(pairs.size()));
  }
  if (options.padding.from == Setting<Padding>::From::kValue) {
    if (Status status = check_padding(options.padding.value); !status.ok()) return status;
  }
  const Padding* padding = options.padding.resolve(tokenizer.padding());
  EncodeOptions unpadded = options;
  unpadded.padding.from = Setting<Padding>::From::kOff;
  unpadded.counts_dropped = false;

  EncodingBatch batch;
  batch.rows.reserve(texts.size() + 1);
  batch.rows.push_back(0);
  FaultList faults;
  Tokenizer::Memory memory;
  for (std::size_t i = 0; i < texts.size() && !faults.full(); ++i) {
    if (interrupt) {
      if (Status status = interrupt(); !status.ok()) return status;
    }
    const std::optional<TextView> pair = pairs.empty() ? std::nullopt : pairs[i];
    const Status status = append_row(tokenizer, texts[i], pair, unpadded, fields, memory, batch);
    if (!status.ok()) faults.add_element("texts", i, status);
    if (batch.ids.size() > kMaxTokens) return too_many_tokens();
    batch.rows.push_back(static_cast<std::uint32_t>(batch.ids.size()));
  }
  if (!faults.empty()) return std::move(faults).status("the texts can't be encoded");
  if (padding == nullptr) return batch;

  const RowPadder padder(batch, *padding);
  if (padder.total() > kMaxTokens) return too_many_tokens();
  return padder.padded();
}

}  // namespace infercore
