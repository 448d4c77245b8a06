// What stands in a SentencePiece .model: its ModelProto, a Protocol Buffers message.
//
//   SentencePieceFile file;
//   Status status = file.read(bytes);
//   file.pieces[0].text;                               // "<unk>"
#ifndef INFERCORE_TOKENIZER_FORMATS_SENTENCE_PIECE_FILE_H_
#define INFERCORE_TOKENIZER_FORMATS_SENTENCE_PIECE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/status.h"

namespace infercore {

/// How texts are rewritten before they are cut (or, in the denormalizer, after they are joined).
struct SentencePieceRules {
  std::string_view charsmap;  ///< see Charsmap
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool escape_whitespaces = true;
  bool whitespace_as_suffix = false;
};

/// Views lead into the bytes that it was read from.
struct SentencePieceFile {
  // As they are numbered in the format.
  enum class Type : std::uint8_t { kNormal = 1, kUnknown, kControl, kUserDefined, kUnused, kByte };
  enum class Algorithm : std::uint8_t { kUnigram = 1, kBpe, kWord, kChar };

  struct Piece {
    std::string_view text;
    float score = 0;
    Type type = Type::kNormal;
  };

  std::vector<Piece> pieces;  ///< by id; valid UTF-8, none empty
  Algorithm algorithm = Algorithm::kUnigram;
  bool byte_fallback = false;
  std::uint32_t unk_id = 0;  ///< of the only piece of that type
  std::string_view unk_surface = " \u2047 ";
  std::string_view bos_piece = "<s>";
  std::string_view eos_piece = "</s>";
  SentencePieceRules normalizer;
  SentencePieceRules denormalizer;

  /// Errors: NOT_A_TOKENIZER for broken bytes, and for what SentencePiece itself refuses;
  /// LIMIT_EXCEEDED.
  Status read(std::string_view bytes);
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_FORMATS_SENTENCE_PIECE_FILE_H_
