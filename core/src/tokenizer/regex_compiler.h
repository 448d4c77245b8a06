// From the source of a regular expression to its program; see regex.h for what is known.
#ifndef INFERCORE_TOKENIZER_REGEX_COMPILER_H_
#define INFERCORE_TOKENIZER_REGEX_COMPILER_H_

#include <string_view>

#include "infercore/status.h"
#include "tokenizer/regex.h"

namespace infercore {

/// The program ends with kMatch. Errors as Regex::compile.
Result<Regex::Program> compile_regex(std::string_view source);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_REGEX_COMPILER_H_
