#include "tokenizer/pipeline.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenizer/pattern.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

// Offsets are 32 bits wide, and on 32-bit targets so are sizes, of which a text needs several times
// its own.
constexpr std::size_t kMaxUnits = std::size_t{1} << 29;

/// About as many as in English: room for ids, which grows where there are fewer.
constexpr std::size_t kBytesPerToken = 4;

/// Tokens that all merges of one text may write together.
constexpr std::size_t kMaxMergeWork = std::size_t{1} << 26;

/// Normal forms grow a text elevenfold at worst; a file whose rules do far more is hostile.
std::size_t growth_limit(std::size_t size) {
  const std::uint64_t limit = (std::uint64_t{1} << 20) + std::uint64_t{size} * 64;
  return static_cast<std::size_t>(std::min<std::uint64_t>(limit, kMaxUnits * 2));
}

/// Characters of `text` before the code unit `end`.
std::size_t count_characters(TextView text, std::size_t end) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < end; ++count) {
    at += text.is_utf16() ? unicode::decode_utf16(text.utf16(), at).units
                          : unicode::decode_utf8(text.utf8(), at).units;
  }
  return count;
}

/// The encoding and all that overflowed, each of which is padded.
std::uint64_t count_of(const Encoding& encoding) {
  std::uint64_t count = 1;
  for (const Encoding& other : encoding.overflowing) count += count_of(other);
  return count;
}

Status too_long(std::string_view what) {
  return Status(Code::kLimitExceeded, "expected " + std::string(what) + " of at most " +
                                          std::to_string(kMaxUnits) +
                                          " code units, received a longer one");
}

}  // namespace

void Pipeline::normalize(NormalizedText& piece, NormalizedText& spare, Splits& to) const {
  if (normalizer != nullptr) normalizer->apply(piece, spare);
  to.text.take_excess(piece);
  if (piece.empty()) return;
  const std::size_t base = to.text.size();
  if (base == 0) {
    const std::size_t limit = to.text.limit;
    to.text.swap(piece);
    to.text.limit = limit;
  } else {
    to.text.append_from(piece, 0, piece.size());
  }
  if (!added.has_normalized()) {
    to.add(base, to.text.size());
    return;
  }
  std::vector<AddedVocabulary::Part> parts;
  added.split_normalized(std::string_view(to.text.bytes).substr(base), parts);
  for (const AddedVocabulary::Part& part : parts) {
    if (part.token != Split::kWord) to.covered += part.end - part.begin;
    if (to.covered > to.text.limit) {
      to.text.overflowed = true;
      return;
    }
    to.add(base + part.begin, base + part.end, part.token);
  }
}

Pipeline::Room Pipeline::room(bool ids_only) const {
  const bool aligned = !ids_only || (pre_tokenizer != nullptr && pre_tokenizer->needs_origins());
  return {ids_only, NormalizedText(aligned), Splits(aligned), Splits(aligned), model->workspace()};
}

Status Pipeline::split(TextView text, Room& room) const {
  NormalizedText& raw = room.raw;
  Splits& splits = room.splits;
  Splits& spare = room.spare;
  raw.clear();
  splits.clear();
  spare.clear();
  raw.assign(text, 0, text.size());
  const std::size_t limit = growth_limit(raw.size());
  raw.limit = splits.text.limit = spare.text.limit = limit;
  std::vector<AddedVocabulary::Part> parts;
  if (added.has_raw()) added.split_raw(raw.bytes, parts);
  if (parts.empty() || (parts.size() == 1 && parts[0].token == Split::kWord)) {
    normalize(raw, spare.text, splits);
  } else {
    NormalizedText piece(raw.aligned);
    for (const AddedVocabulary::Part& part : parts) {
      if (part.token != Split::kWord) {
        const std::size_t begin = splits.text.size();
        splits.text.append_from(raw, part.begin, part.end);
        splits.add(begin, splits.text.size(), part.token);
        continue;
      }
      piece.restart(raw);
      piece.start = raw.origin_at(part.begin).start;
      piece.append_from(raw, part.begin, part.end);
      normalize(piece, spare.text, splits);
    }
  }
  if (pre_tokenizer != nullptr && !splits.text.overflowed) pre_tokenizer->apply(splits, spare);
  if (!splits.text.overflowed) return {};
  if (splits.text.exhausted) return Pattern::too_many_steps();
  return Status(Code::kLimitExceeded,
                "expected rules that make the text at most " + std::to_string(limit) +
                    " bytes long, received ones that make it longer",
                "the tokenizer's normalizer replaces short strings by long ones again and again");
}

/// The model gave up at byte `at` of the normalised text. Where that came from is worth a second
/// look at the text, with alignment, only here.
Status Pipeline::unknown_character(TextView text, std::size_t at) const {
  Room aligned = room(false);
  if (Status status = split(text, aligned); !status.ok()) return status;
  const NormalizedText& normal = aligned.splits.text;
  std::array<char, 12> code{};
  std::snprintf(code.data(), code.size(), "U+%04X",
                static_cast<unsigned>(unicode::decode_valid(&normal.bytes[at])));
  return Status(
      Code::kInvalidInput,
      "expected only characters that the tokenizer's vocabulary has, received " +
          std::string(code.data()) + " for character " +
          std::to_string(count_characters(text, normal.origins[at].start)) +
          " of the text (counted from 0)",
      "the tokenizer's file has no token for unknown characters (model.unk_id, model.unk_token)");
}

