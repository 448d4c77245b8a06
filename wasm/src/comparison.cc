#include "infercore/comparison.h"

#include <emscripten/bind.h>

#include <string>

#include "marshal.h"
#include "status.h"

namespace infercore::wasm {
namespace {

val value_of(const Comparison& comparison) {
  val object = val::object();
  object.set("ratio", comparison.ratio);
  val interval = val::array();
  interval.call<void>("push", comparison.ratio_ci95_low);
  interval.call<void>("push", comparison.ratio_ci95_high);
  object.set("ratioCi95", interval);
  object.set("p", comparison.p);
  object.set("verdict", std::string(verdict_name(comparison.verdict)));
  return object;
}

val compare(const val& a, const val& b) {
  return guarded(
      [&] { return outcome(compare_samples(copy_in<double>(a), copy_in<double>(b)), value_of); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(comparison) { emscripten::function("compareSamples", compare); }

}  // namespace infercore::wasm
