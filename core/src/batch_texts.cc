#include "batch_texts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "infercore/fault_list.h"
#include "text_ranges.h"

namespace infercore {
namespace {

/// A text with at least this share of unknown tokens is reported: 1 in kUnknownShare.
constexpr std::size_t kUnknownShare = 5;

/// What a warning counts: how many texts, and the first of them.
struct Count {
  std::size_t texts = 0;
  std::size_t first = 0;
  std::size_t detail = 0;  ///< of the first

  void add(std::size_t text, std::size_t its_detail) { add({1, text, its_detail}); }
  /// What was counted in later texts.
  void add(const Count& later) {
    if (texts == 0) {
      *this = later;
    } else {
      texts += later.texts;
    }
  }
};

std::string texts_of(const Count& count, std::size_t all) {
  return std::to_string(count.texts) + " of " + std::to_string(all) +
         (all == 1 ? " text" : " texts");
}

EncodeOptions encode_options(const Tokenizer& tokenizer, std::size_t max_length) {
  EncodeOptions options;
  options.padding.from = Setting<Padding>::From::kOff;
  const Truncation* file = tokenizer.truncation();
  if (file == nullptr && max_length == 0) {
    options.truncation.from = Setting<Truncation>::From::kOff;
    return options;
  }
  options.truncation.from = Setting<Truncation>::From::kValue;
  if (file != nullptr) options.truncation.value = *file;
  if (max_length > 0) {
    options.truncation.value.max_length =
        file != nullptr ? std::min(file->max_length, max_length) : max_length;
  }
  // Only the part that stays is used: no other parts, no overlap of theirs.
  options.truncation.value.stride = 0;
  return options;
}

std::size_t special_tokens(const Tokenizer& tokenizer) {
  const Result<std::size_t> count = tokenizer.count_tokens(std::string_view());
  return count.ok() ? *count : 0;
}

Status too_many_tokens(std::size_t limit) {
  return Status(Code::kLimitExceeded,
                "expected at most " + std::to_string(limit) + " tokens, these texts have more",
                "pass the texts in parts");
}

/// Encodes some of the texts into flat lists, and counts what warnings tell.
class TextEncoder {
 public:
  TextEncoder(const Tokenizer& tokenizer, const EncodeOptions& options, bool with_type_ids)
      : tokenizer_(tokenizer),
        options_(options),
        unk_(tokenizer.unk_id()),
        special_(special_tokens(tokenizer)),
        with_type_ids_(with_type_ids) {}

  /// The tokens of some of the texts, and what is wrong with them.
  struct Part {
    std::vector<std::uint32_t> ids;
    std::vector<std::uint32_t> type_ids;
    std::vector<std::size_t> ends;
    std::size_t longest = 0;
    Count truncated;
    Count unknown;
    FaultList faults;
    Status status;
  };

  /// Into an empty part.
  void encode(std::span<const TextView> texts, IndexRange range, std::size_t max_tokens,
              const Interrupt& interrupt, Part& part) const {
    part.ends.reserve(range.last - range.first);
    Tokenizer::Ids row(tokenizer_);
    for (std::size_t i = range.first; i < range.last && !part.faults.full(); ++i) {
      if (interrupt) part.status = interrupt();
      if (!part.status.ok()) break;
      if (Status status = add(texts[i], i, row, part); !status.ok()) {
        part.faults.add_element("texts", i, status);
      }
      part.ends.push_back(part.ids.size());
      if (part.ids.size() > max_tokens) {
        part.status = too_many_tokens(max_tokens);
        break;
      }
    }
  }

 private:
  Status add(TextView text, std::size_t index, Tokenizer::Ids& row, Part& part) const {
    const std::size_t start = part.ids.size();
    Result<std::size_t> dropped = row.encode(text, {}, options_, part.ids);
    if (!dropped.ok()) return dropped.status();
    if (with_type_ids_) {
      Result<Encoding> encoding = tokenizer_.encode(text, {}, options_);
      if (!encoding.ok()) return encoding.status();
      part.type_ids.insert(part.type_ids.end(), encoding->type_ids.begin(),
                           encoding->type_ids.end());
      part.type_ids.resize(part.ids.size());
    }
    const std::size_t length = part.ids.size() - start;
    part.longest = std::max(part.longest, length);
    if (*dropped > 0) part.truncated.add(index, length + *dropped);
    count_unknown(index, std::span(part.ids).subspan(start), part.unknown);
    return {};
  }

