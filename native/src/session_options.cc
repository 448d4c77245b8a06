#include "session_options.h"

#include <iterator>
#include <string_view>

#include "file.h"
#include "handle.h"
#include "infercore/quote.h"
#include "providers.h"
#include "shared_weights_handle.h"

namespace infercore::native {
namespace {

constexpr std::string_view kLevels[] = {"disabled", "basic", "extended", "layout", "all"};
constexpr GraphOptimizationLevel kOnnxLevels[] = {
    ORT_DISABLE_ALL, ORT_ENABLE_BASIC, ORT_ENABLE_EXTENDED, ORT_ENABLE_LAYOUT, ORT_ENABLE_ALL};
constexpr std::string_view kModes[] = {"sequential", "parallel"};

void read_providers(Napi::Env env, const Fields& fields, std::vector<ProviderRequest>& out,
                    std::vector<Fields>& inner) {
  each_element(env, fields.get("providers"), [&](std::uint32_t, napi_value element) {
    Fields provider(env, element, "options.providers");
    ProviderRequest request;
    provider.read("name", request.name);
    provider.read("registered", request.registered);
    provider.read("generic", request.generic);
    provider.read("library", request.library);
    provider.read("options", request.options);
    out.push_back(std::move(request));
    inner.push_back(provider);
  });
}

/// Bytes are copied: JavaScript may change its own while the model loads.
void read_external_data(Napi::Env env, const Fields& fields, std::vector<ExternalData>& out,
                        std::vector<Fields>& inner) {
  each_element(env, fields.get("externalData"), [&](std::uint32_t, napi_value element) {
    Fields file(env, element, "options.externalData");
    ExternalData data;
    file.read("path", data.name);
    if (const auto bytes = to_span<std::uint8_t>(env, file.get("data"))) {
      data.content = std::vector<std::uint8_t>(bytes->begin(), bytes->end());
    } else {
      file.read("data", std::get<std::string>(data.content));
    }
    out.push_back(std::move(data));
    inner.push_back(file);
  });
}

void read_range(Fields& fields, const char* key, std::optional<double>& out) {
  double number = 0;
  if (fields.get(key) == nullptr) return;
  fields.read(key, number);
  out = number;
}

}  // namespace

std::vector<Constraint> read_constraints(napi_env env, napi_value value) {
  std::vector<Constraint> constraints;
  each_property(env, value, [&](const std::string& input, napi_value axes) {
    each_property(env, axes, [&](const std::string& axis, napi_value range) {
      Fields fields(env, range, "constraints." + input + '.' + axis);
      Constraint constraint{input, axis, {}};
      read_range(fields, "min", constraint.range.min);
      read_range(fields, "max", constraint.range.max);
      read_range(fields, "multipleOf", constraint.range.multiple_of);
      if (fields.get("finite") != nullptr) fields.read("finite", constraint.range.finite);
      constraints.push_back(std::move(constraint));
    });
  });
  return constraints;
}

Result<SessionOptions> SessionOptions::read(Napi::Env env, napi_value value) {
  SessionOptions options;
  Fields fields(env, value, "options");
  std::vector<Fields> inner;
  read_providers(env, fields, options.providers, inner);
  read_external_data(env, fields, options.external, inner);
  for (const Fields& element : inner) fields.add(element);
  fields.read("intraOpNumThreads", options.intra_op_threads);
  fields.read("interOpNumThreads", options.inter_op_threads);
  std::size_t level = std::size(kLevels) - 1;
  fields.read_name("graphOptimizationLevel", kLevels, level);
  options.optimization = kOnnxLevels[level];
  fields.read_name("executionMode", kModes, options.mode);
  fields.read("enableCpuMemArena", options.cpu_arena);
  fields.read("enableMemPattern", options.memory_pattern);
  fields.read("logId", options.log_id);
  fields.read("logSeverityLevel", options.log_severity);
  fields.read("logVerbosityLevel", options.log_verbosity);
  if (fields.type_of("onLog") == napi_function) {
    options.log = std::make_shared<Log>(env, fields.get("onLog"));
  }
  each_property(env, fields.get("freeDimensionOverrides"), [&](std::string name, napi_value size) {
    double number = -1;
    napi_get_value_double(env, size, &number);
    options.free_dimensions.emplace_back(std::move(name), number);
  });
  fields.read("optimizedModelFilePath", options.optimized_path);
  fields.read("enableProfiling", options.profiling);
  fields.read("profileFilePrefix", options.profile_prefix);
  fields.read("configEntries", options.entries);
  if (napi_value weights = fields.get("sharedWeights")) {
    options.weights = store_of(Napi::Value(env, weights));
    if (options.weights == nullptr) {
      fields.fault("sharedWeights", wrong_handle(HandleKind::kSharedWeights).message());
    }
  }
  options.constraints = read_constraints(env, fields.get("constraints"));
  if (Status status = fields.status(); !status.ok()) return status;
  return options;
}

Status SessionOptions::read_external() {
  for (ExternalData& data : external) {
    const auto* path = std::get_if<std::string>(&data.content);
    if (path == nullptr) continue;
    Result<std::vector<std::uint8_t>> bytes =
        read_file(*path, "the external data " + quoted(data.name));
    if (!bytes.ok()) return bytes.status();
    data.content = *std::move(bytes);
  }
  return {};
}

void SessionOptions::apply_external(Ort::SessionOptions& options) const {
  std::vector<std::string> names;
  std::vector<char*> contents;
  std::vector<std::size_t> sizes;
  for (const ExternalData& data : external) {
    const auto& bytes = std::get<std::vector<std::uint8_t>>(data.content);
    names.push_back(data.name);
    // The runtime only reads them, whatever its interface says. It wants an address of nothing,
    // too.
    static char nothing = 0;
    auto* content = reinterpret_cast<char*>(const_cast<std::uint8_t*>(bytes.data()));
    contents.push_back(bytes.empty() ? &nothing : content);
    sizes.push_back(bytes.size());
  }
  if (!names.empty()) options.AddExternalInitializersFromFilesInMemory(names, contents, sizes);
}

SessionWeights::FoundFile SessionOptions::open_external(const std::string& folder,
                                                        const std::string& name) const {
  for (const ExternalData& data : external) {
    if (data.name != name) continue;
    return {std::make_unique<MemoryBytes>(std::get<std::vector<std::uint8_t>>(data.content)), name};
  }
  if (!external.empty() || folder.empty()) return {};
  std::unique_ptr<OpenFile> file = open_inside(folder, name);
  if (file == nullptr) return {};
  std::string id = file->id();
  return {std::move(file), std::move(id)};
}

std::string_view SessionOptions::entry(std::string_view key) const {
  std::string_view found;
  for (const auto& [name, value] : entries) {
    if (name == key) found = value;
  }
  return found;
}

void SessionOptions::apply(Ort::SessionOptions& options) const {
  options.SetIntraOpNumThreads(intra_op_threads);
  options.SetInterOpNumThreads(inter_op_threads);
  options.SetGraphOptimizationLevel(optimization);
  options.SetExecutionMode(mode);
  cpu_arena ? options.EnableCpuMemArena() : options.DisableCpuMemArena();
  memory_pattern ? options.EnableMemPattern() : options.DisableMemPattern();
  if (!log_id.empty()) options.SetLogId(log_id.c_str());
  options.SetLogSeverityLevel(log_severity);
  Ort::ThrowOnError(Ort::GetApi().SetSessionLogVerbosityLevel(options, log_verbosity));
  if (log)
    Ort::ThrowOnError(Ort::GetApi().SetUserLoggingFunction(options, &Log::receive, log.get()));
  for (const auto& [name, size] : free_dimensions) {
    options.AddFreeDimensionOverrideByName(name.c_str(), static_cast<std::int64_t>(size));
  }
  if (!optimized_path.empty()) options.SetOptimizedModelFilePath(optimized_path.c_str());
  for (const auto& [key, entry] : entries) options.AddConfigEntry(key.c_str(), entry.c_str());
  if (profiling) options.EnableProfiling(profile_prefix.c_str());
  apply_external(options);
}

void SessionOptions::append_providers(Ort::SessionOptions& options, std::vector<std::string>& used,
                                      std::vector<SkippedProvider>& skipped) const {
  for (const ProviderRequest& request : providers) {
    if (request.name == "cpu") continue;  // the runtime adds it by itself, and always last
    std::string reason = append_provider(options, request);
    if (reason.empty()) {
      used.push_back(request.name);
    } else {
      skipped.push_back({request.name, std::move(reason)});
    }
  }
  used.emplace_back("cpu");
}

}  // namespace infercore::native