std::size_t Pipeline::enough(const EncodeOptions& options) const {
  const Truncation* cut = options.truncation.resolve(truncation ? &*truncation : nullptr);
  const bool rest_matters =
      options.counts_dropped || cut == nullptr || cut->direction == Direction::kLeft ||
      !model->takes_everything();  // an unknown character in the rest is an error
  return rest_matters ? ~std::size_t{0} : cut->max_length;
}

Result<Draft> Pipeline::tokenize(TextView text, std::uint32_t type_id, Room& room,
                                 std::size_t enough) const {
  if (text.size() > kMaxUnits) return too_long("a text");
  if (Status status = split(text, room); !status.ok()) return status;

  const Splits& splits = room.splits;
  Draft draft(room.ids_only);
  draft.text = text;
  if (room.ids_only) {
    draft.encoding.ids.reserve(std::min(splits.text.size() / kBytesPerToken, enough));
    if (Status status = tokenize_ids(text, room, enough, draft.encoding.ids); !status.ok()) {
      return status;
    }
    return draft;
  }
  const std::string_view bytes = splits.text.bytes;
  std::vector<Token> tokens;
  for (std::size_t word = 0; word < splits.list.size(); ++word) {
    const Split& part = splits.list[word];
    const std::string_view piece = bytes.substr(part.begin, part.end - part.begin);
    tokens.clear();
    if (part.token != Split::kWord) {
      tokens.push_back({part.token, 0, part.end - part.begin, false});
    } else if (!model->tokenize(piece, *room.workspace, tokens)) {
      return unknown_character(text, part.begin + room.workspace->unknown_at);
    }
    for (const Token& token : tokens) {
      const std::string_view own = piece.substr(token.begin, token.end - token.begin);
      draft.add(token.id, type_id, token.vocabulary_text ? *model->id_to_token(token.id) : own,
                {splits.text.origins[part.begin + token.begin].start,
                 splits.text.origins[part.begin + token.end - 1].end},
                static_cast<std::int32_t>(word));
    }
  }
  return draft;
}

/// The model gets words that stand in a row together: it is faster with several.
Status Pipeline::tokenize_ids(TextView text, Room& room, std::size_t enough,
                              std::vector<std::uint32_t>& ids) const {
  const std::vector<Split>& list = room.splits.list;
  const std::string_view bytes = room.splits.text.bytes;
  std::array<std::string_view, 64> words;
  for (std::size_t next = 0; next < list.size() && ids.size() <= enough;) {
    if (list[next].token != Split::kWord) {
      ids.push_back(list[next++].token);
      continue;
    }
    std::size_t count = 0;
    for (; count < words.size() && next + count < list.size(); ++count) {
      const Split& part = list[next + count];
      if (part.token != Split::kWord) break;
      words[count] = bytes.substr(part.begin, part.end - part.begin);
    }
    if (!model->tokenize_words(std::span(words).first(count), *room.workspace, ids)) {
      const Split& part = list[next + room.workspace->unknown_word];
      return unknown_character(text, part.begin + room.workspace->unknown_at);
    }
    next += count;
  }
  return {};
}

Result<Draft> Pipeline::process(Draft text, std::optional<Draft> pair,
                                bool add_special_tokens) const {
  std::vector<Draft> drafts;
  drafts.push_back(std::move(text));
  if (pair) drafts.push_back(*std::move(pair));
  if (drafts.size() > 1 || post_processor != nullptr) {
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      drafts[i].set_sequence(i);
      if (post_processor == nullptr) continue;
      drafts[i].set_type_ids(static_cast<std::uint32_t>(i));
      for (Draft& other : drafts[i].overflowing) other.set_sequence(i);
    }
  }
  if (post_processor != nullptr) {
    if (Status status = post_processor->process(drafts, add_special_tokens); !status.ok()) {
      return status;
    }
  }
  // Nothing is beside it, and ids alone have nothing that merging would move.
  if (drafts.size() == 1 && (post_processor == nullptr || drafts[0].ids_only)) {
    return Result<Draft>(std::move(drafts[0]));
  }
  Draft all(drafts.empty() || drafts[0].ids_only);
  std::size_t work = kMaxMergeWork;
  for (const Draft& draft : drafts) {
    std::size_t room = std::min(work, Draft::kMaxOverflow);
    const std::size_t before = room;
    if (!all.can_merge(draft, room)) return Draft::too_much_overflow();
    work -= before - room;
    all.merge(draft);
  }
  return all;
}

Result<Encoding> Pipeline::assemble(Draft text, std::optional<Draft> pair,
                                    const EncodeOptions& options, std::size_t& dropped) const {
  const std::size_t before = text.size() + (pair ? pair->size() : 0);
  if (const Truncation* cut = options.truncation.resolve(truncation ? &*truncation : nullptr)) {
    const bool adds = post_processor != nullptr && options.add_special_tokens;
    const std::size_t reserved = adds ? post_processor->added_tokens(pair.has_value()) : 0;
    if (Status status = truncate(*cut, reserved, text, pair); !status.ok()) return status;
  }
  dropped = before - text.size() - (pair ? pair->size() : 0);
  Result<Draft> whole = process(std::move(text), std::move(pair), options.add_special_tokens);
  if (!whole.ok()) return whole.status();
  Encoding encoding = (*std::move(whole)).finish();
  if (const Padding* fill = options.padding.resolve(padding ? &*padding : nullptr)) {
    const std::size_t length = std::max(fill->length.value_or(0), encoding.size());
    if (!encoding.overflowing.empty() &&
        count_of(encoding) * (length + fill->multiple_of) > Draft::kMaxOverflow) {
      return Draft::too_much_overflow();
    }
    pad({&encoding, 1}, *fill);
  }
  return encoding;
}

}  // namespace infercore
