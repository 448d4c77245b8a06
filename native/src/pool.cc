#include "pool.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>
#include <utility>

#include "threads.h"

namespace infercore::native {
namespace {

/// A run ends between two operators; one that takes longer than this is cut off with the process.
constexpr auto kPatienceAtExit = std::chrono::milliseconds(500);

/// How many times as long as expected a task may take while others wait for it.
constexpr int kOverdue = 3;

/// Those that the scheduler may give to this process.
std::size_t available_cores() {
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) > 0) {
    return static_cast<std::size_t>(CPU_COUNT(&allowed));
  }
#endif
  const unsigned cores = std::thread::hardware_concurrency();
  return cores == 0 ? 1 : cores;
}

}  // namespace

Pool::Pool() : size_(available_cores()) {}

Pool& Pool::shared() {
  static Pool* const pool = new Pool;
  return *pool;
}

void Pool::limit(std::size_t threads) noexcept {
  size_ = std::clamp<std::size_t>(threads, 1, available_cores());
}

void Pool::submit(const std::shared_ptr<Task>& task) {
  const Task::Needs needs = task->needs();
  {
    std::unique_lock lock(mutex_);
    std::deque<Queued>& queue = needs.cores > 1 ? wide_ : queue_;
    queue.push_back({task, needs, submitted_++});
    if (closing_) return;
    // Out of threads, those that run already take the queue.
    const bool wanting = queue_.size() + wide_.size() > idle_;
    if (wanting && threads_ < size_ && !start_thread() && threads_ == 0) {
      queue.pop_back();
      lock.unlock();
      return task->refuse(
          {Code::kLimitExceeded, "the process can't start a thread",
           "let it have more memory or threads: ulimit -v, ulimit -u, a container's "
           "limits"});
    }
  }
  ready_.notify_one();
}

bool Pool::start_thread() {
  try {
    std::thread([this] { work(); }).detach();
  } catch (const std::exception&) {  // no thread, or no memory for what it starts with
    return false;
  }
  ++threads_;
  return true;
}

std::size_t Pool::queued() {
  const std::lock_guard lock(mutex_);
  return queue_.size() + wide_.size();
}

bool Pool::withdraw(const Task* task) {
  std::shared_ptr<Task> taken;  // destroyed after the lock was given back
  const std::lock_guard lock(mutex_);
  for (std::deque<Queued>* queue : {&queue_, &wide_}) {
    const auto found = std::find_if(queue->begin(), queue->end(), [task](const Queued& queued) {
      return queued.task.get() == task;
    });
    if (found == queue->end()) continue;
    taken = std::move(found->task);
    queue->erase(found);
    // Behind it may wait one that needs less.
    if (queue == &wide_ && !wide_.empty()) ready_.notify_all();
    return true;
  }
  return false;
}

bool Pool::has_room(std::size_t cores, Clock::time_point now) const {
  std::size_t taken = 0;
  for (const Running& each : running_) {
    if (each.overdue > now) taken += each.cores;
  }
  return taken == 0 || taken + cores <= size_;
}

/// The queue whose first task may begin; nullptr when none may.
std::deque<Pool::Queued>* Pool::next(Clock::time_point now) {
  const bool may_begin = !wide_.empty() && has_room(wide_.front().needs.cores, now);
  if (queue_.empty()) return may_begin ? &wide_ : nullptr;
  return may_begin && wide_.front().place < queue_.front().place ? &wide_ : &queue_;
}

/// Until something happens, or a task is overdue that was not yet so `now`: at the moment of which
/// next() found nothing.
void Pool::wait(std::unique_lock<std::mutex>& lock, Clock::time_point now) {
  Clock::time_point until = Clock::time_point::max();
  for (const Running& each : running_) {
    if (!wide_.empty() && each.cores > 0 && each.overdue > now) {
      until = std::min(until, each.overdue);
    }
  }
  if (until == Clock::time_point::max()) {
    ready_.wait(lock);
  } else {
    ready_.wait_until(lock, until);
  }
}

void Pool::begin(Task* task, const Task::Needs& needs) {
  const std::size_t cores = needs.cores > 1 ? needs.cores : 0;
  running_.push_back({task, cores, Clock::now() + kOverdue * needs.expected});
  ++busy_;
}

void Pool::end(const Task* task) {
  const auto found = std::find_if(running_.begin(), running_.end(),
                                  [task](const Running& each) { return each.task == task; });
  // The thread that ends it takes one of those that waited for it; there may be more.
  if (found->cores > 0 && wide_.size() > 1) ready_.notify_all();
  running_.erase(found);
}

void Pool::work() {
  give_way();
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    std::deque<Queued>* queue = nullptr;
    for (Clock::time_point now = Clock::now(); closing_ || (queue = next(now)) == nullptr;
         now = Clock::now()) {
      wait(lock, now);
    }
    --idle_;
    std::shared_ptr<Task> task = std::move(queue->front().task);
    begin(task.get(), queue->front().needs);
    queue->pop_front();
    // Somebody has to see when those that run are overdue, or whether there is room for one more.
    if (!wide_.empty()) ready_.notify_one();
    lock.unlock();
    task->execute();
    lock.lock();
    end(task.get());
    lock.unlock();
    task.reset();  // it may free a session: not under the lock
    lock.lock();
    --busy_;
    if (closing_) ended_.notify_all();
  }
}

bool Pool::end_tasks() {
  std::unique_lock lock(mutex_);
  closing_ = true;  // what is queued is never begun, nor destroyed: the process ends
  for (const Running& each : running_) each.task->interrupt();
  return ended_.wait_for(lock, kPatienceAtExit, [this] { return busy_ == 0; });
}

void Pool::on_exit(int status, void* pool) {
  if (static_cast<Pool*>(pool)->end_tasks()) return;
  std::fflush(nullptr);
  _exit(status);
}

void Pool::end_tasks_at_exit() {
#ifdef __GLIBC__
  ::on_exit(&Pool::on_exit, &shared());
#else
  // The exit status is not told here, so a task that does not end can't be cut off with the right
  // one.
  std::atexit([] { (void)shared().end_tasks(); });
#endif
}

}  // namespace infercore::native
