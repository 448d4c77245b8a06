// search(): the rows of a matrix nearest to some queries.
#ifndef INFERCORE_NATIVE_SEARCH_H_
#define INFERCORE_NATIVE_SEARCH_H_

#include <napi.h>

namespace infercore::native {

/// An Outcome, or the promise of one where it would hold up the event loop.
Napi::Value search(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SEARCH_H_
