// The threads that share one piece of work: a batch of texts, a search.
//
//   encode_batch(tokenizer, texts, pairs, options, fields, interrupt, threads());
#ifndef INFERCORE_NATIVE_THREADS_H_
#define INFERCORE_NATIVE_THREADS_H_

#include <cstddef>

#include "infercore/parallel.h"

namespace infercore::native {

/// The process's, the calling one among them: started with the first call and kept for good. Where
/// they are at work already, another caller works alone.
Threads* threads();

/// How many threads() gives. After its first call this changes nothing.
void set_thread_count(std::size_t count) noexcept;

/// Takes weight off the calling thread, so that the event loop gets time at once.
void give_way();

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_THREADS_H_
