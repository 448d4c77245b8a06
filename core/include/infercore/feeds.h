// Do these inputs fit this model? All that is wrong with them, before anything runs.
//
//   const ValueSignature inputs[] = {{.name = "input_ids", .type = "int64",
//                                     .dims = {Dimension::free("batch"),
//                                     Dimension::free("length")}}};
//   const FeedSignature feeds[] = {{.name = "inputs_ids", .type = "int64", .dims = {1, 5}, .length
//   = 5}}; Status status = check_feeds(inputs, feeds, {}); status.message();  // … missing input
//   "input_ids" … unknown input "inputs_ids" (did you mean …
//
// Everything here is a description by value; nothing is kept.
#ifndef INFERCORE_FEEDS_H_
#define INFERCORE_FEEDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "infercore/status.h"

namespace infercore {

/// One dimension that a model declares: of a fixed size, or free, and then perhaps with a name.
struct Dimension {
  static constexpr std::int64_t kFree = -1;

  std::int64_t size = kFree;  ///< any negative size is free
  std::string name;           ///< of a free dimension; empty when it has none

  static Dimension fixed(std::int64_t size) { return {size, {}}; }
  static Dimension free(std::string name = {}) { return {kFree, std::move(name)}; }
  bool is_free() const noexcept { return size < 0; }
};

/// What a model declares for one input.
struct ValueSignature {
  std::string name;
  /// An element type's name ("int64"), "sequence<float32>" for a sequence of such tensors, any
  /// other word ("map<int64, float32>") for an input that nothing can be fed to.
  std::string type;
  /// Empty for a scalar, and for an input whose shape the model does not declare: ONNX Runtime
  /// tells the two apart no more than this does, and both accept any rank.
  std::vector<Dimension> dims = {};
  bool required = true;  ///< false for an initializer that a feed may replace
};

/// What the caller gives for one input.
struct FeedSignature {
  std::string name;
  std::string type;
  /// As JavaScript hands them over: what is not a whole number ≥ 0 is a fault, not a conversion.
  std::vector<double> dims = {};
  std::uint64_t length = 0;  ///< elements that the data really holds
  /// The data, for constraints on values alone; empty: not looked at. Not owned.
  std::span<const std::uint8_t> data = {};
};

/// What the user demands of a size or of values. `finite` is for values alone.
struct Range {
  std::optional<double> min = {};
  std::optional<double> max = {};
  std::optional<double> multiple_of = {};
  bool finite = false;
};

struct Constraint {
  static constexpr const char* kValues = "values";

  std::string input;
  std::string axis;  ///< an index ("0", "-1" is the last), a free dimension's name, or kValues
  Range range;
};

/// All faults of `feeds` (up to kMaxFaults of fault_list.h); empty when the model can take them.
/// Faults of the constraints themselves come first, with the code INVALID_OPTION; all others are
/// INVALID_INPUT: missing and unknown inputs, types, ranks, fixed sizes, sizes that are no sizes,
/// data that is too long or too short, one named dimension with two sizes, constraints. A fault's
/// `path` is the input's name.
std::vector<Fault> validate_feeds(std::span<const ValueSignature> inputs,
                                  std::span<const FeedSignature> feeds,
                                  std::span<const Constraint> constraints);

/// All faults of the constraints themselves: unknown inputs and axes, limits that exclude each
/// other. A fault's `path` is "constraints.<input>.<axis>", its code INVALID_OPTION.
std::vector<Fault> validate_constraints(std::span<const ValueSignature> inputs,
                                        std::span<const Constraint> constraints);

/// validate_feeds as one Status: success, or a message with the first faults and a hint.
Status check_feeds(std::span<const ValueSignature> inputs, std::span<const FeedSignature> feeds,
                   std::span<const Constraint> constraints);

}  // namespace infercore

#endif  // INFERCORE_FEEDS_H_
