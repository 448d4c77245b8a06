#include "log.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "addon.h"
#include "mailbox.h"

namespace infercore::native {
namespace {

/// A model that says more before the event loop turns is not read anyway.
constexpr std::size_t kMost = 10000;

struct Line {
  OrtLoggingLevel severity;
  std::string category;
  std::string id;
  std::string place;
  std::string message;
};

void call(Napi::Env env, napi_value callback, const Line& line) {
  const Napi::HandleScope scope(env);
  const napi_value arguments[] = {
      Napi::Number::New(env, line.severity), Napi::String::New(env, line.category),
      Napi::String::New(env, line.id), Napi::String::New(env, line.place),
      Napi::String::New(env, line.message)};
  napi_value result = nullptr;
  napi_call_function(env, env.Undefined(), callback, std::size(arguments), arguments, &result);
  if (env.IsExceptionPending()) napi_get_and_clear_last_exception(env, &result);
}

}  // namespace

class LogQueue : public News, public std::enable_shared_from_this<LogQueue> {
 public:
  LogQueue(Napi::Env env, napi_value callback) : mailbox_(Addon::of(env).mailbox) {
    napi_create_reference(env, callback, 1, &callback_);
  }

  void add(Line line) {
    const std::lock_guard lock(mutex_);
    if (lines_.size() < kMost) {
      lines_.push_back(std::move(line));
    } else {
      ++left_out_;
    }
    post();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    post();
  }

  void deliver(Napi::Env env) override {
    std::unique_lock lock(mutex_);
    std::vector<Line> lines = std::exchange(lines_, {});
    const std::size_t left_out = std::exchange(left_out_, 0);
    const bool closed = closed_;
    posted_ = false;
    lock.unlock();
    if (left_out > 0) {
      lines.push_back({ORT_LOGGING_LEVEL_WARNING, "infercore", "", "",
                       std::to_string(left_out) + " messages came too fast and were left out"});
    }
    napi_value callback = nullptr;
    if (callback_ == nullptr || napi_get_reference_value(env, callback_, &callback) != napi_ok) {
      return;
    }
    for (const Line& line : lines) call(env, callback, line);
    if (closed) napi_delete_reference(env, std::exchange(callback_, nullptr));
  }

 private:
  /// One letter brings all lines that come until it is opened.
  void post() {
    if (!std::exchange(posted_, true)) mailbox_->post(shared_from_this());
  }

  std::mutex mutex_;
  std::vector<Line> lines_;
  std::size_t left_out_ = 0;
  bool posted_ = false;
  bool closed_ = false;
  std::shared_ptr<Mailbox> mailbox_;
  napi_ref callback_ =
      nullptr;  ///< JavaScript thread alone; ends with its environment at the latest
};

Log::Log(Napi::Env env, napi_value callback) : queue_(std::make_shared<LogQueue>(env, callback)) {}

Log::~Log() { queue_->close(); }

void ORT_API_CALL Log::receive(void* log, OrtLoggingLevel severity, const char* category,
                               const char* id, const char* place, const char* message) noexcept {
  const auto text = [](const char* given) { return std::string(given == nullptr ? "" : given); };
  try {
    static_cast<Log*>(log)->queue_->add(
        {severity, text(category), text(id), text(place), text(message)});
  } catch (const std::exception&) {
    // There is no memory for it, and no one to tell.
  }
}

}  // namespace infercore::native
