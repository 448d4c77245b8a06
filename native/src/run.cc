#include "run.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "infercore/did_you_mean.h"
#include "infercore/element_type.h"
#include "infercore/fault_list.h"
#include "infercore/feeds.h"
#include "infercore/quote.h"
#include "marshal.h"
#include "runtime.h"

namespace infercore::native {
namespace {

/// What an output's shape will be, as far as the model declares it: fixed sizes, and names whose
/// sizes the feeds tell.
enum class Foresight { kEqual, kOther, kUnknown };

/// Encoders with two threads: of runs longer than this, two at once took longer than one after the
/// other, by up to a quarter; at 5 ms they took the same, and below that they won.
constexpr std::chrono::milliseconds kLong(10);

const double* size_of(const std::string& name, const Session& session,
                      const std::vector<FeedSignature>& feeds) {
  if (name.empty()) return nullptr;
  for (const FeedSignature& feed : feeds) {
    const std::vector<Dimension>& declared = session.input(feed.name).dims;
    for (std::size_t axis = 0; axis < declared.size(); ++axis) {
      if (declared[axis].is_free() && declared[axis].name == name) return &feed.dims[axis];
    }
  }
  return nullptr;
}

Foresight foresee(const ValueSignature& output, const FeedSignature& memory, const Session& session,
                  const std::vector<FeedSignature>& feeds) {
  const std::optional<ElementType> type = element_type_from_name(output.type);
  if (!type || !can_feed(memory.type, *type) || !is_whole(memory) || type == ElementType::kString)
    return Foresight::kOther;
  // Without dimensions it may be a scalar, or of any shape.
  if (output.dims.empty()) return Foresight::kUnknown;
  if (output.dims.size() != memory.dims.size()) return Foresight::kOther;
  Foresight foresight = Foresight::kEqual;
  for (std::size_t axis = 0; axis < output.dims.size(); ++axis) {
    const Dimension& dim = output.dims[axis];
    const auto fixed = static_cast<double>(dim.size);
    const double* size = dim.is_free() ? size_of(dim.name, session, feeds) : &fixed;
    if (size == nullptr) {
      foresight = Foresight::kUnknown;
    } else if (*size != memory.dims[axis]) {
      return Foresight::kOther;
    }
  }
  return foresight;
}

Status no_memory(const std::string& feed) {
  return Status::from_faults(
      "the feeds can't be copied",
      {{feed, Code::kLimitExceeded, "there is not enough memory for a copy"}});
}

/// The runtime looks before it writes: the memory given is of another shape.
bool is_other_shape(const Status& status) {
  return status.message().find("but the computed output shape for this run is") !=
         std::string::npos;
}

}  // namespace

Result<std::shared_ptr<Run>> Run::prepare(Napi::Env env, std::shared_ptr<Session> session,
                                          const Arguments& arguments) {
  auto run = std::make_shared<Run>(std::move(session));
  if (Status status = run->read_options(env, arguments.options); !status.ok()) return status;
  if (Status status = run->read_fetches(env, arguments.fetches); !status.ok()) return status;
  if (Status status = run->read_feeds(env, arguments.feeds); !status.ok()) return status;
  if (Status status = run->part_memory(); !status.ok()) return status;
  return run;
}

bool Run::is_brief() const {
  // What is logged comes by the mailbox, and before the result.
  return session_->log == nullptr && session_->predictability == Predictability::kByShape &&
         session_->pace.is_brief(meal());
}

Status Run::leave(Napi::Env env, const Arguments& arguments) {
  if (Status status = own_feeds(); !status.ok()) return status;
  if (!options_) options_ = Ort::RunOptions();
  keep(env, arguments);
  return {};
}

Task::Needs Run::needs() const noexcept {
  const int threads = session_->intra_op_threads;
  if (threads < 2 || session_->predictability == Predictability::kNone) return {};
  const std::chrono::nanoseconds expected = session_->pace.expected(meal());
  if (expected < kLong) return {};
  return {static_cast<std::size_t>(threads), expected};
}

void Run::interrupt() noexcept {
  if (options_) options_.SetTerminate();
}

Status Run::read_options(Napi::Env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type == napi_undefined) return {};
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
    options_ = Ort::RunOptions();
    options_.SetRunLogSeverityLevel(severity);
    options_.SetRunLogVerbosityLevel(verbosity);
    if (!tag.empty()) options_.SetRunTag(tag.c_str());
    for (const auto& [key, entry] : entries) options_.AddConfigEntry(key.c_str(), entry.c_str());
    return Status();
  });
}

