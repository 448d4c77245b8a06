#include "handle.h"

namespace infercore::native {
namespace {

/// Random, so that no other addon's objects carry it; the upper half is the handle's kind.
constexpr std::uint64_t kTag = 0x6c1f'52d3'9a07'b84e;

napi_type_tag tag_of(HandleKind kind) { return {kTag, static_cast<std::uint64_t>(kind)}; }

}  // namespace

const char* handle_name(HandleKind kind) noexcept {
  switch (kind) {
    case HandleKind::kCancellation:
      return "a Cancellation";
    case HandleKind::kSession:
      return "a session";
    case HandleKind::kTokenizer:
      return "a tokenizer";
    case HandleKind::kBatchJob:
      return "a batch job";
    case HandleKind::kDense:
      return "a Dense layer";
    case HandleKind::kSharedWeights:
      return "shared weights";
  }
  return "a handle";
}

void tag_handle(Napi::Value object, HandleKind kind) {
  const napi_type_tag tag = tag_of(kind);
  // Fails only for an object that has a tag already, which then is told apart by that one.
  (void)napi_type_tag_object(object.Env(), object, &tag);
}

bool has_tag(Napi::Value value, HandleKind kind) {
  if (value.IsEmpty() || !value.IsObject()) return false;
  const napi_type_tag tag = tag_of(kind);
  bool matches = false;
  return napi_check_object_type_tag(value.Env(), value, &tag, &matches) == napi_ok && matches;
}

}  // namespace infercore::native
