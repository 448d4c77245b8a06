// What the addon exports: the functions of NativeBinding (js/src/binding.ts), under the same names.
#include "addon.h"

#include <string>
#include <vector>

#include "batch_job.h"
#include "cancellation.h"
#include "did_you_mean.h"
#include "encode.h"
#include "feeds.h"
#include "mailbox.h"
#include "marshal.h"
#include "runtime.h"
#include "search.h"
#include "session_handle.h"
#include "status.h"
#include "summary.h"
#include "tokenizer.h"

namespace infercore::native {
namespace {

Napi::Value load_runtime(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<std::string> candidates;
  each_element(env, info[0], [&](std::uint32_t, napi_value element) {
    if (auto path = to_utf8(env, element)) candidates.push_back(*std::move(path));
  });
  const Result<const Runtime*> runtime = Runtime::load(candidates);
  if (!runtime.ok()) return failure(env, runtime.status());
  Napi::Object object = Napi::Object::New(env);
  object.Set("version", (*runtime)->version);
  object.Set("path", (*runtime)->path);
  object.Set("providers", strings_to_js(env, (*runtime)->providers));
  object.Set("warnings", warnings_to_js(env, (*runtime)->warnings));
  return success(env, object);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  auto* addon = new Addon;
  env.SetInstanceData(addon);
  addon->mailbox = Mailbox::open(env);
  addon->session = Napi::Persistent(SessionHandle::define(env));
  addon->tokenizer = Napi::Persistent(TokenizerHandle::define(env));
  addon->batch_job = Napi::Persistent(BatchJobHandle::define(env));
  addon->dense = Napi::Persistent(DenseHandle::define(env));
  exports.Set("Cancellation", CancellationHandle::define(env));
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("summarize", summarize_samples);
  add("compareSamples", compare_samples);
  add("search", search);
  add("checkModelBytes", check_model);
  add("validateFeeds", find_feed_faults);
  add("nearestName", nearest_name);
  add("loadTokenizer", load_tokenizer);
  add("encodeBatchAsync", encode_batch_async);
  add("loadDense", load_dense);
  add("createBatchJob", create_batch_job);
  add("loadRuntime", load_runtime);
  add("createSession", create_session);
  return exports;
}

NODE_API_MODULE(infercore, init)

}  // namespace
}  // namespace infercore::native
