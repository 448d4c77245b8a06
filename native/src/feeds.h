// checkModelBytes() and validateFeeds(): what is known before anything is loaded or run.
#ifndef INFERCORE_NATIVE_FEEDS_H_
#define INFERCORE_NATIVE_FEEDS_H_

#include <napi.h>

#include <vector>

#include "infercore/feeds.h"

namespace infercore::native {

/// A list of the binding's ValueSignature.
std::vector<ValueSignature> read_signature(napi_env env, napi_value value);

Napi::Value check_model(const Napi::CallbackInfo& info);
Napi::Value find_feed_faults(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_FEEDS_H_
