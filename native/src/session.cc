#include "session.h"

#include <onnxruntime_session_options_config_keys.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "file.h"
#include "infercore/model_bytes.h"
#include "infercore/quote.h"
#include "large_memory.h"
#include "runtime.h"
#include "session_handle.h"
#include "session_lease.h"
#include "tensor.h"

namespace infercore::native {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

class Free : public Task {
 public:
  explicit Free(Session* session) : session_(session) {}
  void execute() noexcept override {
    const std::function<void()> freed = std::move(session_->when_freed);
    const bool is_large = session_->is_large;
    session_.reset();
    if (is_large) return_freed_memory();
    if (freed) freed();
  }

 private:
  std::unique_ptr<Session> session_;
};

ValueSignature signature_of(std::string name, const Ort::TypeInfo& type, bool required) {
  ValueSignature signature;
  signature.name = std::move(name);
  signature.required = required;
  // An optional value is as what it holds: what is fed is there, and what is absent a run tells.
  if (type.GetONNXType() == ONNX_TYPE_OPTIONAL) {
    const Ort::TypeInfo held = type.GetOptionalTypeInfo().GetOptionalElementType();
    return signature_of(std::move(signature.name), held, required);
  }
  signature.type = value_type_name(type);
  if (type.GetONNXType() != ONNX_TYPE_TENSOR) return signature;
  const auto info = type.GetTensorTypeAndShapeInfo();
  const std::vector<std::int64_t> shape = info.GetShape();
  const std::vector<const char*> names = info.GetSymbolicDimensions();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    signature.dims.push_back(shape[i] < 0 ? Dimension::free(names[i]) : Dimension::fixed(shape[i]));
  }
  return signature;
}

/// The folder of a file, with the slash at its end.
std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "./" : path.substr(0, slash + 1);
}

std::string why_none_is_shared(ByteSource& model) {
  constexpr std::string_view kMark = "ORTM";
  constexpr std::size_t kPlace = 4;
  std::array<std::uint8_t, kMark.size()> mark = {};
  if (model.size() > kPlace + mark.size() && model.read(kPlace, mark) &&
      std::equal(mark.begin(), mark.end(), kMark.begin())) {
    return "the model is in ONNX Runtime's own format";
  }
  return "no operator of the model takes weights of 1 kB or more as they stand in its file";
}

Status check_model_file(const std::string& path) {
  Result<FileHead> file = read_file_head(path, "the model", kModelHeadBytes);
  if (!file.ok()) return file.status();
  Status status = check_model_bytes(file->bytes, file->size);
  if (status.ok()) return status;
  return {status.code(), escaped(path) + ": " + status.message(), status.hint()};
}

}  // namespace

std::shared_ptr<Session> Session::make() {
  return {new Session, [](Session* session) {
            if (!session->onnx) return delete session;  // nothing was loaded
            Pool::shared().submit(std::make_shared<Free>(session));
          }};
}

const ValueSignature& Session::input(std::string_view name) const {
  return *std::find_if(feedable.begin(), feedable.end(),
                       [name](const ValueSignature& each) { return each.name == name; });
}

void Session::read_signatures() {
  Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t i = 0; i < onnx.GetInputCount(); ++i) {
    inputs.push_back(signature_of(onnx.GetInputNameAllocated(i, allocator).get(),
                                  onnx.GetInputTypeInfo(i), true));
  }
  feedable = inputs;
  for (std::size_t i = 0; i < onnx.GetOverridableInitializerCount(); ++i) {
    feedable.push_back(signature_of(onnx.GetOverridableInitializerNameAllocated(i, allocator).get(),
                                    onnx.GetOverridableInitializerTypeInfo(i), false));
  }
  for (std::size_t i = 0; i < onnx.GetOutputCount(); ++i) {
    outputs.push_back(signature_of(onnx.GetOutputNameAllocated(i, allocator).get(),
                                   onnx.GetOutputTypeInfo(i), true));
  }
}

Load::Load(ModelSource source, SessionOptions options)
    : Work("loading the model"), source_(std::move(source)), options_(std::move(options)) {}

void Load::interrupt() noexcept {
  (void)guard([this] {
    asked_.SetLoadCancellationFlag(true);
    plain_.SetLoadCancellationFlag(true);
    return Status();
  });
}

Status Load::check_source() const {
  if (const auto* path = std::get_if<std::string>(&source_)) return check_model_file(*path);
  const auto& bytes = std::get<std::vector<std::uint8_t>>(source_);
  return check_model_bytes(bytes, bytes.size());
}

Status Load::create_from(const Ort::SessionOptions& options) {
  return guard([this, &options] {
    const auto make = [this, &options](auto... packed) {
      if (const auto* path = std::get_if<std::string>(&source_)) {
        return Ort::Session(Runtime::env(), path->c_str(), options, packed...);
      }
      const auto& bytes = std::get<std::vector<std::uint8_t>>(source_);
      return Ort::Session(Runtime::env(), bytes.data(), bytes.size(), options, packed...);
    };
    session_->onnx = session_->weights ? make(session_->weights->packed()) : make();
    return Status();
  });
}

