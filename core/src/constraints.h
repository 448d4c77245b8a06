// What the user demands of sizes and values: is the demand itself sound, and does a feed meet it?
#ifndef INFERCORE_SRC_CONSTRAINTS_H_
#define INFERCORE_SRC_CONSTRAINTS_H_

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "infercore/feeds.h"

namespace infercore {

/// Faults up to kMaxFaults; later ones are dropped.
class FaultList {
 public:
  bool full() const noexcept { return faults_.size() >= kMaxFaults; }
  std::size_t size() const noexcept { return faults_.size(); }
  void add(Fault fault) {
    if (!full()) faults_.push_back(std::move(fault));
  }
  std::vector<Fault> take() && { return std::move(faults_); }

 private:
  std::vector<Fault> faults_;
};

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
