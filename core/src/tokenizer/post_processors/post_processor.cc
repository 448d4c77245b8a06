#include "tokenizer/post_processors/post_processor.h"

namespace infercore {

std::unique_ptr<PostProcessor> read_post_processor(JsonValue value, Faults& faults) {
  static constexpr Kind<PostProcessor> kKinds[] = {
      {"RobertaProcessing", read_roberta_processing, true},  // has the fields of the next as well
      {"BertProcessing", read_bert_processing, true},
      {"ByteLevel", read_byte_level_processor, true},
      {"Sequence", read_post_processor_sequence},
      {"TemplateProcessing", read_template_processing, true},
  };
  return read_kind(value, "post-processor", kKinds, faults);
}

}  // namespace infercore
