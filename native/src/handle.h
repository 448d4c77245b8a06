// Objects of JavaScript that own something of C++: how they are told apart and made.
//
// Every handle carries a tag of its kind. A wrong object in the place of a handle is thereby a
// failure, not a crash.
#ifndef INFERCORE_NATIVE_HANDLE_H_
#define INFERCORE_NATIVE_HANDLE_H_

#include <napi.h>

#include <cstdint>
#include <memory>
#include <string>

#include "infercore/status.h"

namespace infercore::native {

enum class HandleKind : std::uint64_t {
  kCancellation,
  kSession,
  kTokenizer,
  kBatchJob,
  kDense,
  kSharedWeights
};

/// "a Session", "a Tokenizer", … for messages.
const char* handle_name(HandleKind kind) noexcept;

void tag_handle(Napi::Value object, HandleKind kind);
bool has_tag(Napi::Value value, HandleKind kind);

/// The C++ object behind `value`; nullptr when it is no handle of that kind.
template <typename Handle>
Handle* open_handle(Napi::Value value, HandleKind kind) {
  if (!has_tag(value, kind)) return nullptr;
  return Handle::Unwrap(value.As<Napi::Object>());
}

inline Status wrong_handle(HandleKind kind) {
  return {Code::kInvalidInput, std::string("expected ") + handle_name(kind) + " of this library"};
}

/// A class of JavaScript whose instances only C++ makes. JavaScript could still call its
/// constructor: such an object holds nothing and answers DISPOSED.
///
/// Null in an environment that is being ended.
///
///   Napi::Object object = Factory<Payload>::make(constructor, std::move(payload));
///   MyHandle::MyHandle(info) : ObjectWrap(info), payload_(Factory<Payload>::take()) {}
template <typename Payload>
class Factory {
 public:
  static Napi::Object make(const Napi::FunctionReference& constructor, Payload payload) {
    // Absent, and null, where the environment is just being ended: nothing of JavaScript runs then.
    if (constructor.IsEmpty()) return {};
    incoming() = &payload;
    Napi::Object object = constructor.New({});
    incoming() = nullptr;
    return object;
  }
  static Payload take() {
    Payload* payload = incoming();
    incoming() = nullptr;
    return payload == nullptr ? Payload() : std::move(*payload);
  }

 private:
  /// One for each thread: worker threads construct at the same time.
  static Payload*& incoming() {
    static thread_local Payload* payload = nullptr;
    return payload;
  }
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_HANDLE_H_
