// The options of a session, from the binding's NativeSessionOptions to ONNX Runtime's.
#ifndef INFERCORE_NATIVE_SESSION_OPTIONS_H_
#define INFERCORE_NATIVE_SESSION_OPTIONS_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "infercore/feeds.h"
#include "infercore/status.h"
#include "log.h"
#include "marshal.h"
#include "shared_weights.h"

namespace infercore::native {

struct ProviderRequest {
  std::string name;        ///< onnxruntime-common's: "cuda"
  std::string registered;  ///< as the runtime lists what it was built with; may be empty
  std::string generic;     ///< for the generic way to append it; may be empty
  std::string library;     ///< the file of a plugin; may be empty
  StringPairs options;
};

struct SkippedProvider {
  std::string name;
  std::string reason;
};

/// A file that a model keeps weights in, by the model's name for it: its path, or its bytes.
struct ExternalData {
  std::string name;
  std::variant<std::string, std::vector<std::uint8_t>> content;
};

struct SessionOptions {
  std::vector<ProviderRequest> providers;
  int intra_op_threads = 0;  ///< 0: as many as there are cores
  int inter_op_threads = 0;
  GraphOptimizationLevel optimization = ORT_ENABLE_ALL;
  ExecutionMode mode = ORT_SEQUENTIAL;
  bool cpu_arena = true;
  bool memory_pattern = true;
  std::string log_id;
  int log_severity = 2;
  int log_verbosity = 0;
  std::shared_ptr<Log> log;  ///< nullptr: the environment's
  std::vector<std::pair<std::string, double>> free_dimensions;
  std::string optimized_path;
  bool profiling = false;
  std::string profile_prefix;
  std::vector<ExternalData> external;
  StringPairs entries;
  std::vector<Constraint> constraints;
  std::shared_ptr<WeightStore> weights;  ///< nullptr: the session's own

  static Result<SessionOptions> read(Napi::Env env, napi_value value);

  /// Brings the external data into memory, where the runtime reads them while it loads.
  Status read_external();

  /// The file that the model calls `name`: among the external data, or inside `folder`, where that
  /// is not empty. Without a source for any other one.
  SessionWeights::FoundFile open_external(const std::string& folder, const std::string& name) const;

  /// What `extra` says for `key`, the last one counts; "" where it says nothing.
  std::string_view entry(std::string_view key) const;

  /// Everything but the providers. Throws as the runtime's interface does.
  void apply(Ort::SessionOptions& options) const;

  /// Adds the providers in order. One that can't be had is skipped with the reason, never an error.
  void append_providers(Ort::SessionOptions& options, std::vector<std::string>& used,
                        std::vector<SkippedProvider>& skipped) const;

 private:
  void apply_external(Ort::SessionOptions& options) const;
};

/// ConstraintData of the binding; undefined gives none. Faults go to `fields`.
std::vector<Constraint> read_constraints(napi_env env, napi_value value);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SESSION_OPTIONS_H_
