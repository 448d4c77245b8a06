// The stage of the way back: tokens to text.
//
// A new kind is one file here and one row in decoder.cc.
#ifndef INFERCORE_TOKENIZER_DECODERS_DECODER_H_
#define INFERCORE_TOKENIZER_DECODERS_DECODER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tokenizer/compiled.h"
#include "tokenizer/component.h"

namespace infercore {

class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Rewrites the tokens; in the end they are joined without anything between. LIMIT_EXCEEDED where
  /// they would have more than `limit` bytes together, or a pattern takes too long.
  virtual Status apply(std::vector<std::string>& tokens, std::size_t limit) const = 0;

  /// Memory that it holds beyond a few dozen bytes.
  virtual std::size_t bytes() const { return 0; }
  /// Writes what its JSON does not say, for a compiled tokenizer.
  virtual void save(TableWriter& /*to*/) const {}
};

/// Reads a component of the stage; nullptr with a fault when it can't.
std::unique_ptr<Decoder> read_decoder(JsonValue value, Faults& faults);

// One for each kind.
std::unique_ptr<Decoder> read_bpe_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_byte_level_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_byte_fallback_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_ctc_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_fuse_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_metaspace_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_replace_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_decoder_sequence(const Fields& fields);
std::unique_ptr<Decoder> read_strip_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_word_piece_decoder(const Fields& fields);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_DECODERS_DECODER_H_
