// SentencePiece's own way back from pieces to text.
#ifndef INFERCORE_TOKENIZER_DECODERS_SENTENCE_PIECE_H_
#define INFERCORE_TOKENIZER_DECODERS_SENTENCE_PIECE_H_

#include <memory>
#include <string>

#include "tokenizer/decoders/decoder.h"
#include "tokenizer/formats/sentence_piece_file.h"
#include "tokenizer/normalizers/normalizer.h"

namespace infercore {

/// `denormalizer` rewrites the text in the end; nullptr where there is none.
std::unique_ptr<Decoder> make_sentence_piece_decoder(const SentencePieceFile& file,
                                                     std::unique_ptr<Normalizer> denormalizer);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_DECODERS_SENTENCE_PIECE_H_
