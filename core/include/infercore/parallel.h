// Work in parts, on several threads.
//
//   Threads threads(4);                                  // this one and three more
//   const std::vector<IndexRange> parts = split(texts.size(), /*least=*/64, &threads);
//   parallel_for(&threads, parts.size(), [&](std::size_t part) { … parts[part] … });
//
// The parts' results are put together in their order, by the caller or by a `join`: then they are
// the same for any number of threads. The threads wait between calls, because a page has to have
// them before it waits for them: one that is made in the middle of a call would start when the call
// is over.
#ifndef INFERCORE_PARALLEL_H_
#define INFERCORE_PARALLEL_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace infercore {

/// Threads that take part in what their owner does. They hold no state of the work.
class Threads {
 public:
  /// `count` threads, the calling one among them; 0 counts as 1. Where the system refuses to start
  /// one, there are fewer. Each that is started calls `begin` first.
  explicit Threads(std::size_t count, void (*begin)() = nullptr);
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads();

  std::size_t count() const;

 private:
  friend void parallel_for(Threads* threads, std::size_t parts,
                           const std::function<void(std::size_t)>& work,
                           const std::function<void(std::size_t)>& join);
  struct State;
  std::unique_ptr<State> state_;
};

/// Calls work(0) … work(parts − 1), each once, in any order, on `threads` and the calling thread;
/// returns when all are done. On the calling thread alone, in order: a single part, no threads
/// (nullptr), and calls while another one is under way. What `work` throws ends the whole as
/// std::bad_alloc (the core throws only where memory can't be had, see status.h): parts that were
/// not begun are left out.
///
/// Calls join(0) … join(parts − 1), where there is one, in this order and one at a time, each as
/// soon as its part and those before it are done, on whichever thread is there: none waits for its
/// turn, and what a part made is still in a cache. What it throws ends the whole, too.
void parallel_for(Threads* threads, std::size_t parts, const std::function<void(std::size_t)>& work,
                  const std::function<void(std::size_t)>& join = nullptr);

struct IndexRange {
  std::size_t first = 0;
  std::size_t last = 0;  ///< one behind

  bool operator==(const IndexRange&) const = default;
};

/// [0, count) in ranges of at least `least`, a few for each thread so that all end at about the
/// same time. One range, perhaps an empty one, without threads.
std::vector<IndexRange> split(std::size_t count, std::size_t least, const Threads* threads);

}  // namespace infercore

#endif  // INFERCORE_PARALLEL_H_
