// How a number of a JSON file becomes a double: the reference tokenizer's way.
//
//   read_json_number("0.1");                           // 0.1
//
// The digits are read as one integer, which is then multiplied or divided by a power of ten: two
// roundings, so the last bit may differ from the nearest double. Scores of a vocabulary must be
// read that way: where two ways to cut a word are equally good, that bit decides.
#ifndef INFERCORE_JSON_NUMBER_H_
#define INFERCORE_JSON_NUMBER_H_

#include <string_view>

namespace infercore {

/// `text` must be a JSON number. Infinity when it is too large for a double.
double read_json_number(std::string_view text) noexcept;

}  // namespace infercore

#endif  // INFERCORE_JSON_NUMBER_H_
