#include "infercore/feeds.h"

#include <cmath>
#include <string>
#include <string_view>
#include <unordered_map>

#include "constraints.h"
#include "infercore/did_you_mean.h"
#include "infercore/element_type.h"
#include "infercore/quote.h"

namespace infercore {
namespace {

/// The largest whole number that JavaScript counts without gaps; no tensor comes near it.
constexpr double kMaxElements = 9007199254740991.0;
/// A list of hundreds of names is not read, and suggestions for them are not worth their time.
constexpr std::size_t kMaxNamesShown = 16;

/// What of these types is not obvious when one fills a typed array.
std::string_view array_hint(ElementType type) {
  switch (type) {
    case ElementType::kInt64:
      return " (its data is a BigInt64Array)";
    case ElementType::kUint64:
      return " (its data is a BigUint64Array)";
    case ElementType::kBool:
      return " (its data is a Uint8Array of 0 and 1)";
    case ElementType::kFloat16:
      return " (its data is a Float16Array, or a Uint16Array of its bits)";
    case ElementType::kBfloat16:
      return " (its bits, in a tensor of type uint16)";
    case ElementType::kUint4:
    case ElementType::kInt4:
      return " (its data is a Uint8Array, two elements a byte)";
    case ElementType::kString:
      return " (its data is an array of strings)";
    default:
      return "";
  }
}

class FeedsCheck {
 public:
  FeedsCheck(std::span<const ValueSignature> inputs, std::span<const Constraint> constraints,
             FaultList& faults)
      : inputs_(inputs), constraints_(constraints), faults_(faults) {}

  void check(std::span<const FeedSignature> feeds) {
    std::unordered_map<std::string_view, const FeedSignature*> by_name;
    for (const FeedSignature& feed : feeds) {
      if (!by_name.emplace(feed.name, &feed).second) {
        add(feed.name, "input " + quoted(feed.name) + " is given twice");
      }
    }
    for (const ValueSignature& input : inputs_) {
      if (faults_.full()) return;
      const auto found = by_name.find(input.name);
      if (found == by_name.end()) {
        if (input.required) missing(input);
        continue;
      }
      check_one(input, *found->second);
      by_name.erase(found);
    }
    for (const FeedSignature& feed : feeds) {
      if (faults_.full()) return;
      // In the order given; what is still in the map was asked for by no input.
      if (by_name.erase(feed.name) > 0) unknown(feed);
    }
  }

 private:
  struct Seen {
    double size;
    std::string_view input;
    std::size_t axis;
  };

  void add(std::string_view input, std::string message) {
    faults_.add({std::string(input), Code::kInvalidInput, std::move(message)});
  }

  void missing(const ValueSignature& input) {
    add(input.name, "missing input " + quoted(input.name) + ": expected " + input.type + " " +
                        shape_text(input.dims));
  }

  void unknown(const FeedSignature& feed) {
    std::vector<std::string> names;
    std::string listed;
    for (const ValueSignature& input : inputs_) {
      if (names.size() < kMaxNamesShown) {
        listed += (names.empty() ? "" : ", ") + quoted(input.name);
      }
      names.push_back(input.name);
    }
    if (names.size() > kMaxNamesShown) listed += ", …";
    const std::string suggestion =
        unknown_++ < kMaxNamesShown ? did_you_mean(feed.name, names) : "";
    add(feed.name, "unknown input " + quoted(feed.name) + suggestion + "; the model " +
                       (names.empty() ? "takes no inputs" : "takes " + listed));
  }

  void check_one(const ValueSignature& input, const FeedSignature& feed) {
    const std::optional<ElementType> expected = element_type_from_name(input.type);
    if (input.type.starts_with("sequence<")) return check_sequence(input, feed);
    if (!expected) {
      add(input.name, "input " + quoted(input.name) + " of the model is a " + quoted(input.type) +
                          ": only tensors can be fed");
      return;
    }
    check_type(input, *expected, feed);
    if (feed.type.starts_with("sequence<")) return;  // it has neither dimensions nor data
    if (!check_sizes(input, feed)) return;
    check_length(input, feed);
    if (check_rank(input, feed)) check_dims(input, feed);
    apply_constraints(input, feed, constraints_, faults_);
  }

  void check_sequence(const ValueSignature& input, const FeedSignature& feed) {
    if (feed.type == input.type) return;
    add(input.name, "expected " + input.type + " (an array of Tensors) for input " +
                        quoted(input.name) + ", received " + feed.type);
  }

  void check_type(const ValueSignature& input, ElementType expected, const FeedSignature& feed) {
    if (can_feed(feed.type, expected)) return;
    const bool known =
        element_type_from_name(feed.type).has_value() || feed.type.starts_with("sequence<");
    add(input.name, "expected " + input.type + std::string(array_hint(expected)) + " for input " +
                        quoted(input.name) + ", received " +
                        (known ? feed.type : "the unknown type " + quoted(feed.type)));
  }

  bool check_sizes(const ValueSignature& input, const FeedSignature& feed) {
    for (const double size : feed.dims) {
      if (size >= 0 && size <= kMaxElements && std::trunc(size) == size) continue;
      add(input.name, "expected whole numbers ≥ 0 as dimensions of input " + quoted(input.name) +
                          ", received " + bracketed(feed.dims));
      return false;
    }
    return true;
  }

