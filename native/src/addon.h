// What the addon keeps for one environment (the main thread's, or a worker thread's): nothing of
// JavaScript is shared between them.
#ifndef INFERCORE_NATIVE_ADDON_H_
#define INFERCORE_NATIVE_ADDON_H_

#include <napi.h>

#include <memory>
#include <string>

namespace infercore::native {

class Mailbox;

struct Addon {
  static Addon& of(Napi::Env env) { return *env.GetInstanceData<Addon>(); }

  std::shared_ptr<Mailbox> mailbox;
  Napi::FunctionReference session;
  Napi::FunctionReference tokenizer;
  Napi::FunctionReference batch_job;
  Napi::FunctionReference dense;
  Napi::FunctionReference shared_weights;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_ADDON_H_
