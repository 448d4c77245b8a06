#include "batch_texts.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "infercore/fault_list.h"

namespace infercore {
namespace {

/// A text with at least this share of unknown tokens is reported: 1 in kUnknownShare.
constexpr std::size_t kUnknownShare = 5;

/// What a warning counts: how many texts, and the first of them.
struct Count {
  std::size_t texts = 0;
  std::size_t first = 0;
  std::size_t detail = 0;  ///< of the first

  void add(std::size_t text, std::size_t its_detail) {
    if (texts++ == 0) {
      first = text;
      detail = its_detail;
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

/// Encodes text after text into flat lists, and counts what warnings tell.
class TextEncoder {
 public:
  TextEncoder(const Tokenizer& tokenizer, const EncodeOptions& options, bool with_type_ids)
      : tokenizer_(tokenizer),
        options_(options),
        unk_(tokenizer.unk_id()),
        special_(special_tokens(tokenizer)),
        with_type_ids_(with_type_ids) {}

  Status add(TextView text, BatchTexts& texts) {
    const std::size_t index = texts.count();
    const std::size_t start = texts.ids.size();
    Result<std::size_t> dropped = tokenizer_.encode_ids(text, {}, options_, texts.ids, memory_);
    if (!dropped.ok()) return dropped.status();
    if (with_type_ids_) {
      Result<Encoding> encoding = tokenizer_.encode(text, {}, options_);
      if (!encoding.ok()) return encoding.status();
      texts.type_ids.insert(texts.type_ids.end(), encoding->type_ids.begin(),
                            encoding->type_ids.end());
      texts.type_ids.resize(texts.ids.size());
    }
    const std::size_t length = texts.ids.size() - start;
    texts.longest = std::max(texts.longest, length);
    texts.starts.push_back(texts.ids.size());
    if (*dropped > 0) truncated_.add(index, length + *dropped);
    count_unknown(index, std::span(texts.ids).subspan(start));
    return {};
  }

  void warn(BatchTexts& texts) const {
    const std::string suffix = truncated_.texts == 1 ? " was cut to " : " were cut to ";
    if (truncated_.texts > 0) {
      texts.warnings.push_back(
          {"TEXT_TRUNCATED",
           texts_of(truncated_, texts.count()) + suffix + std::to_string(texts.max_length) +
               " tokens, the model's maximum; the first is texts[" +
               std::to_string(truncated_.first) + "] with " + std::to_string(truncated_.detail),
           "split long texts into parts and embed each"});
    }
    if (unknown_.texts > 0) {
      texts.warnings.push_back(
          {"UNKNOWN_TOKENS",
           "in " + texts_of(unknown_, texts.count()) +
               " at least a fifth of the tokens are unknown to the model, and unrelated texts then "
               "look alike; the first is texts[" +
               std::to_string(unknown_.first) + "] with " + std::to_string(unknown_.detail) + " %",
           "use a model that knows the language of these texts"});
    }
  }

 private:
  void count_unknown(std::size_t index, std::span<const std::uint32_t> ids) {
    if (!unk_) return;
    const auto unknown = static_cast<std::size_t>(std::count(ids.begin(), ids.end(), *unk_));
    if (unknown == 0) return;
    const std::size_t real = std::max(ids.size() - std::min(special_, ids.size()), unknown);
    if (unknown * kUnknownShare >= real) unknown_.add(index, 100 * unknown / real);
  }

  const Tokenizer& tokenizer_;
  Tokenizer::Memory memory_;
  const EncodeOptions& options_;
  std::optional<std::uint32_t> unk_;
  std::size_t special_;
  bool with_type_ids_;
  Count truncated_;
  Count unknown_;
};

}  // namespace

Result<BatchTexts> tokenize_texts(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                  const TokenizeOptions& options, const Interrupt& interrupt) {
  const EncodeOptions encoding = encode_options(tokenizer, options.max_length);
  BatchTexts result;
  if (encoding.truncation.from == Setting<Truncation>::From::kValue) {
    result.max_length = encoding.truncation.value.max_length;
  }
  if (tokenizer.padding() != nullptr) result.padding = *tokenizer.padding();
  result.starts.reserve(texts.size() + 1);

  TextEncoder encoder(tokenizer, encoding, options.type_ids && tokenizer.gives_type_ids());
  FaultList faults;
  for (std::size_t i = 0; i < texts.size() && !faults.full(); ++i) {
    if (interrupt) {
      if (Status status = interrupt(); !status.ok()) return status;
    }
    if (Status status = encoder.add(texts[i], result); !status.ok()) {
      faults.add_element("texts", i, status);
      result.starts.push_back(result.ids.size());
    }
    if (result.ids.size() > options.max_tokens) return too_many_tokens(options.max_tokens);
  }
  if (!faults.empty()) return std::move(faults).status("the texts can't be tokenized");
  encoder.warn(result);
  return result;
}

}  // namespace infercore
