#include "tokenizer/decoders/decoder.h"

namespace infercore {

std::unique_ptr<Decoder> read_decoder(JsonValue value, Faults& faults) {
  static constexpr Kind<Decoder> kKinds[] = {
      {"BPEDecoder", read_bpe_decoder, true},
      {"ByteFallback", read_byte_fallback_decoder},
      {"ByteLevel", read_byte_level_decoder, true},
      {"CTC", read_ctc_decoder, true},
      {"Fuse", read_fuse_decoder},
      {"Metaspace", read_metaspace_decoder},
      {"Replace", read_replace_decoder, true},
      {"Sequence", read_decoder_sequence},
      {"Strip", read_strip_decoder, true},
      {"WordPiece", read_word_piece_decoder, true},
  };
  return read_kind(value, "decoder", kKinds, faults);
}

}  // namespace infercore
