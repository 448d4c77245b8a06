#include "runtime.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "infercore/quote.h"
#include "pool.h"

namespace infercore::native {
namespace {

std::atomic<const Runtime*> the_runtime{nullptr};
Ort::Env* the_env = nullptr;
thread_local int guards_entered = 0;

struct FileId {
  dev_t device;
  ino_t inode;
  bool operator==(const FileId&) const = default;
};

std::optional<FileId> file_id(const char* path) {
  struct stat info {};
  if (stat(path, &info) != 0) return std::nullopt;
  return FileId{info.st_dev, info.st_ino};
}

#ifdef __linux__
/// Paths of all copies of the library that this process has loaded.
std::vector<std::string> loaded_copies() {
  std::vector<std::string> copies;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* list) {
        const std::string_view path = info->dlpi_name == nullptr ? "" : info->dlpi_name;
        const std::string_view file = path.substr(path.rfind('/') + 1);
        if (file.starts_with("libonnxruntime.so")) {
          static_cast<std::vector<std::string>*>(list)->emplace_back(path);
        }
        return 0;
      },
      &copies);
  return copies;
}
#else
std::vector<std::string> loaded_copies() { return {}; }
#endif

/// One of `copies` that is another file than `path`, or nullptr.
const std::string* other_copy(const std::vector<std::string>& copies, const std::string& path) {
  const auto own = file_id(path.c_str());
  for (const std::string& copy : copies) {
    if (file_id(copy.c_str()) != own) return &copy;
  }
  return nullptr;
}

/// The interface of the library behind `handle`, or nullptr with `reason`.
const OrtApi* api_of(void* handle, std::string& version, std::string& reason) {
  using GetApiBase = const OrtApiBase* (*)();
  const auto get_base = reinterpret_cast<GetApiBase>(dlsym(handle, "OrtGetApiBase"));
  if (get_base == nullptr) {
    reason = "it is not ONNX Runtime's library (it has no OrtGetApiBase)";
    return nullptr;
  }
  const OrtApiBase* base = get_base();
  version = base->GetVersionString();
  const OrtApi* api = base->GetApi(ORT_API_VERSION);
  if (api == nullptr) {
    reason = "it is version " + version + "; expected 1." + std::to_string(ORT_API_VERSION) +
             " or later";
  }
  return api;
}

/// Opens one candidate. nullptr with `reason` when that does not work.
const OrtApi* open_library(const std::string& path, std::string& version, std::string& reason) {
  if (!file_id(path.c_str())) {
    reason = "there is no such file";
    return nullptr;
  }
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* error = dlerror();
    reason = error == nullptr ? "it can't be opened" : error;
    return nullptr;
  }
  const OrtApi* api = api_of(handle, version, reason);
  if (api == nullptr) dlclose(handle);
  return api;  // otherwise the library stays open until the process ends
}

struct Range {
  std::size_t begin;
  std::size_t end;
};

/// The end of "123 AddNode " after a file's name, where the place has a function's mere name; its
/// whole signature begins with a type in a namespace, or with a word such as virtual.
std::optional<std::size_t> end_of_name(std::string_view text, std::size_t line) {
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t name = std::min(text.find_first_not_of(kDigits, line) + 1, text.size());
  const std::size_t end = text.find(' ', name);
  if (end == std::string_view::npos || text[name] < 'A' || text[name] > 'Z') return std::nullopt;
  if (text.substr(name, end - name).find_first_of(":(<&*") != std::string_view::npos) {
    return std::nullopt;
  }
  return end + 1;
}

/// "/path/graph.cc:123 onnxruntime::Status onnxruntime::Graph::F(int, …) const " in a message, or
/// "graph.cc:123 F ".
std::optional<Range> find_source_place(std::string_view text) {
  const std::size_t file = std::min(text.find(".cc:"), text.find(".h:"));
  if (file == std::string_view::npos) return std::nullopt;
  const std::size_t before = text.find_last_of(" :", file);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t line = text.find(':', file) + 1;
  if (const auto end = end_of_name(text, line)) return Range{begin, *end};
  std::size_t end = text.find('(', file);
  if (end == std::string_view::npos) return std::nullopt;
  for (int depth = 0; end < text.size(); ++end) {
    if (text[end] == '(') ++depth;
    if (text[end] == ')' && --depth == 0) break;
  }
  if (end == text.size()) return std::nullopt;
  ++end;
  for (const std::string_view tail : {" const", "::<lambda()>", " "}) {
    while (text.substr(end).starts_with(tail)) end += tail.size();
  }
  return Range{begin, end};
}

/// The runtime's messages, as it would print them, but for errors inside guard(): those come back
/// to the caller, and are not to be told twice.
void ORT_API_CALL log(void*, OrtLoggingLevel severity, const char* category, const char* id,
                      const char* place, const char* message) {
  if (severity == ORT_LOGGING_LEVEL_ERROR && guards_entered > 0) return;
  constexpr std::string_view kLevels = "VIWEF";
  std::fprintf(stderr, "[%c:%s:%s, %s] %s\n", kLevels[severity], category, id, place, message);
}

