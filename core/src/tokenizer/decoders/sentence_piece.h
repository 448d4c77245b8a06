// SentencePiece's own way back from pieces to text.
#ifndef INFERCORE_TOKENIZER_DECODERS_SENTENCE_PIECE_H_
#define INFERCORE_TOKENIZER_DECODERS_SENTENCE_PIECE_H_

#include <memory>
#include <string>

#include "tokenizer/compiled.h"
#include "tokenizer/component.h"
#include "tokenizer/decoders/decoder.h"
#include "tokenizer/normalizers/normalizer.h"

namespace infercore {

/// What a .model says of it.
struct SentencePieceDecoding {
  std::string unk_piece;
  std::string unk_surface;           ///< what stands for it in texts
  bool byte_fallback = false;        ///< pieces like <0x61> are bytes
  bool removes_first_space = false;  ///< in front of everything
  bool removes_more = false;         ///< of every piece in front of the text
};

/// `denormalizer` rewrites the text in the end; nullptr where there is none.
std::unique_ptr<Decoder> make_sentence_piece_decoder(SentencePieceDecoding rules,
                                                     std::unique_ptr<Normalizer> denormalizer);
/// Of a compiled tokenizer: `fields` are the rules, the denormalizer's as "denormalizer". nullptr
/// with a fault in either where it can't.
std::unique_ptr<Decoder> load_sentence_piece_decoder(const Fields& fields, TableReader& from);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_DECODERS_SENTENCE_PIECE_H_
