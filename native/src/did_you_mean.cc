#include "did_you_mean.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/did_you_mean.h"
#include "marshal.h"

namespace infercore::native {

Napi::Value nearest_name(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<std::string> candidates;
  each_element(env, info[1], [&](std::uint32_t, napi_value element) {
    if (auto name = to_utf8(env, element)) candidates.push_back(*std::move(name));
  });
  const std::string name = to_utf8(env, info[0]).value_or(std::string());
  const std::optional<std::string_view> nearest = infercore::nearest_name(name, candidates);
  return nearest ? Napi::String::New(env, std::string(*nearest)) : env.Undefined();
}

}  // namespace infercore::native
