#include "run.h"

#include <algorithm>
#include <utility>

#include "infercore/did_you_mean.h"
#include "infercore/fault_list.h"
#include "infercore/feeds.h"
#include "infercore/quote.h"
#include "marshal.h"
#include "runtime.h"

namespace infercore::native {

Result<std::shared_ptr<Run>> Run::prepare(Napi::Env env, std::shared_ptr<Session> session,
                                          napi_value feeds, napi_value fetches,
                                          napi_value options) {
  auto run = std::make_shared<Run>(std::move(session));
  if (Status status = run->read_options(env, options); !status.ok()) return status;
  if (Status status = run->read_fetches(env, fetches); !status.ok()) return status;
  if (Status status = run->read_feeds(env, feeds); !status.ok()) return status;
  return run;
}

Status Run::read_options(Napi::Env env, napi_value value) {
  Fields fields(env, value, "options");
  int severity = 2;
  int verbosity = 0;
  std::string tag;
  StringPairs entries;
  fields.read("logSeverityLevel", severity);
  fields.read("logVerbosityLevel", verbosity);
  fields.read("tag", tag);
  fields.read("configEntries", entries);
  if (Status status = fields.status(); !status.ok()) return status;
  return guard([&] {
    options_.SetRunLogSeverityLevel(severity);
    options_.SetRunLogVerbosityLevel(verbosity);
    if (!tag.empty()) options_.SetRunTag(tag.c_str());
    for (const auto& [key, entry] : entries) options_.AddConfigEntry(key.c_str(), entry.c_str());
    return Status();
  });
}

Status Run::read_fetches(Napi::Env env, napi_value value) {
  const std::vector<ValueSignature>& outputs = session_->outputs;
  FaultList faults;
  const bool is_array = each_element(env, value, [&](std::uint32_t, napi_value element) {
    if (faults.full()) return;
    const std::string name = to_utf8(env, element).value_or(std::string());
    const auto found = std::find_if(outputs.begin(), outputs.end(),
                                    [&](const auto& output) { return output.name == name; });
    if (found != outputs.end()) return fetches_.push_back(&*found);
    std::vector<std::string> names;
    names.reserve(outputs.size());
    for (const ValueSignature& output : outputs) names.push_back(output.name);
    faults.add(
        {name, Code::kInvalidInput, "unknown output " + quoted(name) + did_you_mean(name, names)});
  });
  if (!is_array) return {Code::kInvalidInput, "expected fetches to be an array of names"};
  if (!faults.empty()) return std::move(faults).status("fetches");
  if (fetches_.empty()) {
    for (const ValueSignature& output : outputs) fetches_.push_back(&output);
  }
  return {};
}

Status Run::read_feeds(Napi::Env env, napi_value value) {
  std::vector<Fault> faults;
  feeds_.reserve(session_->inputs.size());
  const bool is_object = each_property(env, value, [&](std::string name, napi_value tensor) {
    feeds_.push_back(Feed::read(env, std::move(name), tensor, faults));
  });
  if (!is_object) return {Code::kInvalidInput, "expected feeds to be an object of tensors by name"};
  if (faults.empty()) return {};
  // All faults at once: also those of the feeds that could be read, and of missing ones.
  const std::size_t unread = faults.size();
  for (Fault& fault : validate_feeds(session_->feedable, feed_signatures(), {})) {
    const bool told =
        std::any_of(faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(unread),
                    [&](const Fault& known) { return known.path == fault.path; });
    if (!told) faults.push_back(std::move(fault));
  }
  return Status::from_faults("the feeds do not fit the model", std::move(faults));
}

std::vector<FeedSignature> Run::feed_signatures() const {
  std::vector<FeedSignature> signatures;
  signatures.reserve(feeds_.size());
  for (const Feed& feed : feeds_) signatures.push_back(feed.signature());
  return signatures;
}

Status Run::perform() {
  Status fit = check_feeds(session_->feedable, feed_signatures(), session_->constraints);
  if (!fit.ok()) return fit;
  Status status = guard([this] { return run_model(); });
  feeds_.clear();
  return status;
}

Status Run::run_model() {
  std::vector<const char*> input_names;
  std::vector<Ort::Value> inputs;
  for (Feed& feed : feeds_) {
    input_names.push_back(feed.signature().name.c_str());
    inputs.push_back(feed.value(session_->memory));
  }
  std::vector<const char*> output_names;
  for (const ValueSignature* output : fetches_) output_names.push_back(output->name.c_str());
  std::vector<Ort::Value> values =
      session_->onnx.Run(options_, input_names.data(), inputs.data(), inputs.size(),
                         output_names.data(), output_names.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    Result<Output> output = Output::read(fetches_[i]->name, std::move(values[i]));
    if (!output.ok()) return output.status();
    outputs_.push_back(*std::move(output));
  }
  return {};
}

Napi::Value Run::value(Napi::Env env) {
  Napi::Object result = Napi::Object::New(env);
  for (Output& output : outputs_) result.Set(output.name(), output.to_js(env));
  outputs_.clear();
  return result;
}

}  // namespace infercore::native
