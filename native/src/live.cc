#include "live.h"

#include "operation.h"
#include "pool.h"
#include "session.h"

namespace infercore::native {

Napi::Value live_counts(const Napi::CallbackInfo& info) {
  const auto number = [&info](std::size_t count) {
    return Napi::Number::New(info.Env(), static_cast<double>(count));
  };
  Napi::Object counts = Napi::Object::New(info.Env());
  counts.Set("sessions", number(Live<Session>::count()));
  counts.Set("operations", number(Live<Operation>::count()));
  counts.Set("queued", number(Pool::shared().queued()));
  return counts;
}

}  // namespace infercore::native