  void count_unknown(std::size_t index, std::span<const std::uint32_t> ids, Count& unknown) const {
    if (!unk_) return;
    const auto found = static_cast<std::size_t>(std::count(ids.begin(), ids.end(), *unk_));
    if (found == 0) return;
    const std::size_t real = std::max(ids.size() - std::min(special_, ids.size()), found);
    if (found * kUnknownShare >= real) unknown.add(index, 100 * found / real);
  }

  const Tokenizer& tokenizer_;
  const EncodeOptions& options_;
  std::optional<std::uint32_t> unk_;
  std::size_t special_;
  bool with_type_ids_;
};

/// `part` behind what is in `all` already; its memory goes. After a wrong one nothing is added.
void join(TextEncoder::Part& part, std::size_t max_tokens, TextEncoder::Part& all) {
  if (!all.status.ok() || all.faults.full()) return;
  all.status = std::move(part.status);
  for (const std::size_t end : part.ends) all.ends.push_back(all.ids.size() + end);
  all.ids.insert(all.ids.end(), part.ids.begin(), part.ids.end());
  all.type_ids.insert(all.type_ids.end(), part.type_ids.begin(), part.type_ids.end());
  all.longest = std::max(all.longest, part.longest);
  all.truncated.add(part.truncated);
  all.unknown.add(part.unknown);
  all.faults.append(std::move(part.faults));
  if (all.ids.size() > max_tokens) all.status = too_many_tokens(max_tokens);
  std::vector<std::uint32_t>().swap(part.ids);
}

void warn(const Count& truncated, const Count& unknown, BatchTexts& texts) {
  const std::string suffix = truncated.texts == 1 ? " was cut to " : " were cut to ";
  if (truncated.texts > 0) {
    texts.warnings.push_back(
        {"TEXT_TRUNCATED",
         texts_of(truncated, texts.count()) + suffix + std::to_string(texts.max_length) +
             " tokens, the model's maximum; the first is texts[" + std::to_string(truncated.first) +
             "] with " + std::to_string(truncated.detail),
         "split long texts into parts and embed each"});
  }
  if (unknown.texts > 0) {
    texts.warnings.push_back(
        {"UNKNOWN_TOKENS",
         "in " + texts_of(unknown, texts.count()) +
             " at least a fifth of the tokens are unknown to the model, and unrelated texts then "
             "look alike; the first is texts[" +
             std::to_string(unknown.first) + "] with " + std::to_string(unknown.detail) + " %",
         "use a model that knows the language of these texts"});
  }
}

}  // namespace

Result<BatchTexts> tokenize_texts(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                  const TokenizeOptions& options, const Interrupt& interrupt,
                                  Threads* threads) {
  const EncodeOptions encoding = encode_options(tokenizer, options.max_length);
  const TextEncoder encoder(tokenizer, encoding, options.type_ids && tokenizer.gives_type_ids());
  const std::vector<IndexRange> ranges = text_ranges(texts, threads);
  std::vector<TextEncoder::Part> parts(ranges.size());
  TextEncoder::Part all;
  const auto encode = [&](std::size_t i, TextEncoder::Part& part) {
    encoder.encode(texts, ranges[i], options.max_tokens, interrupt, part);
  };
  if (ranges.size() == 1) {
    encode(0, all);
  } else {
    parallel_for(
        threads, ranges.size(), [&](std::size_t i) { encode(i, parts[i]); },
        [&](std::size_t i) { join(parts[i], options.max_tokens, all); });
  }
  if (!all.status.ok()) return all.status;
  if (!all.faults.empty()) return std::move(all.faults).status("the texts can't be tokenized");

  BatchTexts result;
  if (encoding.truncation.from == Setting<Truncation>::From::kValue) {
    result.max_length = encoding.truncation.value.max_length;
  }
  if (tokenizer.padding() != nullptr) result.padding = *tokenizer.padding();
  result.ids = std::move(all.ids);
  result.type_ids = std::move(all.type_ids);
  result.starts.insert(result.starts.end(), all.ends.begin(), all.ends.end());
  result.longest = all.longest;
  warn(all.truncated, all.unknown, result);
  return result;
}

}  // namespace infercore
