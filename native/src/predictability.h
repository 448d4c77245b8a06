// How well the runs of a model tell how long the next one takes.
//
//   predictability_of(session);   // kByShape: the same shapes take the same time
#ifndef INFERCORE_NATIVE_PREDICTABILITY_H_
#define INFERCORE_NATIVE_PREDICTABILITY_H_

#include <string>
#include <vector>

#include "infercore/feeds.h"
#include "placement.h"

namespace infercore::native {

enum class Predictability {
  kNone,     ///< loops and branches, operators that nobody knows here, or nothing was recorded
  kRoughly,  ///< no loops, but what is fed may make something large: a Range counts to any number
  kByShape,  ///< the shapes of the feeds alone say it
};

/// Of a model on the CPU; kNone elsewhere.
Predictability predictability_of(const std::vector<Placement>& placement,
                                 const std::vector<ValueSignature>& feedable);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_PREDICTABILITY_H_
