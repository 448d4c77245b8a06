#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {

std::unique_ptr<PreTokenizer> read_pre_tokenizer(JsonValue value, Faults& faults) {
  static constexpr Kind<PreTokenizer> kKinds[] = {
      {"Metaspace", read_metaspace},
      {"Sequence", read_pre_tokenizer_sequence},
      {"WhitespaceSplit", read_whitespace_split},
  };
  return read_kind(value, "pre-tokenizer", kKinds, faults);
}

}  // namespace infercore