Status Load::read_weights() {
  if (options_.weights == nullptr) return {};
  const Clock::time_point start = Clock::now();
  const auto* path = std::get_if<std::string>(&source_);
  const std::string folder = path == nullptr ? "" : folder_of(*path);
  const std::unique_ptr<ByteSource> model = open_source();
  Status status = guard([&] {
    auto read = SessionWeights::read(
        options_.weights, *model,
        [&](const std::string& name) { return options_.open_external(folder, name); },
        [this] { return cancelled(); });
    if (!read.ok()) return read.status();
    session_->weights = *std::move(read);
    return Status();
  });
  session_->phases.emplace_back("weights", milliseconds_since(start));
  if (!session_->weights) session_->why_unshared = why_none_is_shared(*model);
  return status;
}

Status Load::create() {
  Session& session = *session_;
  session.log = options_.log;
  if (options_.entry(kOrtSessionOptionsConfigUseEnvAllocators) == "1") Runtime::share_allocator();
  Status applied = guard([&] {
    options_.apply(asked_);
    options_.append_providers(asked_, session.providers, session.skipped);
    if (session.weights) session.weights->add_to(asked_);
    return Status();
  });
  if (!applied.ok()) return applied;
  Status status = create_from(asked_);
  if (status.ok() || session.providers.size() == 1 || cancelled()) return status;
  // A provider may be there and yet find no device or driver. Does the model load without them?
  applied = guard([&] {
    options_.apply(plain_);
    if (session.weights) session.weights->add_to(plain_);
    return Status();
  });
  if (!applied.ok()) return status;
  if (!create_from(plain_).ok()) return status;
  session.providers.pop_back();
  for (std::string& name : session.providers) {
    session.skipped.push_back({std::move(name), status.message()});
  }
  session.providers = {"cpu"};
  return {};
}

std::unique_ptr<ByteSource> Load::open_source() const {
  if (const auto* path = std::get_if<std::string>(&source_)) {
    return std::make_unique<OpenFile>(*path);
  }
  return std::make_unique<MemoryBytes>(std::get<std::vector<std::uint8_t>>(source_));
}

std::vector<EmbeddingTable> Load::find_tables() const {
  std::vector<std::string> names;
  for (const ValueSignature& input : session_->feedable) names.push_back(input.name);
  std::vector<EmbeddingTable> tables = find_embedding_tables(names, *open_source());
  // 3.5 is cast to 3, which may have a row.
  std::erase_if(tables, [this](const EmbeddingTable& table) {
    const std::string& type = session_->input(table.input).type;
    return !type.starts_with("int") && !type.starts_with("uint");
  });
  return tables;
}

void Load::drop_source() {
  const bool in_place = !options_.entry(kOrtSessionOptionsConfigUseORTModelBytesDirectly).empty();
  auto* bytes = std::get_if<std::vector<std::uint8_t>>(&source_);
  if (bytes != nullptr && in_place) session_->bytes = std::move(*bytes);
  source_ = std::string();  // otherwise the runtime has copied what it needs
  options_.external.clear();
}

Status Load::perform() {
  Status status = load();
  if (!status.ok()) {  // here, where nobody waits for it
    session_->onnx = Ort::Session(nullptr);
    session_->weights.reset();
  }
  if (session_->is_large) return_freed_memory();
  return status;
}

Status Load::load() {
  const Clock::time_point start = Clock::now();
  if (Status status = check_source(); !status.ok()) return status;
  constexpr std::uint64_t kLarge = std::uint64_t{8} << 20U;
  session_->is_large = open_source()->size() >= kLarge;
  if (Status status = options_.read_external(); !status.ok()) return status;
  if (options_.profiling) {
    // The runtime would write nothing, without a word.
    Status status = check_folder_of(options_.profile_prefix, "profiles (profileFilePrefix)");
    if (!status.ok()) return status;
  }
  session_->phases.emplace_back("read", milliseconds_since(start));
  if (Status status = read_weights(); !status.ok()) return status;
  if (cancelled()) return check_cancelled();
  const Clock::time_point read = Clock::now();
  if (Status status = create(); !status.ok()) return status;
  session_->phases.emplace_back("create", milliseconds_since(read));
  session_->constraints = std::move(options_.constraints);
  session_->intra_op_threads = options_.intra_op_threads;
  session_->profiling = options_.profiling;
  return guard([this] {
    session_->memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
    session_->read_signatures();
    session_->tables = find_tables();
    drop_source();
    if (options_.entry(kOrtSessionOptionsRecordEpGraphAssignmentInfo) == "1") {
      session_->placement = read_placement(session_->onnx);
    }
    session_->predictability = predictability_of(session_->placement, session_->feedable);
    return Status();
  });
}

Napi::Value Load::value(Napi::Env env) {
  return SessionHandle::make(env, SessionLease::of(std::exchange(session_, nullptr)));
}

}  // namespace infercore::native
