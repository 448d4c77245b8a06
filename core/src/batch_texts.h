// The tokens of all texts of a BatchJob, in flat lists.
#ifndef INFERCORE_SRC_BATCH_TEXTS_H_
#define INFERCORE_SRC_BATCH_TEXTS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "infercore/interrupt.h"
#include "infercore/parallel.h"
#include "infercore/status.h"
#include "infercore/text.h"
#include "infercore/tokenizer.h"
#include "infercore/warning.h"

namespace infercore {

struct BatchTexts {
  std::vector<std::uint32_t> ids;
  /// As long as ids, or empty when all are 0, as nearly always.
  std::vector<std::uint32_t> type_ids;
  /// Text i has ids[starts[i]] to ids[starts[i + 1] − 1].
  std::vector<std::size_t> starts = {0};
  std::size_t longest = 0;
  /// The most tokens that truncation leaves, 0 when nothing is cut.
  std::size_t max_length = 0;
  Padding padding;
  std::vector<Warning> warnings;

  std::size_t count() const { return starts.size() - 1; }
  std::size_t length(std::size_t text) const { return starts[text + 1] - starts[text]; }
};

struct TokenizeOptions {
  std::size_t max_length = 0;  ///< 0: what the tokenizer's file says; else the smaller of both
  bool type_ids = true;  ///< false leaves them out: they may cost a full encoding of each text
  std::size_t max_tokens = std::numeric_limits<std::uint32_t>::max();  ///< of all texts
};

/// Encodes each text once, with special tokens, on all `threads`. LIMIT_EXCEEDED beyond
/// options.max_tokens.
Result<BatchTexts> tokenize_texts(const Tokenizer& tokenizer, std::span<const TextView> texts,
                                  const TokenizeOptions& options, const Interrupt& interrupt,
                                  Threads* threads = nullptr);

}  // namespace infercore

#endif  // INFERCORE_SRC_BATCH_TEXTS_H_
