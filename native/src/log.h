// The runtime's log on its way to JavaScript.
//
//   auto log = std::make_shared<Log>(env, callback);
//   api.SetUserLoggingFunction(options, &Log::receive, log.get());   // for as long as log lives
//
// Messages come from any thread and go to the callback in the order in which they came, between the
// results of operations. They keep no event loop alive.
#ifndef INFERCORE_NATIVE_LOG_H_
#define INFERCORE_NATIVE_LOG_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <memory>

namespace infercore::native {

class LogQueue;

class Log {
 public:
  /// JavaScript thread. `callback` gets severity (0 to 4), category, id, place and message; it must
  /// not throw.
  Log(Napi::Env env, napi_value callback);
  /// Any thread: what is on its way still comes, then the callback is let go.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// OrtLoggingFunction; `log` is the Log.
  static void ORT_API_CALL receive(void* log, OrtLoggingLevel severity, const char* category,
                                   const char* id, const char* place, const char* message) noexcept;

 private:
  std::shared_ptr<LogQueue> queue_;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_LOG_H_
