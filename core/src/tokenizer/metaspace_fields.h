// What the pre-tokenizer and the decoder Metaspace have in common: their members in a file.
#ifndef INFERCORE_TOKENIZER_METASPACE_FIELDS_H_
#define INFERCORE_TOKENIZER_METASPACE_FIELDS_H_

#include <cstdint>
#include <string>

#include "tokenizer/component.h"

namespace infercore {

/// When the replacement is put in front: always, only where the original text starts, never.
enum class PrependScheme : std::uint8_t { kAlways, kFirst, kNever };

struct MetaspaceFields {
  std::string replacement;  ///< of a space: one character in UTF-8
  PrependScheme scheme = PrependScheme::kAlways;
  bool split = true;
};

/// Reads the members of today and of older files, where `add_prefix_space` stood for the scheme.
MetaspaceFields read_metaspace_fields(const Fields& fields);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_METASPACE_FIELDS_H_
