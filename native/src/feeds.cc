#include "feeds.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "infercore/feeds.h"
#include "infercore/model_bytes.h"
#include "marshal.h"
#include "session_options.h"
#include "status.h"

namespace infercore::native {
namespace {

Dimension to_dimension(napi_env env, napi_value value) {
  double size = Dimension::kFree;
  if (napi_get_value_double(env, value, &size) == napi_ok) {
    return Dimension::fixed(static_cast<std::int64_t>(size));
  }
  return Dimension::free(to_utf8(env, value).value_or(std::string()));
}

std::vector<FeedSignature> read_feeds(napi_env env, napi_value value) {
  std::vector<FeedSignature> feeds;
  each_element(env, value, [&](std::uint32_t, napi_value element) {
    Fields fields(env, element, "feeds");
    FeedSignature& feed = feeds.emplace_back();
    fields.read("name", feed.name);
    fields.read("type", feed.type);
    fields.read("length", feed.length);
    each_element(env, fields.get("dims"), [&](std::uint32_t, napi_value dim) {
      double size = -1;
      napi_get_value_double(env, dim, &size);
      feed.dims.push_back(size);
    });
  });
  return feeds;
}

/// The data in place. After everything else was read, which may run JavaScript.
void add_data(napi_env env, napi_value value, std::vector<FeedSignature>& feeds) {
  each_element(env, value, [&](std::uint32_t i, napi_value element) {
    napi_value data = Fields(env, element, "feeds").get("data");
    const auto view = to_view(env, data);
    if (view && i < feeds.size()) {
      feeds[i].data = {static_cast<const std::uint8_t*>(view->data), view->bytes};
    }
  });
}

}  // namespace

std::vector<ValueSignature> read_signature(napi_env env, napi_value value) {
  std::vector<ValueSignature> signature;
  each_element(env, value, [&](std::uint32_t, napi_value element) {
    Fields fields(env, element, "signature");
    ValueSignature& input = signature.emplace_back();
    fields.read("name", input.name);
    fields.read("type", input.type);
    if (napi_value required = fields.get("required")) input.required = to_bool(env, required);
    each_element(env, fields.get("dims"), [&](std::uint32_t, napi_value dim) {
      input.dims.push_back(to_dimension(env, dim));
    });
  });
  return signature;
}

Napi::Value check_model(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto head = to_span<std::uint8_t>(env, info[0]);
  double size = -1;
  if (!head || napi_get_value_double(env, info[1], &size) != napi_ok || !(size >= 0)) {
    return failure(env, {Code::kInvalidInput, "expected a Uint8Array and a size"});
  }
  const Status status = check_model_bytes(*head, static_cast<std::uint64_t>(size));
  return status.ok() ? success(env, env.Null()) : failure(env, status);
}

Napi::Value find_feed_faults(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::vector<ValueSignature> signature = read_signature(env, info[0]);
  const std::vector<Constraint> constraints = read_constraints(env, info[2]);
  std::vector<FeedSignature> feeds = read_feeds(env, info[1]);
  add_data(env, info[1], feeds);
  return faults_to_js(env, validate_feeds(signature, feeds, constraints));
}

}  // namespace infercore::native