Status Run::read_fetches(Napi::Env env, napi_value value) {
  FaultList faults;
  const bool is_array = each_element(env, value, [&](std::uint32_t, napi_value element) {
    if (faults.full()) return;
    for (Fault& fault : add_fetch(env, element)) faults.add(std::move(fault));
  });
  if (!is_array) return {Code::kInvalidInput, "expected fetches to be an array"};
  if (!faults.empty()) return std::move(faults).status("fetches");
  if (fetches_.empty()) {
    for (const ValueSignature& output : session_->outputs) fetches_.push_back({&output});
  }
  return {};
}

std::vector<Fault> Run::add_fetch(Napi::Env env, napi_value value) {
  const std::vector<ValueSignature>& outputs = session_->outputs;
  std::vector<Fault> faults;
  Fetch fetch{nullptr};
  if (auto name = to_utf8(env, value)) {
    fetch.signature.name = *std::move(name);
  } else {
    fetch.given = true;
    fetch.memory = GivenTensor::read(env, value, fetch.signature, faults);
    if (!faults.empty()) return faults;
  }
  const std::string& name = fetch.signature.name;
  const auto found = std::find_if(outputs.begin(), outputs.end(),
                                  [&](const auto& output) { return output.name == name; });
  if (found == outputs.end()) {
    std::vector<std::string> names;
    names.reserve(outputs.size());
    for (const ValueSignature& output : outputs) names.push_back(output.name);
    faults.push_back(
        {name, Code::kInvalidInput, "unknown output " + quoted(name) + did_you_mean(name, names)});
    return faults;
  }
  fetch.output = &*found;
  fetches_.push_back(std::move(fetch));
  return faults;
}

Status Run::read_feeds(Napi::Env env, napi_value value) {
  std::vector<Fault> faults;
  feeds_.reserve(session_->inputs.size());
  signatures_.reserve(session_->inputs.size());
  const bool is_array = each_element(env, value, [&](std::uint32_t, napi_value row) {
    FeedSignature& signature = signatures_.emplace_back();
    feeds_.push_back(GivenTensor::read(env, row, signature, faults));
  });
  if (!is_array) return {Code::kInvalidInput, "expected feeds to be an array of tensors"};
  if (faults.empty()) return {};
  // All faults at once: also those of the feeds that could be read, and of missing ones.
  const std::size_t unread = faults.size();
  for (Fault& fault : validate_feeds(session_->feedable, signatures_, {})) {
    const bool told =
        std::any_of(faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(unread),
                    [&](const Fault& known) { return known.path == fault.path; });
    if (!told) faults.push_back(std::move(fault));
  }
  return Status::from_faults("the feeds do not fit the model", std::move(faults));
}

/// An output must not be written where a feed or another output is.
Status Run::part_memory() {
  for (std::size_t i = 0; i < fetches_.size(); ++i) {
    if (!fetches_[i].given) continue;
    borrows_ = true;
    for (std::size_t feed = 0; feed < feeds_.size(); ++feed) {
      if (feeds_[feed].in_place() && feeds_[feed].overlaps(fetches_[i].memory) &&
          !feeds_[feed].copy(signatures_[feed])) {
        return no_memory(signatures_[feed].name);
      }
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (!fetches_[other].given || !fetches_[i].memory.overlaps(fetches_[other].memory)) continue;
      return {Code::kInvalidInput, "outputs " + quoted(fetches_[other].output->name) + " and " +
                                       quoted(fetches_[i].output->name) +
                                       " are to be written into the same memory"};
    }
  }
  return {};
}

Status Run::own_feeds() {
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    if (feeds_[i].is_lent() && !feeds_[i].copy(signatures_[i])) {
      return no_memory(signatures_[i].name);
    }
    borrows_ = borrows_ || feeds_[i].in_place();
  }
  return {};
}

void Run::keep(napi_env env, const Arguments& arguments) {
  if (!borrows_) return;
  napi_create_reference(env, arguments.feeds, 1, &kept_[0]);
  napi_create_reference(env, arguments.fetches, 1, &kept_[1]);
}

Napi::Value Run::outcome(Napi::Env env, const Status& status) {
  for (napi_ref& array : kept_) {
    if (array != nullptr) napi_delete_reference(env, std::exchange(array, nullptr));
  }
  return Operation::outcome(env, status);
}

Status Run::perform() {
  std::unique_lock<std::mutex> lock(using_, std::defer_lock);
  if (borrows_) {
    lock.lock();
    if (cancelled()) return check_cancelled();
  }
  Status fit = check_feeds(session_->feedable, signatures_, session_->constraints);
  if (!fit.ok()) return fit;
  bind_fetches();
  Status status = guard([this] { return run_model(); });
  const bool bound =
      std::any_of(fetches_.begin(), fetches_.end(), [](const Fetch& fetch) { return fetch.bound; });
  if (bound && is_other_shape(status)) {
    // Nothing was written. Once more with the runtime's own memory: that tells the right shape.
    for (Fetch& fetch : fetches_) fetch.bound = false;
    status = guard([this] { return run_model(); });
  }
  feeds_.clear();
  return status;
}

