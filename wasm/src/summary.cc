#include "infercore/summary.h"

#include <emscripten/bind.h>

#include "marshal.h"
#include "status.h"

namespace infercore::wasm {
namespace {

val value_of(const Summary& summary) {
  val object = val::object();
  object.set("n", summary.n);
  object.set("mean", summary.mean);
  object.set("sd", summary.sd);
  object.set("cv", summary.cv);
  object.set("median", summary.median);
  object.set("mad", summary.mad);
  object.set("min", summary.min);
  object.set("max", summary.max);
  object.set("p50", summary.p50);
  object.set("p75", summary.p75);
  object.set("p90", summary.p90);
  object.set("p95", summary.p95);
  if (summary.p99) object.set("p99", *summary.p99);
  if (summary.p999) object.set("p999", *summary.p999);
  val interval = val::array();
  interval.call<void>("push", summary.median_ci95_low);
  interval.call<void>("push", summary.median_ci95_high);
  object.set("medianCi95", interval);
  object.set("outliers", summary.outliers);
  return object;
}

val summarize_samples(const val& samples) {
  return guarded([&] { return outcome(summarize(copy_in<double>(samples)), value_of); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(summary) { emscripten::function("summarize", summarize_samples); }

}  // namespace infercore::wasm
