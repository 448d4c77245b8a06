// What a core function answers when it cannot do its work, as a value. One thing alone is an
// exception: memory that can't be had (std::bad_alloc, std::length_error). Each entry of the
// bindings makes LIMIT_EXCEEDED of it, and every object of the core stays usable.
//
//   Result<Tokenizer> tokenizer = Tokenizer::from_json(bytes);
//   if (!tokenizer.ok()) return tokenizer.status();   // a code, a message, a hint, all faults
//   use(*tokenizer);
//
// A binding turns a Status into one JavaScript class, InferError, whose `code` is the name of the
// Code.
#ifndef INFERCORE_STATUS_H_
#define INFERCORE_STATUS_H_

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace infercore {

/// The stable codes of all errors. They are part of the public API: a code may be added, none is
/// renamed.
enum class Code {
  kOk,
  kInvalidInput,
  kInvalidOption,
  kNotFound,
  kNotAModel,
  kNotATokenizer,
  kUnsupportedComponent,
  kLimitExceeded,
  kProviderUnavailable,
  kRuntimeNotFound,
  kRuntimeError,
  kVerifyFailed,
  kQueueFull,
  kAborted,
  kTimeout,
  kDisposed,
  kNotSupported,
};

/// The name that JavaScript sees, for instance "INVALID_INPUT". A static string.
std::string_view code_name(Code code) noexcept;

/// One thing that is wrong with an input. `path` says where: an input's name, "texts[3]",
/// "model.vocab[7]".
struct Fault {
  std::string path;
  Code code = Code::kInvalidInput;
  std::string message;

  bool operator==(const Fault&) const = default;
};

/// A success, or a code with what was expected, for what, and what came.
class [[nodiscard]] Status {
 public:
  /// Success.
  Status() = default;

  /// A failure. `message` says what was expected, for what, what came; `hint` what to do (may be
  /// empty).
  Status(Code code, std::string message, std::string hint = {})
      : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

  /// A failure with all faults of one input; the message tells the first ones. `faults` must not be
  /// empty.
  static Status from_faults(std::string_view what, std::vector<Fault> faults,
                            std::string hint = {});

  bool ok() const noexcept { return code_ == Code::kOk; }
  Code code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& hint() const noexcept { return hint_; }
  const std::vector<Fault>& faults() const noexcept { return faults_; }

 private:
  Code code_ = Code::kOk;
  std::string message_;
  std::string hint_;
  std::vector<Fault> faults_;
};

/// A value of type T, or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Result(Status status) : status_(std::move(status)) {  // NOLINT(google-explicit-constructor)
    assert(!status_.ok());
  }

  bool ok() const noexcept { return value_.has_value(); }
  const Status& status() const noexcept { return status_; }

  /// The value. Only when ok().
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace infercore

#endif  // INFERCORE_STATUS_H_
