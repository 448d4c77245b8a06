// A .tiktoken file as stages: BPE over bytes, in the order of the ranks.
#include <algorithm>
#include <map>
#include <utility>

#include "json_writer.h"
#include "tokenizer/added_vocabulary.h"
#include "tokenizer/byte_alphabet.h"
#include "tokenizer/formats/format.h"
#include "tokenizer/formats/ranked_merges.h"
#include "tokenizer/formats/tiktoken_lines.h"
#include "tokenizer/known_patterns.h"
#include "tokenizer/models/bpe.h"
#include "tokenizer/pattern.h"

namespace infercore {
namespace {

constexpr std::uint32_t kMaxRank = (std::uint32_t{1} << 24) - 1;

/// FNV-1a (Fowler, Noll and Vo): which file it is; nothing hangs on who could forge it.
class Fingerprint {
 public:
  void add(std::string_view token, std::uint32_t rank) {
    for (const char byte : token) add(static_cast<unsigned char>(byte));
    for (int i = 0; i < 4; ++i) add(static_cast<unsigned char>(rank >> (8 * i)));
  }
  std::uint64_t value() const { return value_; }

 private:
  void add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3U; }
  std::uint64_t value_ = 0xCBF29CE484222325U;
};

/// The file's tokens.
struct Ranks {
  VocabularyBuilder vocabulary;  ///< in the visible alphabet
  std::vector<bool> taken;       ///< by id, which is the rank
  Fingerprint fingerprint;

  Status read(std::string_view bytes);
  bool has(std::uint32_t id) const { return id < taken.size() && taken[id]; }
  /// By index of `all`, in which there are others, too.
  std::vector<std::uint32_t> ranks_in(const Vocabulary& all) const;
};

Status Ranks::read(std::string_view bytes) {
  if (bytes.size() > kMaxFileBytes) {
    return too_large("files, in bytes,", kMaxFileBytes, bytes.size());
  }
  std::string visible;
  std::size_t total = 0;
  std::size_t count = 0;
  std::size_t single = 0;
  vocabulary.reserve(std::min(bytes.size() / 16, kMaxFileTokens));
  TiktokenLines lines(bytes);
  for (; lines.next(); ++count) {
    const std::string& token = lines.token();
    visible.clear();
    append_visible(token, visible);
    total += visible.size();
    if (token.size() > kMaxFileToken) {
      return too_large("tokens, in bytes,", kMaxFileToken, token.size());
    }
    if (total > kMaxFileTexts) return too_large("tokens together, in bytes,", kMaxFileTexts, total);
    if (count == kMaxFileTokens) return too_large("tokens, in number,", kMaxFileTokens, count + 1);
    if (lines.rank() > kMaxRank) return too_large("ranks", kMaxRank, lines.rank());
    vocabulary.add(visible, lines.rank());
    if (taken.size() <= lines.rank()) taken.resize(lines.rank() + 1);
    if (vocabulary.size() == count || taken[lines.rank()]) {
      return not_the_format("expected each token and rank once, received one again in line ",
                            lines.number(), ": ", visible);
    }
    taken[lines.rank()] = true;
    fingerprint.add(token, lines.rank());
    if (token.size() == 1) ++single;  // none comes twice
  }
  if (!lines.ok()) {
    return not_the_format("expected a token in base64, a space and a rank for line ",
                          lines.number(), "");
  }
  if (single < 256) {
    return not_the_format("expected each of the 256 bytes to be a token, received ", single, "");
  }
  return {};
}

std::vector<std::uint32_t> Ranks::ranks_in(const Vocabulary& all) const {
  std::vector<std::uint32_t> ranks;
  ranks.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint32_t id = all.id_at(i);
    ranks.push_back(has(id) ? id : Vocabulary::kNoId);
  }
  return ranks;
}

/// What is not in the files of well-known models.
struct Known {
  std::uint64_t fingerprint;
  std::string_view pattern;
  bool composes;  ///< texts are brought to NFC first
  std::uint32_t id;
  /// Special tokens, the first with `id`. "+3" leaves so many ids out; "4*<|x_" is four of them,
  /// with a number and "|>" behind, which goes on counting.
  std::string_view tokens;
};

const Known* find_known(std::uint64_t fingerprint) {
  static const Known kKnown[] = {
      // r50k_base, of GPT-2 and GPT-3; p50k_base; of GPT-3.5 and GPT-4; of GPT-4o
      {0xE84DB5C64BCED13C, kGpt2Pattern, false, 50256, "<|endoftext|>"},
      {0x6616BAF4BF778C00, kGpt2Pattern, false, 50256, "<|endoftext|>"},
      {0x31EF14B1712DB7C4, kCl100kPattern, false, 100257,
       "<|endoftext|> <|fim_prefix|> <|fim_middle|> <|fim_suffix|> +15 <|endofprompt|>"},
      {0x18D051CEF1894E54, kO200kPattern, false, 199999, "<|endoftext|> +18 <|endofprompt|>"},
      // Llama 3; Qwen
      {0x2E50C6848E765CC7, kCl100kPattern, false, 128000,
       "<|begin_of_text|> <|end_of_text|> 4*<|reserved_special_token_ <|start_header_id|> "
       "<|end_header_id|> 1*<|reserved_special_token_ <|eot_id|> 246*<|reserved_special_token_"},
      {0xD3493E0C07B790A4, kQwenPattern, true, 151643,
       "<|endoftext|> <|im_start|> <|im_end|> 205*<|extra_"},
  };
  for (const Known& known : kKnown) {
    if (known.fingerprint == fingerprint) return &known;
  }
  return nullptr;
}

