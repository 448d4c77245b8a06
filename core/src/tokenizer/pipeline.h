// A tokenizer's stages put together, as a file describes them.
#ifndef INFERCORE_TOKENIZER_PIPELINE_H_
#define INFERCORE_TOKENIZER_PIPELINE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/blob.h"
#include "infercore/status.h"
#include "infercore/text.h"
#include "infercore/tokenizer.h"
#include "tokenizer/added_vocabulary.h"
#include "tokenizer/decoders/decoder.h"
#include "tokenizer/draft.h"
#include "tokenizer/models/model.h"
#include "tokenizer/normalizers/normalizer.h"
#include "tokenizer/post_processors/post_processor.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {

/// Room to work in, which goes on from text to text: short texts would spend as much time on
/// allocating it as on their tokens. Not for two threads at once.
struct WorkRoom {
  bool ids_only;
  NormalizedText raw;
  Splits splits;
  Splits spare;
  std::unique_ptr<Model::Workspace> workspace;
};

/// All stages but the model may be missing. Immutable once read: any number of threads may use it,
/// and copies share the stages.
struct Pipeline {
  std::shared_ptr<const Normalizer> normalizer;
  std::shared_ptr<const PreTokenizer> pre_tokenizer;
  std::shared_ptr<const Model> model;
  std::shared_ptr<const PostProcessor> post_processor;
  std::shared_ptr<const Decoder> decoder;
  AddedVocabulary added;
  /// All of the file but its tables and added tokens: what compile() keeps of it.
  Table<char> settings;
  std::optional<Truncation> truncation;
  std::optional<Padding> padding;
  TokenizerInfo info;

  using Room = WorkRoom;
  /// With `ids_only` tokenize() makes nothing but ids.
  Room room(bool ids_only) const;

  /// Added tokens, normalizer, pre-tokenizer, model: the tokens of one text. With `ids_only` it may
  /// stop at the first word that makes more than `enough` of them.
  Result<Draft> tokenize(TextView text, std::uint32_t type_id, Room& room,
                         std::size_t enough = ~std::size_t{0}) const;

  /// How many tokens of a single text tell all that encode() answers with `options`: truncation
  /// keeps no more, and nobody asks for what it drops. The largest number where that is not so.
  std::size_t enough(const EncodeOptions& options) const;

  /// Truncation, post-processor, padding: `pair` may be missing. The lists of the result are
  /// finished by Draft::finish. `dropped` becomes how many tokens truncation took away.
  Result<Encoding> assemble(Draft text, std::optional<Draft> pair, const EncodeOptions& options,
                            std::size_t& dropped) const;

 private:
  Status split(TextView text, Room& room) const;
  Status tokenize_ids(TextView text, Room& room, std::size_t enough,
                      std::vector<std::uint32_t>& ids) const;
  Status unknown_character(TextView text, std::size_t at) const;
  void normalize(NormalizedText& piece, NormalizedText& spare, Splits& to) const;
  Result<Draft> process(Draft text, std::optional<Draft> pair, bool add_special_tokens) const;
};

/// Cuts both as `truncation` says; `reserved` tokens are kept free for special ones. Errors:
/// INVALID_OPTION, LIMIT_EXCEEDED when what overflows would fill the memory.
Status truncate(const Truncation& truncation, std::size_t reserved, Draft& text,
                std::optional<Draft>& pair);

/// Reads a tokenizer.json.
Result<Pipeline> read_pipeline(std::string_view json);

/// Reads a tokenizer.json or a file of another format (see formats/format.h), with what is said
/// beside it, as JSON.
Result<Pipeline> read_pipeline(std::string_view bytes, std::string_view config);

/// All of a pipeline in one piece of bytes. LIMIT_EXCEEDED for 4 GB and more.
Result<std::vector<std::uint8_t>> compile_pipeline(const Pipeline& pipeline);
/// The pipeline that was compiled; its tables stay in the blob.
Result<Pipeline> read_compiled_pipeline(Blob blob);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_PIPELINE_H_
