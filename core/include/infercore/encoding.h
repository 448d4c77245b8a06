// What tokenization made of one text: parallel lists, one entry a token.
#ifndef INFERCORE_ENCODING_H_
#define INFERCORE_ENCODING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace infercore {

struct Encoding {
  /// "No word" and "no sequence": special tokens and padding belong to none.
  static constexpr std::int32_t kNone = -1;

  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> type_ids;
  std::vector<std::string> tokens;
  /// Start and end in code units of the original text (or of the pair, see sequence_ids); {0, 0}
  /// for special tokens.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> offsets;
  std::vector<std::int32_t> word_ids;      ///< kNone where the token belongs to no word
  std::vector<std::int32_t> sequence_ids;  ///< 0 text, 1 pair, kNone
  std::vector<std::uint8_t> special_tokens_mask;
  std::vector<std::uint8_t> attention_mask;
  std::vector<Encoding> overflowing;  ///< what truncation cut off

  /// What padding gets in sequence_ids: kNone, or 0 where no post-processor told the text from the
  /// rest, so that all of it counts as the text.
  std::int32_t pad_sequence_id = kNone;

  std::size_t size() const noexcept { return ids.size(); }
};

}  // namespace infercore

#endif  // INFERCORE_ENCODING_H_