Status not_found(const std::vector<std::string>& tried) {
  std::string message = "ONNX Runtime's library could not be loaded";
  for (const std::string& attempt : tried) message.append("\n  ").append(attempt);
  if (tried.empty()) message += ": there is no place to look for it";
  return {Code::kRuntimeNotFound, std::move(message),
          "install onnxruntime-node, or let INFERCORE_ORT_LIBRARY name the library's file"};
}

void warn_of_copy(Runtime& runtime, const std::vector<std::string>& before) {
  if (before.empty()) return;
  if (const std::string* other = other_copy(before, runtime.path)) {
    runtime.warnings.push_back({"FOREIGN_RUNTIME",
                                "another copy of ONNX Runtime was loaded before, from " + *other +
                                    "; this one is " + runtime.path,
                                "load only one of the two, or run them in processes of their own"});
  } else {
    runtime.warnings.push_back({"SHARED_RUNTIME",
                                "ONNX Runtime was loaded before by another library, from " +
                                    runtime.path +
                                    "; both share one environment, and that one's settings hold",
                                ""});
  }
}

/// ONNX Runtime has no code for it; an overflow is that of a tensor's size.
bool tells_of_memory(std::string_view message) {
  constexpr std::string_view kWords[] = {"Failed to allocate memory", "Available memory of",
                                         "Cannot allocate memory", "bad_alloc", "Integer overflow"};
  return std::any_of(std::begin(kWords), std::end(kWords), [message](std::string_view words) {
    return message.find(words) != std::string_view::npos;
  });
}

Result<const Runtime*> initialise(const OrtApi* api, Runtime found,
                                  const std::vector<std::string>& copies_before) {
  Ort::InitApi(api);
  auto runtime = std::make_unique<Runtime>(std::move(found));
  const Status status = guard([&runtime] {
    the_env = new Ort::Env(ORT_LOGGING_LEVEL_WARNING, "infercore", &log, nullptr);
    runtime->providers = Ort::GetAvailableProviders();
    return Status();
  });
  if (!status.ok()) return status;
  warn_of_copy(*runtime, copies_before);
  Pool::end_tasks_at_exit();
  the_runtime = runtime.get();
  return const_cast<const Runtime*>(runtime.release());
}

}  // namespace

void Runtime::disable_telemetry() {
  // Switching it off after the runtime's environment was made comes too late: by then it has
  // written to the user's cache folder. Any other value than 1 leaves it on.
  static const int set = setenv("ORT_DISABLE_TELEMETRY", "1", 1);
  (void)set;
}

Result<const Runtime*> Runtime::load(const std::vector<std::string>& candidates) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (const Runtime* runtime = the_runtime) return runtime;
  Pool::end_tasks_at_exit();  // for an exit while the library is being opened
  const std::vector<std::string> copies_before = loaded_copies();
  std::vector<std::string> tried;
  for (const std::string& path : candidates) {
    Runtime runtime;
    std::string reason;
    if (const OrtApi* api = open_library(path, runtime.version, reason)) {
      runtime.path = path;
      return initialise(api, std::move(runtime), copies_before);
    }
    tried.emplace_back(path).append(": ").append(reason);
  }
  return not_found(tried);
}

const Runtime* Runtime::loaded() noexcept { return the_runtime; }

Ort::Env& Runtime::env() noexcept { return *the_env; }

void Runtime::share_allocator() {
  static const bool made = [] {
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    const Ort::ArenaCfg defaults(0, -1, -1, -1);
    // Another library that shares the environment may have made one.
    (void)guard([&] { return env().CreateAndRegisterAllocator(memory, defaults), Status(); });
    return true;
  }();
  (void)made;
}

Status guard(const std::function<Status()>& call) {
  struct Entered {
    Entered() { ++guards_entered; }
    ~Entered() { --guards_entered; }
  } const entered;
  try {
    return call();
  } catch (const Ort::Exception& error) {
    Code code = Code::kRuntimeError;
    if (error.GetOrtErrorCode() == ORT_INVALID_PROTOBUF) code = Code::kNotAModel;
    if (error.GetOrtErrorCode() == ORT_NO_SUCHFILE) code = Code::kNotFound;
    if (tells_of_memory(error.what())) {
      return {
          Code::kLimitExceeded, clean_message(error.what()),
          "there is not enough memory: run smaller shapes or fewer at once, dispose what is done "
          "with"};
    }
    return {code, clean_message(error.what())};
  }
}

std::string clean_message(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  std::string clean;
  while (const std::optional<Range> place = find_source_place(message)) {
    if (place->end == message.size()) break;  // it would be all that is left
    clean += message.substr(0, place->begin);
    if (!clean.empty() && clean.back() != ' ') clean += ' ';
    message.remove_prefix(place->end);
  }
  clean += message;
  if (clean.starts_with("[ONNXRuntimeError] : ")) {  // a code and its name follow: "1 : FAIL : "
    for (int part = 0; part < 3; ++part) clean.erase(0, clean.find(" : ") + 3);
  }
  // Names from the model are among the words as they are.
  std::replace(clean.begin(), clean.end(), '\n', ' ');
  return escaped(clean);
}

}  // namespace infercore::native
