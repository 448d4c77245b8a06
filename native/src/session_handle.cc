#include "session_handle.h"

#include <string>
#include <utility>

#include "addon.h"
#include "embed.h"
#include "entry.h"
#include "handle.h"
#include "marshal.h"
#include "run.h"
#include "runtime.h"
#include "status.h"

namespace infercore::native {
namespace {

Status disposed() { return {Code::kDisposed, "the session was disposed"}; }

std::shared_ptr<Cancellation> cancellation_of(Napi::Value value) {
  auto* handle = open_handle<CancellationHandle>(value, HandleKind::kCancellation);
  return handle == nullptr ? nullptr : handle->state();
}

Napi::Array signatures_to_js(Napi::Env env, const std::vector<ValueSignature>& signatures) {
  Napi::Array list = Napi::Array::New(env, signatures.size());
  for (uint32_t i = 0; i < signatures.size(); ++i) {
    Napi::Array dims = Napi::Array::New(env, signatures[i].dims.size());
    for (uint32_t axis = 0; axis < signatures[i].dims.size(); ++axis) {
      const Dimension& dim = signatures[i].dims[axis];
      if (dim.is_free()) {
        dims.Set(axis, dim.name);
      } else {
        dims.Set(axis, static_cast<double>(dim.size));
      }
    }
    Napi::Object signature = Napi::Object::New(env);
    signature.Set("name", signatures[i].name);
    signature.Set("type", signatures[i].type);
    signature.Set("dims", dims);
    if (!signatures[i].required) signature.Set("required", false);
    list.Set(i, signature);
  }
  return list;
}

Napi::Array tables_to_js(Napi::Env env, const std::vector<EmbeddingTable>& tables) {
  Napi::Array list = Napi::Array::New(env, tables.size());
  for (uint32_t i = 0; i < tables.size(); ++i) {
    Napi::Object table = Napi::Object::New(env);
    table.Set("input", tables[i].input);
    table.Set("rows", static_cast<double>(tables[i].rows));
    list.Set(i, table);
  }
  return list;
}

Napi::Object providers_to_js(Napi::Env env, const Session& session) {
  Napi::Array skipped = Napi::Array::New(env, session.skipped.size());
  for (uint32_t i = 0; i < session.skipped.size(); ++i) {
    Napi::Object provider = Napi::Object::New(env);
    provider.Set("name", session.skipped[i].name);
    provider.Set("reason", session.skipped[i].reason);
    skipped.Set(i, provider);
  }
  Napi::Object providers = Napi::Object::New(env);
  providers.Set("used", strings_to_js(env, session.providers));
  providers.Set("skipped", skipped);
  return providers;
}

Napi::Object run_here(Napi::Env env, Run& run) {
  const Status status = run.perform_here();
  return status.ok() ? success(env, run.value(env)) : failure(env, status);
}

/// Where weights were to be shared.
void add_shared_weights(Napi::Env env, const Session& session, Napi::Object handle) {
  if (session.weights == nullptr && session.why_unshared.empty()) return;
  const auto number = [&](std::uint64_t bytes) {
    return Napi::Number::New(env, static_cast<double>(bytes));
  };
  Napi::Object weights = Napi::Object::New(env);
  weights.Set("bytes", number(session.weights ? session.weights->bytes() : 0));
  weights.Set("reused", number(session.weights ? session.weights->reused() : 0));
  if (!session.why_unshared.empty()) weights.Set("reason", session.why_unshared);
  handle.Set("sharedWeights", weights);
}

/// Waits, by way of when_freed, until the last run has let go of the session.
class Disposal : public Operation {
 public:
  Disposal() : Operation("disposing the session") {}
  void freed() { finish({}); }
  void on_cancel() override {}