  void check_length(const ValueSignature& input, const FeedSignature& feed) {
    double elements = 1;
    bool empty = false;
    for (const double size : feed.dims) {
      empty = empty || size == 0;
      // Once beyond what is exact it stays beyond: every other factor is at least 1.
      if (size > 0) elements *= size;
    }
    if (empty) elements = 0;
    if (elements > kMaxElements) {
      add(input.name, "dimensions " + bracketed(feed.dims) + " of input " + quoted(input.name) +
                          " make more elements than there can be");
      return;
    }
    // Two elements of a 4-bit type share a byte, and the data is the bytes.
    const std::optional<ElementType> type = element_type_from_name(feed.type);
    const bool packed = type && element_bits(*type) == 4;
    const double needed = packed ? std::ceil(elements / 2) : elements;
    const auto length = static_cast<double>(feed.length);
    if (needed == length) return;
    add(input.name, "dimensions " + bracketed(feed.dims) + " of input " + quoted(input.name) +
                        " need " + number(needed) + (packed ? " byte" : " element") +
                        (needed == 1 ? "" : "s") + ", its data has " + number(length));
  }

  bool check_rank(const ValueSignature& input, const FeedSignature& feed) {
    if (input.dims.empty()) return false;
    if (feed.dims.size() == input.dims.size()) return true;
    add(input.name, "expected " + std::to_string(input.dims.size()) +
                        (input.dims.size() == 1 ? " dimension " : " dimensions ") +
                        shape_text(input.dims) + " for input " + quoted(input.name) +
                        ", received " + std::to_string(feed.dims.size()) + ": " +
                        bracketed(feed.dims));
    return false;
  }

  void check_dims(const ValueSignature& input, const FeedSignature& feed) {
    for (std::size_t axis = 0; axis < input.dims.size(); ++axis) {
      const Dimension& declared = input.dims[axis];
      const double size = feed.dims[axis];
      if (declared.is_free()) {
        if (!declared.name.empty()) check_named(input, declared.name, axis, size);
      } else if (static_cast<double>(declared.size) != size) {
        add(input.name, "expected size " + std::to_string(declared.size) + " on axis " +
                            std::to_string(axis) + " of input " + quoted(input.name) + " " +
                            shape_text(input.dims) + ", received " + bracketed(feed.dims));
      }
    }
  }

  void check_named(const ValueSignature& input, std::string_view name, std::size_t axis,
                   double size) {
    const auto [found, first] = seen_.try_emplace(name, Seen{size, input.name, axis});
    if (first || found->second.size == size) return;
    const Seen& other = found->second;
    add(input.name, quoted(name) + " is one size in all inputs, received " + number(other.size) +
                        " on axis " + std::to_string(other.axis) + " of " + quoted(other.input) +
                        " and " + number(size) + " on axis " + std::to_string(axis) + " of " +
                        quoted(input.name));
  }

  std::span<const ValueSignature> inputs_;
  std::span<const Constraint> constraints_;
  FaultList& faults_;
  std::unordered_map<std::string_view, Seen> seen_;
  std::size_t unknown_ = 0;
};

/// Nothing but whether all is well: the usual case, in a fraction of a microsecond. False also
/// where that takes a longer look.
bool fits_plainly(std::span<const ValueSignature> inputs, std::span<const FeedSignature> feeds) {
  if (inputs.size() != feeds.size()) return false;
  const Dimension* named =
      nullptr;  // a name stands for one size; a second name takes a longer look
  double named_size = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const ValueSignature& input = inputs[i];
    const FeedSignature& feed = feeds[i];
    const std::optional<ElementType> type = element_type_from_name(input.type);
    if (input.name != feed.name || !type || element_bits(*type) == 4) return false;
    if (!can_feed(feed.type, *type)) return false;
    if (!input.dims.empty() && input.dims.size() != feed.dims.size()) return false;
    double elements = 1;
    for (std::size_t axis = 0; axis < feed.dims.size(); ++axis) {
      const double size = feed.dims[axis];
      if (!(size >= 0 && std::trunc(size) == size)) return false;
      elements *= size;
      if (input.dims.empty()) continue;
      const Dimension& declared = input.dims[axis];
      if (!declared.is_free()) {
        if (static_cast<double>(declared.size) != size) return false;
      } else if (!declared.name.empty()) {
        if (named != nullptr && (named->name != declared.name || named_size != size)) return false;
        named = &declared;
        named_size = size;
      }
    }
    // Where 0 elements come of sizes beyond all measure, or NaN, the longer look says so.
    if (!(elements <= kMaxElements) || static_cast<double>(feed.length) != elements) return false;
  }
  return true;
}

}  // namespace

std::vector<Fault> validate_feeds(std::span<const ValueSignature> inputs,
                                  std::span<const FeedSignature> feeds,
                                  std::span<const Constraint> constraints) {
  FaultList faults;
  judge_constraints(inputs, constraints, faults);
  FeedsCheck(inputs, constraints, faults).check(feeds);
  return std::move(faults).take();
}

std::vector<Fault> validate_constraints(std::span<const ValueSignature> inputs,
                                        std::span<const Constraint> constraints) {
  FaultList faults;
  judge_constraints(inputs, constraints, faults);
  return std::move(faults).take();
}

Status check_feeds(std::span<const ValueSignature> inputs, std::span<const FeedSignature> feeds,
                   std::span<const Constraint> constraints) {
  if (constraints.empty() && fits_plainly(inputs, feeds)) return {};
  std::vector<Fault> faults = validate_feeds(inputs, feeds, constraints);
  if (faults.empty()) return {};
  return Status::from_faults("the feeds do not fit the model", std::move(faults));
}

}  // namespace infercore
