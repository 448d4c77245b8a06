// summarize() and compareSamples(): statistics of benchmark samples.
#ifndef INFERCORE_NATIVE_SUMMARY_H_
#define INFERCORE_NATIVE_SUMMARY_H_

#include <napi.h>

namespace infercore::native {

Napi::Value summarize_samples(const Napi::CallbackInfo& info);
Napi::Value compare_samples(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SUMMARY_H_
