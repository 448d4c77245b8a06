#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace infercore {

std::unique_ptr<PreTokenizer> read_pre_tokenizer(JsonValue value, Faults& faults) {
  static constexpr Kind<PreTokenizer> kKinds[] = {
      {"BertPreTokenizer", read_bert_pre_tokenizer},
      {"ByteLevel", read_byte_level},
      {"CharDelimiterSplit", read_char_delimiter_split},
      {"Digits", read_digits},
      {"FixedLength", read_fixed_length},
      {"Metaspace", read_metaspace},
      {"Punctuation", read_punctuation},
      {"Sequence", read_pre_tokenizer_sequence},
      {"Split", read_split},
      {"UnicodeScripts", read_unicode_scripts},
      {"Whitespace", read_whitespace},
      {"WhitespaceSplit", read_whitespace_split},
  };
  return read_kind(value, "pre-tokenizer", kKinds, faults);
}

}  // namespace infercore
