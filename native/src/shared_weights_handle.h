// A store of weights as JavaScript holds it (SharedWeightsHandle of the binding). Sessions hold the
// store themselves.
#ifndef INFERCORE_NATIVE_SHARED_WEIGHTS_HANDLE_H_
#define INFERCORE_NATIVE_SHARED_WEIGHTS_HANDLE_H_

#include <napi.h>

#include <memory>

#include "shared_weights.h"

namespace infercore::native {

class SharedWeightsHandle : public Napi::ObjectWrap<SharedWeightsHandle> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SharedWeightsHandle(const Napi::CallbackInfo& info);
  const std::shared_ptr<WeightStore>& store() const { return store_; }

 private:
  Napi::Value totals(const Napi::CallbackInfo& info);

  std::shared_ptr<WeightStore> store_ = std::make_shared<WeightStore>();
};

/// nullptr for what is no such handle.
std::shared_ptr<WeightStore> store_of(Napi::Value value);

/// createSharedWeights() of the binding.
Napi::Value create_shared_weights(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SHARED_WEIGHTS_HANDLE_H_
