// The stage that puts special tokens around a text, or around a text and its pair.
//
// A new kind is one file here and one row in post_processor.cc.
#ifndef INFERCORE_TOKENIZER_POST_PROCESSORS_POST_PROCESSOR_H_
#define INFERCORE_TOKENIZER_POST_PROCESSORS_POST_PROCESSOR_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "tokenizer/component.h"
#include "tokenizer/draft.h"

namespace infercore {

class PostProcessor {
 public:
  PostProcessor() = default;
  PostProcessor(const PostProcessor&) = delete;
  PostProcessor& operator=(const PostProcessor&) = delete;
  virtual ~PostProcessor() = default;

  /// How many tokens it puts in.
  virtual std::size_t added_tokens(bool pair) const = 0;

  /// May a token of a single text get a type id other than 0?
  virtual bool gives_type_ids() const = 0;

  /// Replaces the encodings of the text and, where there is one, the pair by a list whose entries
  /// are merged in the end. With `add_special_tokens` false only type ids are set.
  /// LIMIT_EXCEEDED where what overflowed would be copied too often.
  virtual Status process(std::vector<Draft>& drafts, bool add_special_tokens) const = 0;

  /// Memory that it holds beyond a few dozen bytes.
  virtual std::size_t bytes() const { return 0; }
};

/// Reads a component of the stage; nullptr with a fault when it can't.
std::unique_ptr<PostProcessor> read_post_processor(JsonValue value, Faults& faults);

// One for each kind.
std::unique_ptr<PostProcessor> read_bert_processing(const Fields& fields);
std::unique_ptr<PostProcessor> read_byte_level_processor(const Fields& fields);
std::unique_ptr<PostProcessor> read_roberta_processing(const Fields& fields);
std::unique_ptr<PostProcessor> read_post_processor_sequence(const Fields& fields);
std::unique_ptr<PostProcessor> read_template_processing(const Fields& fields);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_POST_PROCESSORS_POST_PROCESSOR_H_
