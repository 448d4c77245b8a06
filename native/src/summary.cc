#include "summary.h"

#include <string>

#include "infercore/comparison.h"
#include "infercore/summary.h"
#include "marshal.h"
#include "status.h"

namespace infercore::native {
namespace {

Napi::Array pair_to_js(Napi::Env env, double low, double high) {
  Napi::Array pair = Napi::Array::New(env, 2);
  pair.Set(0U, low);
  pair.Set(1U, high);
  return pair;
}

Napi::Object summary_to_js(Napi::Env env, const Summary& summary) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("n", static_cast<double>(summary.n));
  object.Set("mean", summary.mean);
  object.Set("sd", summary.sd);
  object.Set("cv", summary.cv);
  object.Set("median", summary.median);
  object.Set("mad", summary.mad);
  object.Set("min", summary.min);
  object.Set("max", summary.max);
  object.Set("p50", summary.p50);
  object.Set("p75", summary.p75);
  object.Set("p90", summary.p90);
  object.Set("p95", summary.p95);
  if (summary.p99) object.Set("p99", *summary.p99);
  if (summary.p999) object.Set("p999", *summary.p999);
  object.Set("medianCi95", pair_to_js(env, summary.median_ci95_low, summary.median_ci95_high));
  object.Set("outliers", static_cast<double>(summary.outliers));
  return object;
}

Status not_samples() { return {Code::kInvalidInput, "expected the samples as a Float64Array"}; }

}  // namespace

Napi::Value summarize_samples(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto samples = to_span<double>(env, info[0]);
  if (!samples) return failure(env, not_samples());
  const Result<Summary> summary = summarize(*samples);
  return summary.ok() ? success(env, summary_to_js(env, *summary)) : failure(env, summary.status());
}

Napi::Value compare_samples(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto a = to_span<double>(env, info[0]);
  const auto b = to_span<double>(env, info[1]);
  if (!a || !b) return failure(env, not_samples());
  const Result<Comparison> comparison = infercore::compare_samples(*a, *b);
  if (!comparison.ok()) return failure(env, comparison.status());
  Napi::Object object = Napi::Object::New(env);
  object.Set("ratio", comparison->ratio);
  object.Set("ratioCi95", pair_to_js(env, comparison->ratio_ci95_low, comparison->ratio_ci95_high));
  object.Set("p", comparison->p);
  object.Set("verdict", std::string(verdict_name(comparison->verdict)));
  return success(env, object);
}

}  // namespace infercore::native