 private:
  Napi::Value value(Napi::Env env) override { return env.Undefined(); }
  Napi::Value outcome(Napi::Env env, const Status&) override { return env.Undefined(); }
};

}  // namespace

Napi::Function SessionHandle::define(Napi::Env env) {
  return DefineClass(
      env, "Session",
      {plain_method<&SessionHandle::constrain>("constrain"), method<&SessionHandle::run>("run"),
       method<&SessionHandle::run_sync>("runSync"), method<&SessionHandle::embed>("embed"),
       method<&SessionHandle::share>("share"),
       method<&SessionHandle::end_profiling>("endProfiling"),
       method<&SessionHandle::dispose>("dispose")});
}

Napi::Object SessionHandle::make(Napi::Env env, const std::shared_ptr<SessionLease>& lease) {
  const Session& shown = lease->session();
  Napi::Object handle = Factory<std::shared_ptr<SessionLease>>::make(Addon::of(env).session, lease);
  if (handle.IsEmpty()) return handle;
  handle.Set("inputs", signatures_to_js(env, shown.inputs));
  handle.Set("feedable", signatures_to_js(env, shown.feedable));
  handle.Set("outputs", signatures_to_js(env, shown.outputs));
  handle.Set("tables", tables_to_js(env, shown.tables));
  handle.Set("phases", times_to_js(env, shown.phases));
  handle.Set("providers", providers_to_js(env, shown));
  add_shared_weights(env, shown, handle);
  if (!shown.placement.empty()) handle.Set("placement", placement_to_js(env, shown.placement));
  return handle;
}

SessionHandle::SessionHandle(const Napi::CallbackInfo& info)
    : ObjectWrap(info), lease_(Factory<std::shared_ptr<SessionLease>>::take()) {
  tag_handle(info.This(), HandleKind::kSession);
}

Napi::Value SessionHandle::constrain(const Napi::CallbackInfo& info) {
  if (lease_ == nullptr) return info.Env().Undefined();
  SessionLease::hold(lease_)->constraints = read_constraints(info.Env(), info[0]);
  return info.Env().Undefined();
}

Napi::Value SessionHandle::run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (lease_ == nullptr) return settled(env, failure(env, disposed()));
  const Run::Arguments arguments{info[0], info[1], info[2]};
  const auto run = Run::prepare(env, SessionLease::hold(lease_), arguments);
  if (!run.ok()) return settled(env, failure(env, run.status()));
  const bool may_stay = info[3].IsUndefined() && info[4].ToBoolean();
  if (may_stay && (*run)->is_brief()) return settled(env, run_here(env, **run));
  const Status status = (*run)->leave(env, arguments);
  if (!status.ok()) return settled(env, failure(env, status));
  return start(env, *run, cancellation_of(info[3]));
}

Napi::Value SessionHandle::run_sync(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (lease_ == nullptr) return failure(env, disposed());
  const auto run = Run::prepare(env, SessionLease::hold(lease_), {info[0], info[1], info[2]});
  return run.ok() ? run_here(env, **run) : failure(env, run.status());
}

Napi::Value SessionHandle::embed(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (lease_ == nullptr) return settled(env, failure(env, disposed()));
  return start_embed(info, SessionLease::hold(lease_), cancellation_of(info[5]));
}

Napi::Value SessionHandle::share(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (lease_ == nullptr) return failure(env, disposed());
  return success(env, Napi::String::New(env, lease_->share()));
}

Napi::Value SessionHandle::end_profiling(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (lease_ == nullptr) return failure(env, disposed());
  const std::shared_ptr<Session> session = SessionLease::hold(lease_);
  if (!session->profiling.exchange(false)) return success(env, env.Undefined());
  std::string path;
  const Status status = guard([&] {
    Ort::AllocatorWithDefaultOptions allocator;
    path = session->onnx.EndProfilingAllocated(allocator).get();
    return Status();
  });
  return status.ok() ? success(env, Napi::String::New(env, path)) : failure(env, status);
}

Napi::Value SessionHandle::dispose(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!disposal_.IsEmpty()) return disposal_.Value();
  const auto disposal = std::make_shared<Disposal>();
  Napi::Promise promise;
  disposal->begin(env, nullptr, promise);
  if (lease_ == nullptr) {
    disposal->freed();
  } else {
    lease_->when_ended([disposal] { disposal->freed(); });
    lease_.reset();
  }
  disposal_ = Napi::Persistent(promise.As<Napi::Object>());
  return promise;
}

Napi::Value create_session(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto fail = [&env](const Status& status) { return settled(env, failure(env, status)); };
  if (Runtime::loaded() == nullptr) {
    return fail({Code::kRuntimeNotFound, "ONNX Runtime's library was not loaded yet"});
  }
  ModelSource source;
  if (info[0].IsString()) {
    source = info[0].As<Napi::String>().Utf8Value();
  } else if (const auto bytes = to_span<std::uint8_t>(env, info[0])) {
    source = std::vector<std::uint8_t>(bytes->begin(), bytes->end());
  } else {
    return fail({Code::kInvalidInput, "expected the model as a path or a Uint8Array"});
  }
  Result<SessionOptions> options = SessionOptions::read(env, info[1]);
  if (!options.ok()) return fail(options.status());
  return start(env, std::make_shared<Load>(std::move(source), *std::move(options)),
               cancellation_of(info[2]));
}

Napi::Value attach_session(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsString()) {
    return failure(env, {Code::kInvalidInput, "expected the token of a shared session"});
  }
  const auto lease = SessionLease::find(info[0].As<Napi::String>().Utf8Value());
  if (lease == nullptr) {
    return failure(env,
                   {Code::kDisposed, "the shared session is not there: every thread disposed it",
                    "keep it until the other thread has attached it; other processes can't"});
  }
  return success(env, SessionHandle::make(env, lease));
}

}  // namespace infercore::native
