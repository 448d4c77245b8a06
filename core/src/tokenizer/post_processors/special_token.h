// A special token as older post-processors name it in a file: ["[CLS]", 101].
#ifndef INFERCORE_TOKENIZER_POST_PROCESSORS_SPECIAL_TOKEN_H_
#define INFERCORE_TOKENIZER_POST_PROCESSORS_SPECIAL_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "tokenizer/component.h"

namespace infercore {

struct SpecialToken {
  std::string token;
  std::uint32_t id;
};

SpecialToken read_special_token(const Fields& fields, std::string_view key);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_POST_PROCESSORS_SPECIAL_TOKEN_H_
