// What tokenizing keeps from text to text, lent for one part of a batch after another: a thread
// finds the words of the parts before.
//
//   Memories memories;                                 // of a batch
//   Memories::Loan memory(memories);                   // of a part
//   tokenizer.encode_ids(text, {}, options, ids, memory.get());
#ifndef INFERCORE_SRC_MEMORIES_H_
#define INFERCORE_SRC_MEMORIES_H_

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "infercore/tokenizer.h"

namespace infercore {

/// As many as there are parts at a time. For several threads at once.
class Memories {
 public:
  class Loan {
   public:
    explicit Loan(Memories& owner) : owner_(owner), memory_(owner.take()) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { owner_.put_back(std::move(memory_)); }

    Tokenizer::Memory& get() noexcept { return memory_; }

   private:
    Memories& owner_;
    Tokenizer::Memory memory_;
  };

 private:
  Tokenizer::Memory take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) {
      free_.reserve(++made_);  // so that it has room when it comes back
      return {};
    }
    Tokenizer::Memory memory = std::move(free_.back());
    free_.pop_back();
    return memory;
  }
  void put_back(Tokenizer::Memory memory) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(memory));
  }

  std::mutex mutex_;
  std::vector<Tokenizer::Memory> free_;
  std::size_t made_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_SRC_MEMORIES_H_
