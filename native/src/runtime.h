// ONNX Runtime's library: found, opened and initialised once a process.
//
// Two copies of the library in one process share a name, so whoever loads the second gets the first
// or fails: a copy that somebody else loaded is named in a warning. Telemetry is switched off
// before anything of the runtime runs.
#ifndef INFERCORE_NATIVE_RUNTIME_H_
#define INFERCORE_NATIVE_RUNTIME_H_

#include <onnxruntime_cxx_api.h>

#include <functional>
#include <string>
#include <vector>

#include "infercore/status.h"
#include "infercore/warning.h"

namespace infercore::native {

struct Runtime {
  std::string version;
  std::string path;
  std::vector<std::string> providers;  ///< ONNX Runtime's names: "CPUExecutionProvider"
  std::vector<Warning> warnings;

  /// Switches telemetry off. On the JavaScript thread, before the first load(): to set a variable
  /// of the environment while another thread reads one is a race.
  static void disable_telemetry();

  /// Opens the first of `candidates` that can be opened; later calls answer the same. Errors:
  /// RUNTIME_NOT_FOUND with what became of each candidate.
  static Result<const Runtime*> load(const std::vector<std::string>& candidates);

  /// nullptr before a successful load().
  static const Runtime* loaded() noexcept;

  /// The one environment. It is never destroyed: sessions and threads may outlive everything else.
  static Ort::Env& env() noexcept;

  /// Makes the one allocator of the CPU's memory that sessions with `session.use_env_allocators`
  /// share; again has no effect.
  static void share_allocator();
};

/// Calls the runtime's C++ interface, which throws, and gives what it threw as a Status.
Status guard(const std::function<Status()>& call);

/// A message of the runtime without the places in its own source.
std::string clean_message(std::string_view message);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_RUNTIME_H_
