// Weights of models in memory that several sessions share, with ONNX Runtime's packed copies of
// them.
//
//   auto store = std::make_shared<WeightStore>();
//   auto weights = SessionWeights::read(store, file, find_bytes, is_cancelled);
//   (*weights)->add_to(options);
//   …  // the session is made with (*weights)->packed(), and gone before *weights
//
// What two models have in common lies there once: weights are told apart by their bytes. Each is
// there as long as a session has it. All functions may be called from any thread.
#ifndef INFERCORE_NATIVE_SHARED_WEIGHTS_H_
#define INFERCORE_NATIVE_SHARED_WEIGHTS_H_

#include <onnxruntime_cxx_api.h>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "infercore/byte_source.h"
#include "infercore/status.h"
#include "infercore/weights.h"

namespace infercore::native {

/// The bytes of one weight, which do not change.
struct StoredWeight {
  std::uint64_t id = 0;  ///< of the store
  std::uint64_t hash = 0;
  std::uint64_t size = 0;
  std::unique_ptr<std::uint8_t, void (*)(void*)> data{nullptr, std::free};
};
using StoredWeights = std::vector<std::shared_ptr<const StoredWeight>>;

/// ONNX Runtime's container: what it has packed stays there until the container is released.
struct PackedWeights {
  Ort::PrepackedWeightsContainer container;
  std::unordered_set<std::uint64_t> ids;  ///< of all weights it was ever used for
  std::uint64_t bytes = 0;                ///< of those
};

class WeightStore {
 public:
  struct Totals {
    std::size_t sessions;
    std::uint64_t bytes;
  };

  Totals totals() const;

 private:
  friend class SessionWeights;

  /// The weight that is there already with the bytes of `weight`, or `weight` itself.
  std::shared_ptr<const StoredWeight> keep(std::shared_ptr<StoredWeight> weight);
  /// A container for a session with `weights`. One where sessions that have ended left more than
  /// this one can use is not taken: models that follow each other would fill it without end.
  std::shared_ptr<PackedWeights> packed_for(const StoredWeights& weights);
  void begin_session();
  /// Takes back what a session had.
  void end_session(StoredWeights weights);
  void forget(const StoredWeight& weight);

  mutable std::mutex mutex_;
  std::unordered_multimap<std::uint64_t, std::shared_ptr<const StoredWeight>> by_hash_;
  std::vector<std::weak_ptr<PackedWeights>> packed_;
  std::uint64_t next_id_ = 0;
  std::uint64_t bytes_ = 0;
  std::size_t sessions_ = 0;
};

/// What one session has in a store.
class SessionWeights {
 public:
  struct FoundFile {
    std::unique_ptr<ByteSource> source;
    std::string id;  ///< one file has one, by whatever name it was found
  };
  /// An external file by the model's name for it; without a source where only the runtime shall
  /// look for it.
  using FindFile = std::function<FoundFile(const std::string&)>;

  /// nullptr for a model without weights that can be shared, and when `is_cancelled` says so.
  /// Errors: LIMIT_EXCEEDED where there is no memory.
  static Result<std::unique_ptr<SessionWeights>> read(std::shared_ptr<WeightStore> store,
                                                      ByteSource& model, const FindFile& find_file,
                                                      const std::function<bool()>& is_cancelled);
  SessionWeights(const SessionWeights&) = delete;
  SessionWeights& operator=(const SessionWeights&) = delete;
  ~SessionWeights();

  /// They hold until *this goes. Throws as the runtime's interface does.
  void add_to(Ort::SessionOptions& options) const;
  OrtPrepackedWeightsContainer* packed() const { return packed_->container; }
  std::uint64_t bytes() const { return bytes_; }
  /// Of these, bytes that were there before.
  std::uint64_t reused() const { return reused_; }

 private:
  explicit SessionWeights(std::shared_ptr<WeightStore> store);
  Status add(ByteSource& source, const Weight& weight);

  std::shared_ptr<WeightStore> store_;
  StoredWeights stored_;
  std::shared_ptr<PackedWeights> packed_;
  std::vector<std::pair<std::string, Ort::Value>> values_;
  std::uint64_t bytes_ = 0;
  std::uint64_t reused_ = 0;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SHARED_WEIGHTS_H_
