// nearestName(): what somebody who mistyped a name most likely meant.
#ifndef INFERCORE_NATIVE_DID_YOU_MEAN_H_
#define INFERCORE_NATIVE_DID_YOU_MEAN_H_

#include <napi.h>

namespace infercore::native {

Napi::Value nearest_name(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_DID_YOU_MEAN_H_
