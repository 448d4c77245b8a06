#include "infercore/dense.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "infercore/quote.h"
#include "infercore/safetensors.h"
#include "json_reader.h"
#include "score_kernel.h"

namespace infercore {
namespace {

constexpr std::uint64_t kMaxFeatures = 65536;

enum class Activation { kIdentity, kTanh };

struct Config {
  std::size_t in = 0;
  std::size_t out = 0;
  bool bias = true;
  Activation activation = Activation::kTanh;
};

std::size_t read_features(JsonValue root, const char* name, std::vector<Fault>& faults) {
  const JsonValue value = root.get(name);
  const std::optional<std::uint64_t> features = value.integer(std::uint64_t{1} << 53);
  if (!features || *features == 0) {
    faults.push_back({name, Code::kNotAModel,
                      std::string("expected a whole number from 1 on for ") + name +
                          (value.exists() ? ", received something else" : ", it is missing")});
    return 0;
  }
  if (*features > kMaxFeatures) {
    faults.push_back({name, Code::kLimitExceeded,
                      std::string("expected at most ") + std::to_string(kMaxFeatures) + " for " +
                          name + ", received " + std::to_string(*features)});
    return 0;
  }
  return static_cast<std::size_t>(*features);
}

Activation read_activation(JsonValue root, std::vector<Fault>& faults) {
  const JsonValue value = root.get("activation_function");
  if (value.is_null()) return Activation::kTanh;  // sentence-transformers' default
  if (value.is(JsonType::kString)) {
    // Newer files name the inner module: torch.nn.modules.linear.Identity.
    const std::string_view name = value.string();
    if (name == "torch.nn.modules.activation.Tanh") return Activation::kTanh;
    if (name == "torch.nn.modules.linear.Identity") return Activation::kIdentity;
  }
  faults.push_back(
      {"activation_function", Code::kUnsupportedComponent,
       "expected torch.nn.modules.activation.Tanh or torch.nn.modules.linear.Identity for "
       "activation_function, received " +
           (value.is(JsonType::kString) ? quoted(value.string()) : "no string")});
  return Activation::kTanh;
}

Result<Config> read_config(std::string_view json) {
  JsonLimits limits;
  limits.depth = 16;
  limits.bytes = std::size_t{1} << 20;
  limits.code = Code::kNotAModel;
  const Result<JsonDocument> document = JsonDocument::parse(json, limits);
  if (!document.ok()) return document.status();
  const JsonValue root = document->root();
  std::vector<Fault> faults;
  Config config;
  config.in = read_features(root, "in_features", faults);
  config.out = read_features(root, "out_features", faults);
  config.activation = read_activation(root, faults);
  const JsonValue bias = root.get("bias");
  if (bias.is(JsonType::kBool)) {
    config.bias = bias.boolean();
  } else if (!bias.is_null()) {
    faults.push_back({"bias", Code::kNotAModel, "expected true or false for bias"});
  }
  if (!faults.empty()) {
    return Status::from_faults("the Dense layer's config.json can't be used", std::move(faults));
  }
  return config;
}

std::string describe(const std::vector<std::size_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

/// The values of a tensor of exactly that shape.
std::vector<float> read_tensor(const Safetensors& file, const char* name,
                               const std::vector<std::size_t>& shape, std::vector<Fault>& faults) {
  const Safetensors::Entry* entry = file.find(name);
  if (entry == nullptr || entry->shape != shape) {
    faults.push_back(
        {name, Code::kNotAModel,
         std::string("expected a tensor ") + name + " of shape " + describe(shape) +
             (entry == nullptr ? ", it is missing" : ", received " + describe(entry->shape))});
    return {};
  }
  Result<std::vector<float>> values = Safetensors::to_floats(*entry);
  if (values.ok()) return *std::move(values);
  faults.push_back({name, values.status().code(), values.status().message()});
  return {};
}

}  // namespace

struct Dense::Impl {
  Config config;
  std::vector<float> weight;
  std::vector<float> bias;
};

Dense::Dense(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<Dense> Dense::from_bytes(std::string_view config, std::span<const std::uint8_t> weights) {
  Result<Config> read = read_config(config);
  if (!read.ok()) return read.status();
  const Result<Safetensors> file = Safetensors::parse(weights);
  if (!file.ok()) return file.status();
  auto impl = std::make_shared<Impl>();
  impl->config = *read;
  std::vector<Fault> faults;
  impl->weight = read_tensor(*file, "linear.weight", {read->out, read->in}, faults);
  if (read->bias) {
    impl->bias = read_tensor(*file, "linear.bias", {read->out}, faults);
  } else {
    impl->bias.assign(read->out, 0.0F);
  }
  if (!faults.empty()) {
    return Status::from_faults("the Dense layer's weights can't be used", std::move(faults));
  }
  return Dense(std::move(impl));
}

std::size_t Dense::in_features() const noexcept { return impl_->config.in; }
std::size_t Dense::out_features() const noexcept { return impl_->config.out; }

void Dense::apply(std::span<const float> in, std::span<float> out) const {
  const Config& config = impl_->config;
  const std::size_t rows = in.size() / config.in;
  best_score_kernel().score(in.data(), rows, impl_->weight.data(), config.out, config.in,
                            out.data());
  for (std::size_t r = 0; r < rows; ++r) {
    float* const row = out.data() + r * config.out;
    for (std::size_t i = 0; i < config.out; ++i) row[i] += impl_->bias[i];
    if (config.activation != Activation::kTanh) continue;
    for (std::size_t i = 0; i < config.out; ++i) row[i] = std::tanh(row[i]);
  }
}

}  // namespace infercore
