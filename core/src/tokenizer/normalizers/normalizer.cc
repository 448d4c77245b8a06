#include "tokenizer/normalizers/normalizer.h"

namespace infercore {

std::unique_ptr<Normalizer> read_normalizer(JsonValue value, Faults& faults) {
  static constexpr Kind<Normalizer> kKinds[] = {
      {"BertNormalizer", read_bert_normalizer, true},
      {"ByteLevel", read_byte_level_normalizer},
      {"Lowercase", read_lowercase},
      {"NFC", read_nfc},
      {"NFD", read_nfd},
      {"NFKC", read_nfkc},
      {"NFKD", read_nfkd},
      {"Nmt", read_nmt},
      {"Precompiled", read_precompiled, true},
      {"Prepend", read_prepend, true},
      {"Replace", read_replace, true},
      {"Sequence", read_normalizer_sequence, true},
      {"Strip", read_strip, true},
      {"StripAccents", read_strip_accents},
  };
  return read_kind(value, "normalizer", kKinds, faults);
}

}  // namespace infercore
