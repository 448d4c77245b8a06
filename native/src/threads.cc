#include "threads.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace infercore::native {
namespace {

std::atomic<std::size_t> limit{1};

}  // namespace

Threads* threads() {
  // Never destroyed: exit() ends its threads, and none of them works then (Pool::end_tasks).
  static auto* const all = new Threads(limit, give_way);
  return all;
}

void set_thread_count(std::size_t count) noexcept { limit = count; }

/// The event loop needs little time but at once, and there may be as many busy threads of ours as
/// there are cores. Five steps of niceness give its thread three times their weight, which takes a
/// third off its delay and costs no throughput (npm run bench -- --only event-loop). SCHED_IDLE
/// and ten steps take off more, but let other busy processes of the same service starve the runs.
/// The threads that ONNX Runtime starts for a session inherit it.
void give_way() {
#ifdef __linux__
  pthread_setname_np(pthread_self(), "infercore");
  constexpr int kSteps = 5;
  // Here niceness belongs to a thread, and the one that started this may have given way already.
  const auto self = static_cast<id_t>(syscall(SYS_gettid));
  const int main_thread = getpriority(PRIO_PROCESS, static_cast<id_t>(getpid()));
  (void)setpriority(PRIO_PROCESS, self, main_thread + kSteps);
#endif
}

}  // namespace infercore::native
