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
  {
    std::unique_lock lock(mutex_);
    queue_.push_back(task);
    if (closing_) return;
    // Out of threads, those that run already take the queue.
    if (queue_.size() > idle_ && threads_ < size_ && !start_thread() && threads_ == 0) {
      queue_.pop_back();
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
  return queue_.size();
}

bool Pool::withdraw(const Task* task) {
  std::shared_ptr<Task> taken;  // destroyed after the lock was given back
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(queue_.begin(), queue_.end(),
                                  [task](const auto& queued) { return queued.get() == task; });
  if (found == queue_.end()) return false;
  taken = std::move(*found);
  queue_.erase(found);
  return true;
}

void Pool::work() {
  give_way();
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    ready_.wait(lock, [this] { return !queue_.empty() && !closing_; });
    --idle_;
    std::shared_ptr<Task> task = std::move(queue_.front());
    queue_.pop_front();
    running_.push_back(task.get());
    ++busy_;
    lock.unlock();
    task->execute();
    lock.lock();
    running_.erase(std::find(running_.begin(), running_.end(), task.get()));
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
  for (Task* task : running_) task->interrupt();
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
