#include "providers.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "infercore/quote.h"
#include "runtime.h"

namespace infercore::native {
namespace {

using ProviderOptions = std::unordered_map<std::string, std::string>;

/// Appends a provider whose options are an object of their own in the C interface.
template <typename Options, typename Release, typename Create, typename Update, typename Append>
void append_by(const ProviderOptions& values, Release release, Create create, Update update,
               Append append) {
  Options* made = nullptr;
  Ort::ThrowOnError(create(&made));
  const std::unique_ptr<Options, Release> owner(made, release);
  std::vector<const char*> keys;
  std::vector<const char*> texts;
  for (const auto& [key, text] : values) {
    keys.push_back(key.c_str());
    texts.push_back(text.c_str());
  }
  Ort::ThrowOnError(update(made, keys.data(), texts.data(), keys.size()));
  Ort::ThrowOnError(append(made));
}

void append_built_in(Ort::SessionOptions& options, const ProviderRequest& request) {
  const OrtApi& api = Ort::GetApi();
  const ProviderOptions values(request.options.begin(), request.options.end());
  const auto to = [&options](auto append) {
    return [&options, append](const auto* made) { return append(options, made); };
  };
  if (request.name == "cuda") {
    append_by<OrtCUDAProviderOptionsV2>(
        values, api.ReleaseCUDAProviderOptions, api.CreateCUDAProviderOptions,
        api.UpdateCUDAProviderOptions, to(api.SessionOptionsAppendExecutionProvider_CUDA_V2));
  } else if (request.name == "tensorrt") {
    append_by<OrtTensorRTProviderOptionsV2>(
        values, api.ReleaseTensorRTProviderOptions, api.CreateTensorRTProviderOptions,
        api.UpdateTensorRTProviderOptions,
        to(api.SessionOptionsAppendExecutionProvider_TensorRT_V2));
  } else if (request.name == "rocm") {
    append_by<OrtROCMProviderOptions>(values, api.ReleaseROCMProviderOptions,
                                      api.CreateROCMProviderOptions, api.UpdateROCMProviderOptions,
                                      to(api.SessionOptionsAppendExecutionProvider_ROCM));
  } else if (request.name == "cann") {
    append_by<OrtCANNProviderOptions>(values, api.ReleaseCANNProviderOptions,
                                      api.CreateCANNProviderOptions, api.UpdateCANNProviderOptions,
                                      to(api.SessionOptionsAppendExecutionProvider_CANN));
  } else if (request.name == "dnnl") {
    append_by<OrtDnnlProviderOptions>(values, api.ReleaseDnnlProviderOptions,
                                      api.CreateDnnlProviderOptions, api.UpdateDnnlProviderOptions,
                                      to(api.SessionOptionsAppendExecutionProvider_Dnnl));
  } else {
    options.AppendExecutionProvider(request.generic, values);
  }
}

/// What the plugin of a library offers. A library is registered once a process and stays: sessions
/// and their runs may outlive whoever asked for it.
std::vector<Ort::ConstEpDevice> devices_of(const std::string& library) {
  static std::mutex mutex;
  static std::map<std::string, std::vector<Ort::ConstEpDevice>> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(library); found != known.end()) return found->second;
  const auto listed = [](const auto& devices, const OrtEpDevice* device) {
    return std::any_of(devices.begin(), devices.end(),
                       [device](const auto& each) { return each == device; });
  };
  const std::vector<Ort::ConstEpDevice> before = Runtime::env().GetEpDevices();
  Runtime::env().RegisterExecutionProviderLibrary(library.c_str(), library);
  std::vector<Ort::ConstEpDevice> added;
  for (const Ort::ConstEpDevice& device : Runtime::env().GetEpDevices()) {
    if (!listed(before, device)) added.push_back(device);
  }
  return known[library] = added;
}

std::string append_plugin(Ort::SessionOptions& options, const ProviderRequest& request) {
  const std::vector<Ort::ConstEpDevice> offered = devices_of(request.library);
  std::vector<Ort::ConstEpDevice> wanted;
  std::string names;
  for (const Ort::ConstEpDevice& device : offered) {
    const std::string name = device.EpName();
    if (name == request.name) wanted.push_back(device);
    if (names.find(quoted(name)) == std::string::npos) names.append(" ").append(quoted(name));
  }
  if (offered.empty()) return "its library finds no device that it could use";
  if (wanted.empty()) return "its library has no provider of that name, only" + names;
  options.AppendExecutionProvider_V2(
      Runtime::env(), wanted, ProviderOptions(request.options.begin(), request.options.end()));
  return "";
}

std::string not_built_in(const ProviderRequest& request) {
  std::string reason = "this build of ONNX Runtime has no " + request.registered + ", only";
  for (const std::string& name : Runtime::loaded()->providers) reason += ' ' + name;
  return reason;
}

}  // namespace

std::string append_provider(Ort::SessionOptions& options, const ProviderRequest& request) {
  std::string reason;
  const Status status = guard([&] {
    if (!request.library.empty()) {
      reason = append_plugin(options, request);
      return Status();
    }
    const auto& built_in = Runtime::loaded()->providers;
    if (request.generic.empty()) {
      reason = "only onnxruntime-web has it";
    } else if (std::find(built_in.begin(), built_in.end(), request.registered) == built_in.end()) {
      reason = not_built_in(request);
    } else {
      append_built_in(options, request);
    }
    return Status();
  });
  return status.ok() ? reason : status.message();
}

}  // namespace infercore::native
