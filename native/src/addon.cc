// What the addon exports: the functions of NativeBinding (js/src/binding.ts), under the same names.
#include "addon.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "batch_job.h"
#include "cancellation.h"
#include "did_you_mean.h"
#include "encode.h"
#include "entry.h"
#include "feeds.h"
#include "live.h"
#include "load_runtime.h"
#include "mailbox.h"
#include "pool.h"
#include "search.h"
#include "session_handle.h"
#include "shared_weights_handle.h"
#include "summary.h"
#include "tokenizer.h"

namespace infercore::native {
namespace {

/// DefineClass gives nothing where the environment is just being ended.
Napi::FunctionReference keep(const Napi::Function& constructor) {
  return constructor.IsEmpty() ? Napi::FunctionReference() : Napi::Persistent(constructor);
}

/// The process's own thread: other environments are worker threads, whose end is not the process's.
bool is_main_thread() {
#if defined(__linux__)
  return syscall(SYS_gettid) == getpid();
#elif defined(__APPLE__)
  return pthread_main_np() != 0;
#else
  return false;
#endif
}

/// Ends tasks with Node's event "exit", which comes before exit() and so before any static object
/// that a task may have made goes.
void end_tasks_on_exit(Napi::Env env) {
  if (!is_main_thread()) return;
  const Napi::Value process = env.Global().Get("process");
  if (!process.IsObject()) return;
  const Napi::Value once = process.As<Napi::Object>().Get("once");
  if (!once.IsFunction()) return;
  const auto end = [](const Napi::CallbackInfo& /*info*/) { (void)Pool::shared().end_tasks(); };
  once.As<Napi::Function>().Call(
      process, {Napi::String::New(env, "exit"), Napi::Function::New(env, end, "endTasks")});
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  end_tasks_on_exit(env);
  auto* addon = new Addon;
  env.SetInstanceData(addon);
  addon->mailbox = Mailbox::open(env);
  addon->session = keep(SessionHandle::define(env));
  addon->tokenizer = keep(TokenizerHandle::define(env));
  addon->batch_job = keep(BatchJobHandle::define(env));
  addon->dense = keep(DenseHandle::define(env));
  addon->shared_weights = keep(SharedWeightsHandle::define(env));
  exports.Set("Cancellation", CancellationHandle::define(env));
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("summarize", entry<summarize_samples>);
  add("compareSamples", entry<compare_samples>);
  add("search", entry<search>);
  add("checkModelBytes", entry<check_model>);
  add("validateFeeds", plain_entry<find_feed_faults>);
  add("nearestName", plain_entry<nearest_name>);
  add("loadTokenizer", entry<load_tokenizer>);
  add("loadTokenizerSync", entry<load_tokenizer_sync>);
  add("encodeBatchAsync", entry<encode_batch_async>);
  add("loadDense", entry<load_dense>);
  add("createBatchJob", entry<create_batch_job>);
  add("loadRuntime", entry<load_runtime>);
  add("loadRuntimeSync", entry<load_runtime_sync>);
  add("limitThreads", plain_entry<limit_threads>);
  add("createSession", entry<create_session>);
  add("attachSession", entry<attach_session>);
  add("createSharedWeights", plain_entry<create_shared_weights>);
  add("liveCounts", plain_entry<live_counts>);
  return exports;
}

NODE_API_MODULE(infercore, init)

}  // namespace
}  // namespace infercore::native
