// What the user demands of sizes and values: is the demand itself sound, and does a feed meet it?
#ifndef INFERCORE_SRC_CONSTRAINTS_H_
#define INFERCORE_SRC_CONSTRAINTS_H_

#include <span>
#include <string>

#include "infercore/fault_list.h"
#include "infercore/feeds.h"

namespace infercore {

/// `[batch, 384, ?]`.
std::string shape_text(std::span<const Dimension> dims);

/// Adds the faults of the constraints themselves.
void judge_constraints(std::span<const ValueSignature> inputs,
                       std::span<const Constraint> constraints, FaultList& faults);

/// Adds what `feed`, whose dimensions are whole numbers ≥ 0, does not meet. A constraint that is
/// unsound itself is passed over: judge_constraints tells about it.
void apply_constraints(const ValueSignature& input, const FeedSignature& feed,
                       std::span<const Constraint> constraints, FaultList& faults);

}  // namespace infercore

#endif  // INFERCORE_SRC_CONSTRAINTS_H_
