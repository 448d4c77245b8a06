#include "load_runtime.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "marshal.h"
#include "operation.h"
#include "pool.h"
#include "runtime.h"
#include "status.h"
#include "threads.h"

namespace infercore::native {
namespace {

std::vector<std::string> candidates_of(const Napi::CallbackInfo& info) {
  std::vector<std::string> candidates;
  each_element(info.Env(), info[0], [&](std::uint32_t, napi_value element) {
    if (auto path = to_utf8(info.Env(), element)) candidates.push_back(*std::move(path));
  });
  return candidates;
}

Napi::Object to_js(Napi::Env env, const Runtime& runtime) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("version", runtime.version);
  object.Set("path", runtime.path);
  object.Set("providers", strings_to_js(env, runtime.providers));
  object.Set("warnings", warnings_to_js(env, runtime.warnings));
  return object;
}

class LoadRuntime : public Work {
 public:
  explicit LoadRuntime(std::vector<std::string> candidates)
      : Work("loading ONNX Runtime"), candidates_(std::move(candidates)) {}

 private:
  Status perform() override { return Runtime::load(candidates_).status(); }
  Napi::Value value(Napi::Env env) override { return to_js(env, *Runtime::loaded()); }

  std::vector<std::string> candidates_;
};

}  // namespace

Napi::Value load_runtime(const Napi::CallbackInfo& info) {
  Runtime::disable_telemetry();
  return start(info.Env(), std::make_shared<LoadRuntime>(candidates_of(info)));
}

Napi::Value load_runtime_sync(const Napi::CallbackInfo& info) {
  Runtime::disable_telemetry();
  const Result<const Runtime*> runtime = Runtime::load(candidates_of(info));
  if (!runtime.ok()) return failure(info.Env(), runtime.status());
  return success(info.Env(), to_js(info.Env(), **runtime));
}

Napi::Value limit_threads(const Napi::CallbackInfo& info) {
  const auto count = [&info](std::size_t i) {
    double number = 0;
    const bool given = napi_get_value_double(info.Env(), info[i], &number) == napi_ok;
    return static_cast<std::size_t>(given ? std::clamp(number, 1.0, 65536.0) : 1.0);
  };
  Pool::shared().limit(count(0));
  set_thread_count(count(1));
  return info.Env().Undefined();
}

}  // namespace infercore::native