/// Special tokens with their ids.
struct Specials {
  std::vector<std::uint32_t> ids;
  std::vector<AddedToken> tokens;

  void add(std::uint32_t id, std::string_view content) {
    ids.push_back(id);
    AddedToken& token = tokens.emplace_back();
    token.content = content;
    token.special = true;
  }
};

void add_known(const Known& known, Specials& to) {
  std::uint32_t id = known.id;
  std::uint32_t counter = 0;
  for (std::string_view rest = known.tokens; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    std::string_view name = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool skips = name[0] == '+';
    if (skips) name.remove_prefix(1);
    std::uint32_t count = 0;
    for (; !name.empty() && name[0] >= '0' && name[0] <= '9'; name.remove_prefix(1)) {
      count = count * 10 + static_cast<std::uint32_t>(name[0] - '0');
    }
    if (skips) {
      id += count;
      continue;
    }
    const bool numbered = name[0] == '*';
    for (std::uint32_t i = 0; i < (numbered ? count : 1); ++i) {
      to.add(id++, name.substr(numbered ? 1 : 0));
      if (!numbered) continue;
      to.tokens.back().content += std::to_string(counter++);
      to.tokens.back().content += "|>";
    }
  }
}

/// Those of the configuration; read_pipeline adds them, here their ids are wanted.
void add_said(const Fields& config, Specials& to) {
  for (const JsonValue value : config.get("added_tokens")) {
    const JsonValue content = value.get("content");
    const auto id = value.get("id").integer(kMaxRank);
    if (!content.is(JsonType::kString) || content.string().empty()) continue;
    if (!id) {
      config.faults().expect(value.get("id"), "an integer from 0 to " + std::to_string(kMaxRank));
      continue;
    }
    to.add(static_cast<std::uint32_t>(*id), content.string());
  }
}

/// Special tokens keep the ids that are said, so they are part of the vocabulary.
Status add_to_vocabulary(const Specials& specials, Ranks& file) {
  for (std::size_t i = 0; i < specials.ids.size(); ++i) {
    const std::uint32_t id = specials.ids[i];
    const std::string& content = specials.tokens[i].content;
    const std::uint32_t known = file.vocabulary.find(content);
    if (known == Vocabulary::kNoId ? file.has(id) : known != id) {
      return not_the_format("expected an id that no other token has, received ", id, " for ",
                            content);
    }
  }
  std::map<std::uint32_t, std::string_view> said;
  for (std::size_t i = 0; i < specials.ids.size(); ++i) {
    const std::string& content = specials.tokens[i].content;
    const auto [other, is_new] = said.emplace(specials.ids[i], content);
    if (!is_new && other->second != content) {
      return not_the_format("expected an id that no other token has, received ", specials.ids[i],
                            " for ", content);
    }
  }
  for (std::size_t i = 0; i < specials.ids.size(); ++i) {
    file.vocabulary.add(specials.tokens[i].content, specials.ids[i]);
  }
  return {};
}

}  // namespace

Status read_tiktoken(std::string_view bytes, const Fields& config, FormatStages& stages) {
  Ranks file;
  if (Status status = file.read(bytes); !status.ok()) return status;
  const JsonValue said = config.get("pat_str");
  const std::string_view pattern = said.is_null() ? std::string_view() : config.string("pat_str");
  if (!pattern.empty()) static_cast<void>(read_regex(said, config.faults()));
  if (!config.faults().empty()) return {};
  const Known* known = find_known(file.fingerprint.value());
  if (known == nullptr && pattern.empty()) {
    return Status(
        Code::kNotATokenizer,
        "the tokenizer can't be read: expected pat_str in config, or the .tiktoken file of "
        "a well-known model",
        "the file says neither how texts are cut nor its special tokens: "
        "Tokenizer.from({ vocab, config: { pat_str, special_tokens } })");
  }
  Specials specials;
  if (!config.get("added_tokens").is_null()) {
    add_said(config, specials);
  } else if (known != nullptr) {
    add_known(*known, specials);
    stages.tokens = specials.tokens;
  }
  if (Status status = add_to_vocabulary(specials, file); !status.ok()) return status;
  Vocabulary vocabulary = std::move(file.vocabulary).finish();
  std::vector<BpeMerge> merges;
  if (Status status = ranked_merges(vocabulary, file.ranks_in(vocabulary), merges); !status.ok()) {
    return status;
  }
  BpeOptions options;
  options.ignore_merges = true;
  options.first_new_id = std::size_t{vocabulary.id_at(vocabulary.size() - 1)} + 1;
  stages.model = std::make_unique<Bpe>(std::move(vocabulary), merges, std::move(options));
  const std::string_view byte_level =
      R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false})";
  std::string& json = stages.json;
  json = "{";
  append_around(config, {}, {}, stages);
  if (pattern.empty() && known->composes) json += R"("normalizer":{"type":"NFC"},)";
  json += R"("pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split",)"
          R"("behavior":"Isolated","invert":false,"pattern":{"Regex":)";
  append_json_string(pattern.empty() ? known->pattern : pattern, json);
  json += "}},";
  json += byte_level;
  json += "]},\"decoder\":";
  json += byte_level;
  json += R"(,"model":{"type":"BPE","ignore_merges":true}})";
  return {};
}

}  // namespace infercore
