// A Dense layer that JavaScript holds.
#ifndef INFERCORE_WASM_SRC_DENSE_H_
#define INFERCORE_WASM_SRC_DENSE_H_

#include <utility>

#include "infercore/dense.h"

namespace infercore::wasm {

class DenseHandle {
 public:
  explicit DenseHandle(Dense dense) : dense_(std::move(dense)) {}
  const Dense& get() const { return dense_; }

 private:
  Dense dense_;
};

}  // namespace infercore::wasm

#endif  // INFERCORE_WASM_SRC_DENSE_H_
