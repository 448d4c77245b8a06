// Execution providers: those that are built into ONNX Runtime and plugins, by name.
#ifndef INFERCORE_NATIVE_PROVIDERS_H_
#define INFERCORE_NATIVE_PROVIDERS_H_

#include <onnxruntime_cxx_api.h>

#include <string>

#include "session_options.h"

namespace infercore::native {

/// Appends the provider to `options`. Answers why that can't be done; empty when it was done.
std::string append_provider(Ort::SessionOptions& options, const ProviderRequest& request);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_PROVIDERS_H_
