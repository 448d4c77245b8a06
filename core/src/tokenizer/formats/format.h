// Files of tokenizers that are no tokenizer.json: what is in them, told apart by their content.
//
//   format_of(bytes);                                  // Format::kTiktoken
//   FormatStages stages;
//   Status status = read_tiktoken(bytes, config, stages);
//
// Each becomes what a tokenizer.json of the same tokenizer would be: JSON for the stages that it
// knows, and for the rest the stages themselves. A new format is one file here and one row in
// read_pipeline.
#ifndef INFERCORE_TOKENIZER_FORMATS_FORMAT_H_
#define INFERCORE_TOKENIZER_FORMATS_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infercore/added_token.h"
#include "infercore/status.h"
#include "tokenizer/component.h"
#include "tokenizer/decoders/decoder.h"
#include "tokenizer/models/model.h"
#include "tokenizer/normalizers/normalizer.h"

namespace infercore {

enum class Format : std::uint8_t { kJson, kSentencePiece, kTiktoken };

/// What the bytes look like; kJson for what is neither of the others.
Format format_of(std::string_view bytes);

/// The limits of all formats, as for a tokenizer.json: each place of a text is looked at for the
/// length of the longest token, and each byte of a token may be a node of the search.
inline constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;
inline constexpr std::size_t kMaxFileTokens = std::size_t{2} << 20;
inline constexpr std::size_t kMaxFileToken = 1024;
inline constexpr std::size_t kMaxFileTexts = std::size_t{32} << 20;

/// A tokenizer's stages, of one file.
struct FormatStages {
  /// A tokenizer.json. Of the stages below it says what their tables do not, which is what a
  /// compiled tokenizer keeps beside them.
  std::string json;
  std::unique_ptr<Model> model;
  std::unique_ptr<Normalizer> normalizer;
  std::unique_ptr<Decoder> decoder;
  /// Tokens in front of those that the configuration adds.
  std::vector<AddedToken> tokens;
};

// `config` is what Tokenizer::from_bytes says; faults in it are left there.

/// A SentencePiece .model. Errors: NOT_A_TOKENIZER, UNSUPPORTED_COMPONENT, LIMIT_EXCEEDED.
Status read_sentence_piece(std::string_view bytes, const Fields& config, FormatStages& stages);

/// A .tiktoken file. Errors: NOT_A_TOKENIZER, also where nobody says what cuts its texts;
/// INVALID_INPUT for special tokens with ids that others have; LIMIT_EXCEEDED.
Status read_tiktoken(std::string_view bytes, const Fields& config, FormatStages& stages);

// What the readers have in common.

/// NOT_A_TOKENIZER: `before`, the number, `after`, and the name between quotation marks, if any.
Status not_the_format(std::string_view before, std::uint64_t number, std::string_view after,
                      std::string_view name = {});
/// LIMIT_EXCEEDED: "expected `what` of at most `most` bytes, received …".
Status too_large(std::string_view what, std::uint64_t most, std::uint64_t received);

/// Appends members that are true or false, each with a comma in front.
void append_flags(std::initializer_list<std::pair<std::string_view, bool>> flags, std::string& to);

/// Appends the member "post_processor" to stages.json, with a comma: what `config` puts in front of
/// each text ("bos") and behind it ("eos"), which are tokens of the model; texts may hold them. A
/// fault, where one is missing.
void append_around(const Fields& config, std::string_view own_bos, std::string_view own_eos,
                   FormatStages& stages);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_FORMATS_FORMAT_H_
