#include "infercore/parallel.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <thread>

namespace infercore {
namespace {

using Work = std::function<void(std::size_t)>;

constexpr std::size_t kPartsPerThread = 4;

}  // namespace

struct Threads::State {
  std::mutex mutex;
  std::condition_variable begun;
  std::condition_variable ended;
  std::vector<std::thread> threads;

  // Guarded by the mutex. `work` is set while a call is under way.
  const Work* work = nullptr;
  const Work* join = nullptr;
  std::size_t parts = 0;
  std::size_t next = 0;
  std::size_t running = 0;
  std::vector<char> done;  ///< parts that wait for their join
  std::size_t joined = 0;
  bool joining = false;
  bool failed = false;
  bool stopping = false;

  bool waiting_parts() const { return work != nullptr && next < parts; }
  void call(const Work& what, std::size_t part, std::unique_lock<std::mutex>& lock);
  void join_parts(std::unique_lock<std::mutex>& lock);
  void take_parts(std::unique_lock<std::mutex>& lock);
  void stay();
  bool run(std::size_t count, const Work& what, const Work& then);
};

/// Without the lock, which is held before and after.
void Threads::State::call(const Work& what, std::size_t part, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  bool thrown = false;
  try {
    what(part);
  } catch (...) {  // memory that can't be had; an exception must not leave its thread
    thrown = true;
  }
  lock.lock();
  if (thrown) {
    failed = true;
    next = parts;
  }
}

/// What is ready. A thread that comes while another one is here leaves its part to that one.
void Threads::State::join_parts(std::unique_lock<std::mutex>& lock) {
  if (joining) return;
  joining = true;
  for (; joined < parts && done[joined] != 0 && !failed; ++joined) call(*join, joined, lock);
  joining = false;
}

/// Works as long as there are parts. The lock is held before and after.
void Threads::State::take_parts(std::unique_lock<std::mutex>& lock) {
  while (waiting_parts()) {
    const std::size_t part = next++;
    ++running;
    call(*work, part, lock);
    if (*join) {
      done[part] = 1;
      join_parts(lock);
    }
    --running;
  }
  if (running == 0) ended.notify_all();
}

/// A thread's whole life.
void Threads::State::stay() {
  std::unique_lock lock(mutex);
  while (true) {
    begun.wait(lock, [this] { return stopping || waiting_parts(); });
    if (stopping) return;
    take_parts(lock);
  }
}

/// False when another call is under way.
bool Threads::State::run(std::size_t count, const Work& what, const Work& then) {
  std::unique_lock lock(mutex);
  if (work != nullptr) return false;
  done.assign(then ? count : 0, 0);
  joined = 0;
  work = &what;
  join = &then;
  parts = count;
  next = 0;
  failed = false;
  begun.notify_all();
  take_parts(lock);
  ended.wait(lock, [this] { return running == 0; });
  work = nullptr;
  if (failed) throw std::bad_alloc();
  return true;
}

Threads::Threads(std::size_t count, void (*begin)()) : state_(std::make_unique<State>()) {
  State* const state = state_.get();
  state->threads.reserve(count);
  try {
    for (std::size_t i = 1; i < count; ++i) {
      state->threads.emplace_back([state, begin] {
        if (begin != nullptr) begin();
        state->stay();
      });
    }
  } catch (const std::exception&) {  // the system has no more
  }
}

Threads::~Threads() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->begun.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

std::size_t Threads::count() const { return state_->threads.size() + 1; }

void parallel_for(Threads* threads, std::size_t parts, const Work& work, const Work& join) {
  if (threads != nullptr && threads->count() > 1 && parts > 1 &&
      threads->state_->run(parts, work, join)) {
    return;
  }
  for (std::size_t part = 0; part < parts; ++part) {
    work(part);
    if (join) join(part);
  }
}

std::vector<IndexRange> split(std::size_t count, std::size_t least, const Threads* threads) {
  const std::size_t workers = threads == nullptr ? 1 : threads->count();
  const std::size_t wanted = workers > 1 ? workers * kPartsPerThread : 1;
  const std::size_t parts =
      std::clamp<std::size_t>(count / std::max<std::size_t>(least, 1), 1, wanted);
  std::vector<IndexRange> ranges;
  ranges.reserve(parts);
  // Of ranges whose lengths differ by one at most; without a product that could overflow.
  const std::size_t length = count / parts;
  const std::size_t longer = count % parts;
  std::size_t first = 0;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t last = first + length + (part < longer ? 1 : 0);
    ranges.push_back({first, last});
    first = last;
  }
  return ranges;
}

}  // namespace infercore
