// The stage of the way back: tokens to text.
//
// A new kind is one file here and one row in decoder.cc.
#ifndef INFERCORE_TOKENIZER_DECODERS_DECODER_H_
#define INFERCORE_TOKENIZER_DECODERS_DECODER_H_

#include <memory>
#include <string>
#include <vector>

#include "tokenizer/component.h"

namespace infercore {

class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  /// Rewrites the tokens; in the end they are joined without anything between.
  virtual void apply(std::vector<std::string>& tokens) const = 0;

  /// How many times longer the text may get at most: files that let it explode are refused.
  virtual double growth() const { return 1; }
};

/// Reads a component of the stage; nullptr with a fault when it can't.
std::unique_ptr<Decoder> read_decoder(JsonValue value, Faults& faults);

// One for each kind.
std::unique_ptr<Decoder> read_byte_fallback_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_fuse_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_metaspace_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_replace_decoder(const Fields& fields);
std::unique_ptr<Decoder> read_decoder_sequence(const Fields& fields);
std::unique_ptr<Decoder> read_strip_decoder(const Fields& fields);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_DECODERS_DECODER_H_
