// The process's threads for everything that takes time: loading, running, tokenizing many texts.
//
//   Pool::shared().submit(std::make_shared<MyTask>());
//
// One pool for the whole process, also with worker threads: several pools would run more threads
// than there are cores. Its threads start when first needed, wait without keeping the process
// alive, and are never joined.
#ifndef INFERCORE_NATIVE_POOL_H_
#define INFERCORE_NATIVE_POOL_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "infercore/status.h"

namespace infercore::native {

class Task {
 public:
  virtual ~Task() = default;
  /// Called once for each submit(), on a thread of the pool.
  virtual void execute() noexcept = 0;
  /// Called by submit() instead, when the process can't have a single thread: nobody else would
  /// tell.
  virtual void refuse(const Status&) noexcept {}
  /// A task of several cores is wide: it waits until the wide ones that run leave it as many,
  /// because threads that share a core wait for each other at every step. What is not wide does not
  /// wait for it. One that takes far longer than expected keeps nobody waiting.
  struct Needs {
    std::size_t cores = 1;
    std::chrono::nanoseconds expected{0};
  };
  /// Asked once, by submit().
  virtual Needs needs() const noexcept { return {}; }
  /// Asks a task that is executing to end soon. Called by another thread; must return at once.
  virtual void interrupt() noexcept {}
};

class Pool {
 public:
  /// Made on first use and never destroyed: its threads may outlive every static object.
  static Pool& shared();

  /// How many tasks run at once: the cores that this process may use.
  std::size_t size() const noexcept { return size_; }

  /// Lets at most `threads` tasks run at once: what a container's quota leaves of the cores.
  void limit(std::size_t threads) noexcept;

  /// Puts `task` at the end of the queue, or refuses it where no thread would ever take it.
  void submit(const std::shared_ptr<Task>& task);

  /// How many tasks wait for a thread.
  std::size_t queued();

  /// Takes `task` out of the queue. False when it has begun already or was never there.
  bool withdraw(const Task* task);

  /// Sees to it that no task runs while the process takes itself apart. exit() destroys the static
  /// objects of ONNX Runtime's library, and a run that still uses them crashes. Call it after that
  /// library was loaded: handlers run in reverse order. (Which is why end_tasks() comes before
  /// them: static objects that a task makes later are destroyed before this handler is called.)
  static void end_tasks_at_exit();

  /// Ends what runs and begins nothing any more: the process is about to exit. True when nothing
  /// runs now; false when a task did not end in time.
  bool end_tasks();

 private:
  using Clock = std::chrono::steady_clock;
  struct Queued {
    std::shared_ptr<Task> task;
    Task::Needs needs;
    std::uint64_t place;  ///< in the order they came
  };
  struct Running {
    Task* task;
    std::size_t cores;  ///< that others may not have: 0 of one that is not wide
    Clock::time_point overdue;
  };

  Pool();
  void work();
  std::deque<Queued>* next(Clock::time_point now);
  bool has_room(std::size_t cores, Clock::time_point now) const;
  void wait(std::unique_lock<std::mutex>& lock, Clock::time_point now);
  void begin(Task* task, const Task::Needs& needs);
  void end(const Task* task);
  bool start_thread();
  static void on_exit(int status, void* pool);

  std::atomic<std::size_t> size_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable ended_;
  std::deque<Queued> queue_;
  std::deque<Queued> wide_;
  std::uint64_t submitted_ = 0;
  std::vector<Running> running_;
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;
  std::size_t busy_ = 0;  ///< counts a task until it is destroyed, running_ until it has executed
  bool closing_ = false;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_POOL_H_
