// The smallest plugin provider: it takes no nodes, and fails to be made where its option says so.
// native_plugin.test.ts compiles it.
#include <onnxruntime_c_api.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

/// The first version of ONNX Runtime that does not change the interface of plugins any more.
constexpr std::uint32_t kApi = 23;
constexpr const char* kName = "TestProvider";

const OrtApi* api = nullptr;

const char* ORT_API_CALL provider_name(const OrtEp* /*provider*/) noexcept { return kName; }

OrtStatus* ORT_API_CALL take_nothing(OrtEp* /*provider*/, const OrtGraph* /*graph*/,
                                     OrtEpGraphSupportInfo* /*support*/) noexcept {
  return nullptr;
}

const char* ORT_API_CALL name_of(const OrtEpFactory* /*factory*/) noexcept { return kName; }

const char* ORT_API_CALL vendor_of(const OrtEpFactory* /*factory*/) noexcept { return "tests"; }

std::uint32_t ORT_API_CALL vendor_id_of(const OrtEpFactory* /*factory*/) noexcept { return 0; }

const char* ORT_API_CALL version_of(const OrtEpFactory* /*factory*/) noexcept { return "1.0.0"; }

bool ORT_API_CALL has_no_streams(const OrtEpFactory* /*factory*/) noexcept { return false; }

OrtStatus* ORT_API_CALL copy_nothing(OrtEpFactory* /*factory*/,
                                     OrtDataTransferImpl** transfer) noexcept {
  *transfer = nullptr;
  return nullptr;
}

OrtStatus* ORT_API_CALL use_processor(OrtEpFactory* factory,
                                      const OrtHardwareDevice* const* devices, std::size_t count,
                                      OrtEpDevice** chosen, std::size_t most,
                                      std::size_t* chosen_count) noexcept {
  *chosen_count = 0;
  for (std::size_t i = 0; i < count && *chosen_count < most; ++i) {
    if (api->HardwareDevice_Type(devices[i]) != OrtHardwareDeviceType_CPU) continue;
    OrtEpDevice** next = &chosen[*chosen_count];
    OrtStatus* status =
        api->GetEpApi()->CreateEpDevice(factory, devices[i], nullptr, nullptr, next);
    if (status != nullptr) return status;
    ++*chosen_count;
  }
  return nullptr;
}

OrtStatus* ORT_API_CALL make(OrtEpFactory* /*factory*/, const OrtHardwareDevice* const* /*devices*/,
                             const OrtKeyValuePairs* const* /*metadata*/, std::size_t /*count*/,
                             const OrtSessionOptions* options, const OrtLogger* /*logger*/,
                             OrtEp** made) noexcept {
  char words[64] = "";
  std::size_t size = sizeof(words);
  OrtStatus* missing =
      api->GetSessionConfigEntry(options, "ep.testprovider.failWith", words, &size);
  if (missing != nullptr) {
    api->ReleaseStatus(missing);
  } else if (std::strlen(words) > 0) {
    return api->CreateStatus(ORT_FAIL, words);
  }
  auto* provider = new OrtEp();
  provider->ort_version_supported = kApi;
  provider->GetName = &provider_name;
  provider->GetCapability = &take_nothing;
  *made = provider;
  return nullptr;
}

void ORT_API_CALL free_provider(OrtEpFactory* /*factory*/, OrtEp* provider) noexcept {
  delete provider;
}

}  // namespace

extern "C" {

OrtStatus* CreateEpFactories(const char* /*name*/, const OrtApiBase* base,
                             const OrtLogger* /*logger*/, OrtEpFactory** factories,
                             std::size_t most, std::size_t* count) {
  api = base->GetApi(kApi);
  *count = 0;
  if (most == 0) return nullptr;
  auto* factory = new OrtEpFactory();
  factory->ort_version_supported = kApi;
  factory->GetName = &name_of;
  factory->GetVendor = &vendor_of;
  factory->GetSupportedDevices = &use_processor;
  factory->CreateEp = &make;
  factory->ReleaseEp = &free_provider;
  factory->GetVendorId = &vendor_id_of;
  factory->GetVersion = &version_of;
  factory->CreateDataTransfer = &copy_nothing;
  factory->IsStreamAware = &has_no_streams;
  factories[(*count)++] = factory;
  return nullptr;
}

OrtStatus* ReleaseEpFactory(OrtEpFactory* factory) {
  delete factory;
  return nullptr;
}

}  // extern "C"
