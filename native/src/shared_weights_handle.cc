#include "shared_weights_handle.h"

#include "addon.h"
#include "entry.h"
#include "handle.h"

namespace infercore::native {

Napi::Function SharedWeightsHandle::define(Napi::Env env) {
  return DefineClass(env, "SharedWeights", {plain_method<&SharedWeightsHandle::totals>("totals")});
}

SharedWeightsHandle::SharedWeightsHandle(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  tag_handle(info.This(), HandleKind::kSharedWeights);
}

Napi::Value SharedWeightsHandle::totals(const Napi::CallbackInfo& info) {
  const WeightStore::Totals totals = store_->totals();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("sessions", static_cast<double>(totals.sessions));
  object.Set("bytes", static_cast<double>(totals.bytes));
  return object;
}

std::shared_ptr<WeightStore> store_of(Napi::Value value) {
  auto* handle = open_handle<SharedWeightsHandle>(value, HandleKind::kSharedWeights);
  return handle == nullptr ? nullptr : handle->store();
}

Napi::Value create_shared_weights(const Napi::CallbackInfo& info) {
  const Napi::FunctionReference& constructor = Addon::of(info.Env()).shared_weights;
  // Absent where the environment is just being ended.
  return constructor.IsEmpty() ? Napi::Value() : constructor.New({});
}

}  // namespace infercore::native
