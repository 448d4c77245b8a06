// A loaded model: ONNX Runtime's session with what the addon knows about it.
//
// A Session is shared by its handles (session_lease.h) and by all runs under way. Whoever lets go
// of it last has it freed by the pool, since that may take milliseconds.
#ifndef INFERCORE_NATIVE_SESSION_H_
#define INFERCORE_NATIVE_SESSION_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "infercore/embedding_tables.h"
#include "infercore/feeds.h"
#include "infercore/status.h"
#include "live.h"
#include "operation.h"
#include "pace.h"
#include "placement.h"
#include "predictability.h"
#include "session_options.h"
#include "shared_weights.h"

namespace infercore::native {

struct Session {
  std::shared_ptr<Log> log;                 ///< before `onnx`, which writes to it until it is gone
  std::unique_ptr<SessionWeights> weights;  ///< before `onnx`, too; nullptr where none are shared
  std::string why_unshared;                 ///< where they were to be
  Ort::Session onnx{nullptr};
  Ort::MemoryInfo memory{nullptr};
  std::vector<ValueSignature> inputs;
  std::vector<ValueSignature> outputs;
  /// `inputs`, then the initializers that a feed may replace.
  std::vector<ValueSignature> feedable;
  std::vector<EmbeddingTable> tables;
  std::vector<Constraint> constraints;
  std::vector<std::string> providers;
  std::vector<SkippedProvider> skipped;
  /// Empty where it was not recorded.
  std::vector<Placement> placement;
  std::vector<std::pair<const char*, double>> phases;
  /// The model itself, only where an option has the runtime use it in place.
  std::vector<std::uint8_t> bytes;
  /// Then its loading and its end leave much memory that nobody needs soon.
  bool is_large = false;
  int intra_op_threads = 0;
  Pace pace;
  Predictability predictability = Predictability::kNone;
  /// Whether the runtime records what the session does.
  std::atomic<bool> profiling = false;
  /// Called by the pool once the session's memory is free.
  std::function<void()> when_freed;
  int leases = 0;     ///< of session_lease.cc alone
  std::string token;  ///< the same; empty until it is shared
  Live<Session> live;

  static std::shared_ptr<Session> make();
  /// Of `feedable`, one that is there.
  const ValueSignature& input(std::string_view name) const;
  /// Fills in what `onnx` declares.
  void read_signatures();
};

/// A path, or the model's bytes.
using ModelSource = std::variant<std::string, std::vector<std::uint8_t>>;

/// createSession(): checks the bytes, then has the runtime load them.
class Load : public Work {
 public:
  Load(ModelSource source, SessionOptions options);
  void interrupt() noexcept override;

 private:
  Status perform() override;
  Status load();
  Napi::Value value(Napi::Env env) override;
  Status check_source() const;
  Status read_weights();
  Status create();
  Status create_from(const Ort::SessionOptions& options);
  std::unique_ptr<ByteSource> open_source() const;
  std::vector<EmbeddingTable> find_tables() const;
  void drop_source();

  ModelSource source_;
  SessionOptions options_;
  Ort::SessionOptions asked_;  ///< with the providers that were asked for
  Ort::SessionOptions plain_;  ///< the CPU alone, should those fail
  std::shared_ptr<Session> session_ = Session::make();
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SESSION_H_
