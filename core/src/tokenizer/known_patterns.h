// Scanners for the regular expressions that most tokenizers cut texts with: they find what the
// expression finds, many times faster than the general matcher.
#ifndef INFERCORE_TOKENIZER_KNOWN_PATTERNS_H_
#define INFERCORE_TOKENIZER_KNOWN_PATTERNS_H_

#include <memory>
#include <span>
#include <string_view>

#include "tokenizer/pattern.h"

namespace infercore {

/// What GPT-2 cuts texts with, and ByteLevel ever since.
extern const std::string_view kGpt2Pattern;
extern const std::string_view kCl100kPattern;  ///< of GPT-3.5 and 4, and Llama 3
extern const std::string_view kQwenPattern;
extern const std::string_view kO200kPattern;  ///< of GPT-4o

/// The scanner for exactly this expression; nullptr where there is none.
std::unique_ptr<Pattern> known_pattern(std::string_view source);

/// All expressions that have a scanner, for tests.
std::span<const std::string_view> known_pattern_sources();

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_KNOWN_PATTERNS_H_
