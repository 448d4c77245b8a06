// ONNX Runtime's C++ API from a library that is named when the program starts.
#pragma once

#include <dlfcn.h>
#include <onnxruntime_cxx_api.h>

#include <cstdlib>

/// To be called first; false where the library is not there. Nothing is sent about the runs.
inline bool load_runtime(const char* path) {
  void* library = dlopen(path, RTLD_NOW);
  if (library == nullptr) return false;
  using GetApiBase = const OrtApiBase* (*)();
  const auto base = reinterpret_cast<GetApiBase>(dlsym(library, "OrtGetApiBase"));
  setenv("ORT_DISABLE_TELEMETRY", "1", 1);
  Ort::InitApi(base()->GetApi(ORT_API_VERSION));
  return true;
}