/// All that was given, or none of it: nothing is to be written when one of them does not fit.
void Run::bind_fetches() {
  std::size_t given = 0;
  std::size_t equal = 0;
  std::size_t unknown = 0;
  for (const Fetch& fetch : fetches_) {
    if (!fetch.given) continue;
    // The runtime does not write an input that is an output as well.
    if (std::any_of(signatures_.begin(), signatures_.end(),
                    [&](const FeedSignature& feed) { return feed.name == fetch.output->name; })) {
      return;
    }
    ++given;
    const Foresight foresight = foresee(*fetch.output, fetch.signature, *session_, signatures_);
    if (foresight == Foresight::kEqual) ++equal;
    if (foresight == Foresight::kUnknown) ++unknown;
  }
  // One whose shape the model leaves open can be the only one: the runtime looks before it writes,
  // but others were written by then.
  if (equal != given && !(unknown == 1 && given == 1)) return;
  for (Fetch& fetch : fetches_) fetch.bound = fetch.given;
}

Status Run::run_model() {
  std::vector<const char*> input_names;
  std::vector<Ort::Value> inputs;
  input_names.reserve(feeds_.size());
  inputs.reserve(feeds_.size());
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    const FeedSignature& signature = signatures_[i];
    input_names.push_back(signature.name.c_str());
    inputs.push_back(
        feeds_[i].value(session_->memory, session_->input(signature.name).type, signature.dims));
  }
  std::vector<const char*> output_names;
  std::vector<Ort::Value> values;
  output_names.reserve(fetches_.size());
  values.reserve(fetches_.size());
  for (Fetch& fetch : fetches_) {
    output_names.push_back(fetch.output->name.c_str());
    values.push_back(
        fetch.bound ? fetch.memory.value(session_->memory, fetch.output->type, fetch.signature.dims)
                    : Ort::Value(nullptr));
  }
  const auto begin = std::chrono::steady_clock::now();
  session_->onnx.Run(options_, input_names.data(), inputs.data(), inputs.size(),
                     output_names.data(), values.data(), values.size());
  session_->pace.note(meal(), std::chrono::steady_clock::now() - begin);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (fetches_[i].bound) continue;
    own(values[i]);
    Result<Output> output = Output::read(fetches_[i].output->name, std::move(values[i]));
    if (!output.ok()) return output.status();
    outputs_.push_back(*std::move(output));
  }
  return {};
}

Meal Run::meal() const {
  constexpr std::uint64_t kFactor = 0x9E37'79B9'7F4A'7C15;
  Meal meal{0, 0};
  const auto mix = [&meal](std::uint64_t value) {
    meal.shapes = (meal.shapes ^ value) * kFactor;
    meal.shapes ^= meal.shapes >> 29U;
  };
  for (std::size_t i = 0; i < feeds_.size(); ++i) {
    mix(std::hash<std::string>()(signatures_[i].name));
    mix(signatures_[i].dims.size());
    for (const double size : signatures_[i].dims) mix(static_cast<std::uint64_t>(size));
    meal.bytes += feeds_[i].bytes();
  }
  return meal;
}

/// Of an input that is an output as well the runtime hands out the feed's own memory, which is gone
/// after the run.
void Run::own(Ort::Value& value) const {
  if (!value || !value.HasValue() || !value.IsTensor()) return;
  const Ort::TensorTypeAndShapeInfo info = value.GetTensorTypeAndShapeInfo();
  const TensorType* type = tensor_type(info.GetElementType());
  if (type == nullptr || type->is_string()) return;
  const void* data = value.GetTensorRawData();
  const bool is_feed = std::any_of(feeds_.begin(), feeds_.end(),
                                   [data](const GivenTensor& feed) { return feed.holds(data); });
  if (!is_feed) return;
  const std::vector<std::int64_t> dims = info.GetShape();
  const Ort::AllocatorWithDefaultOptions allocator;
  Ort::Value copy =
      Ort::Value::CreateTensor(allocator, dims.data(), dims.size(), info.GetElementType());
  std::memcpy(copy.GetTensorMutableRawData(), data, type->bytes_for(info.GetElementCount()));
  value = std::move(copy);
}

Napi::Value Run::value(Napi::Env env) {
  Napi::Array result = Napi::Array::New(env, fetches_.size());
  auto output = outputs_.begin();
  for (std::uint32_t i = 0; i < fetches_.size(); ++i) {
    result.Set(i, fetches_[i].bound ? napi_value(env.Null()) : (output++)->to_js(env));
  }
  outputs_.clear();
  return result;
}

}  // namespace infercore::native
