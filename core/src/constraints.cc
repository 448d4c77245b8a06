#include "constraints.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "half.h"
#include "infercore/did_you_mean.h"
#include "infercore/element_type.h"
#include "infercore/quote.h"

namespace infercore {
namespace {

/// Where an axis is looked for: from the front, or from the back when it is negative.
std::optional<long> axis_index(std::string_view axis) {
  const bool negative = axis.starts_with('-');
  const std::string_view digits = axis.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > 4) return {};
  long index = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return {};
    index = index * 10 + (c - '0');
  }
  return negative ? -index : index;
}

/// The position of `axis` among `rank` dimensions.
std::optional<std::size_t> position_of(const std::string& axis, const ValueSignature& input,
                                       std::size_t rank) {
  if (const std::optional<long> index = axis_index(axis)) {
    const long from_front = *index < 0 ? *index + static_cast<long>(rank) : *index;
    if (from_front < 0 || from_front >= static_cast<long>(rank)) return {};
    return static_cast<std::size_t>(from_front);
  }
  const auto found =
      std::find_if(input.dims.begin(), input.dims.end(), [&axis](const Dimension& dim) {
        return dim.is_free() && !dim.name.empty() && dim.name == axis;
      });
  if (found == input.dims.end()) return {};
  return static_cast<std::size_t>(found - input.dims.begin());
}

bool is_whole(double value) { return std::isfinite(value) && std::trunc(value) == value; }

/// What is wrong with the numbers of `range`; empty when nothing is.
std::string range_fault(const Range& range, bool values) {
  const auto nan = [](const std::optional<double>& limit) { return limit && std::isnan(*limit); };
  if (nan(range.min) || nan(range.max)) return "expected numbers as limits, received NaN";
  if (range.min && range.max && *range.min > *range.max) {
    return "expected min ≤ max, received min " + number(*range.min) + " and max " +
           number(*range.max);
  }
  if (range.multiple_of && !(std::isfinite(*range.multiple_of) && *range.multiple_of > 0 &&
                             (values || is_whole(*range.multiple_of)))) {
    return std::string("expected ") + (values ? "a number > 0" : "a whole number ≥ 1") +
           " for multipleOf, received " + number(*range.multiple_of);
  }
  if (range.finite && !values) return "finite is for values, not for the size of an axis";
  return {};
}

std::string values_fault(const ValueSignature& input) {
  const std::optional<ElementType> type = element_type_from_name(input.type);
  if (type && element_bits(*type) >= 8) return {};
  return "values of " + (type ? input.type : "an input that is no tensor") +
         " can't be compared with numbers";
}

std::string axis_fault(const ValueSignature& input, const std::string& axis) {
  // Without a declared shape an index can only be judged when a feed is there.
  if (input.dims.empty() && axis_index(axis)) return {};
  if (position_of(axis, input, input.dims.size())) return {};
  std::vector<std::string> names;
  for (const Dimension& dim : input.dims) {
    if (dim.is_free() && !dim.name.empty()) names.push_back(dim.name);
  }
  names.emplace_back(Constraint::kValues);
  return "unknown axis " + quoted(axis) + " of input " + quoted(input.name) +
         did_you_mean(axis, names) + "; expected an index or name of " + shape_text(input.dims) +
         ", or \"values\"";
}

const ValueSignature* find_input(std::span<const ValueSignature> inputs, std::string_view name) {
  const auto found =
      std::find_if(inputs.begin(), inputs.end(),
                   [name](const ValueSignature& input) { return input.name == name; });
  return found == inputs.end() ? nullptr : &*found;
}

std::string constraint_fault(std::span<const ValueSignature> inputs, const Constraint& constraint) {
  const ValueSignature* input = find_input(inputs, constraint.input);
  if (input == nullptr) {
    std::vector<std::string> names;
    for (const ValueSignature& each : inputs) names.push_back(each.name);
    return "unknown input " + quoted(constraint.input) + did_you_mean(constraint.input, names);
  }
  const bool values = constraint.axis == Constraint::kValues;
  std::string fault = values ? values_fault(*input) : axis_fault(*input, constraint.axis);
  return fault.empty() ? range_fault(constraint.range, values) : fault;
}

// ── Values ───────────────────────────────────────────────────────────────────────────────────────

/// Limits are doubles, 64-bit integers beyond 2⁵³ are not: those are held against the nearest
/// integer within the limit. Everything else is compared as a double.
template <typename T>
constexpr bool kWide = std::is_integral_v<T> && sizeof(T) == 8;
/// The first double that is too large for the integers T.
template <typename T>
constexpr double kBeyond = 2 * static_cast<double>(T{1} << (std::numeric_limits<T>::digits - 1));

template <typename T>
bool at_least(T value, double limit) {
  if constexpr (kWide<T>) {
    const double whole = std::ceil(limit);
    if (whole >= kBeyond<T>) return false;
    if (whole <= static_cast<double>(std::numeric_limits<T>::min())) return true;
    return value >= static_cast<T>(whole);
  }
  return static_cast<double>(value) >= limit;
}

template <typename T>
bool at_most(T value, double limit) {
  if constexpr (kWide<T>) {
    const double whole = std::floor(limit);
    if (whole >= kBeyond<T>) return true;
    if (whole < static_cast<double>(std::numeric_limits<T>::min())) return false;
    return value <= static_cast<T>(whole);
  }
  return static_cast<double>(value) <= limit;
}

template <typename T>
bool is_multiple(T value, double of) {
  if constexpr (kWide<T>) {
    // With k odd, the integers among the multiples of k / 2ⁱ are those of k.
    while (std::trunc(of) != of) of *= 2;
    if (of >= kBeyond<T>) {
      // Of the others only the least is one, of a power of two just beyond the greatest.
      return value == 0 ||
             (std::is_signed_v<T> && of == kBeyond<T> && value == std::numeric_limits<T>::min());
    }
    return value % static_cast<T>(of) == 0;
  }
  return std::fmod(static_cast<double>(value), of) == 0;
}

template <typename T>
std::string text_of(T value) {
  if constexpr (kWide<T>) return std::to_string(value);
  return number(static_cast<double>(value));
}

enum class Demand { kNone, kFinite, kMin, kMax, kMultipleOf };

/// The first demand that `value` does not meet. NaN lies in no range.
template <typename T>
Demand unmet(T value, const Range& range) {
  if (range.finite && !std::isfinite(static_cast<double>(value))) return Demand::kFinite;
  if (range.min && !at_least(value, *range.min)) return Demand::kMin;
  if (range.max && !at_most(value, *range.max)) return Demand::kMax;
  if (range.multiple_of && !is_multiple(value, *range.multiple_of)) return Demand::kMultipleOf;
  return Demand::kNone;
}

/// As the end of "expected values that are …".
std::string demand_text(Demand demand, const Range& range) {
  switch (demand) {
    case Demand::kFinite:
      return "finite";
    case Demand::kMin:
      return "at least " + number(*range.min);
    case Demand::kMax:
      return "at most " + number(*range.max);
    case Demand::kMultipleOf:
      return "a multiple of " + number(*range.multiple_of);
    case Demand::kNone:
      break;
  }
  return {};
}

struct Unmet {
  std::size_t count = 0;
  std::size_t first = 0;
  Demand demand = Demand::kNone;  ///< of the first, as its value
  std::string value;
};

/// Elements are copied out one by one: the data need not be aligned.
template <typename T, typename Convert>
Unmet scan_as(std::span<const std::uint8_t> data, const Range& range, Convert convert) {
  Unmet found;
  const std::size_t count = data.size() / sizeof(T);
  for (std::size_t i = 0; i < count; ++i) {
    T element;
    std::memcpy(&element, data.data() + i * sizeof(T), sizeof(T));
    const auto value = convert(element);
    const Demand demand = unmet(value, range);
    if (demand == Demand::kNone || found.count++ > 0) continue;
    found.first = i;
    found.demand = demand;
    found.value = text_of(value);
  }
  return found;
}

template <typename T>
Unmet scan_as(std::span<const std::uint8_t> data, const Range& range) {
  return scan_as<T>(data, range, [](T element) { return element; });
}

Unmet scan(ElementType type, std::span<const std::uint8_t> data, const Range& range) {
  switch (type) {
    case ElementType::kFloat32:
      return scan_as<float>(data, range);
    case ElementType::kFloat64:
      return scan_as<double>(data, range);
    case ElementType::kFloat16:
      return scan_as<std::uint16_t>(data, range, float_of_half);
    case ElementType::kBfloat16:
      return scan_as<std::uint16_t>(data, range, float_of_bfloat16);
    case ElementType::kUint8:
    case ElementType::kBool:
      return scan_as<std::uint8_t>(data, range);
    case ElementType::kInt8:
      return scan_as<std::int8_t>(data, range);
    case ElementType::kUint16:
      return scan_as<std::uint16_t>(data, range);
    case ElementType::kInt16:
      return scan_as<std::int16_t>(data, range);
    case ElementType::kUint32:
      return scan_as<std::uint32_t>(data, range);
    case ElementType::kInt32:
      return scan_as<std::int32_t>(data, range);
    case ElementType::kUint64:
      return scan_as<std::uint64_t>(data, range);
    case ElementType::kInt64:
      return scan_as<std::int64_t>(data, range);
    case ElementType::kString:
    case ElementType::kUint4:
    case ElementType::kInt4:
      break;
  }
  return {};
}

std::string unmet_values(const ValueSignature& input, const FeedSignature& feed,
                         const Range& range) {
  const std::optional<ElementType> type = element_type_from_name(input.type);
  if (!type || !can_feed(feed.type, *type)) return {};
  const Unmet found = scan(*type, feed.data, range);
  if (found.count == 0) return {};
  std::string message = "expected values that are " + demand_text(found.demand, range) +
                        " in input " + quoted(input.name) + ", received " + found.value +
                        " at index " + std::to_string(found.first);
  if (found.count > 1) message += " and " + std::to_string(found.count - 1) + " more";
  return message;
}

std::string unmet_size(const ValueSignature& input, const FeedSignature& feed,
                       const Constraint& constraint) {
  const std::optional<std::size_t> axis = position_of(constraint.axis, input, feed.dims.size());
  const std::string where = "axis " + quoted(constraint.axis) + " of input " + quoted(input.name);
  if (!axis || *axis >= feed.dims.size()) {
    return "expected " + where + ", received " + bracketed(feed.dims);
  }
  const double size = feed.dims[*axis];
  const Demand demand = unmet(size, constraint.range);
  if (demand == Demand::kNone) return {};
  return "expected a size that is " + demand_text(demand, constraint.range) + " on " + where +
         ", received " + number(size);
}

}  // namespace

std::string shape_text(std::span<const Dimension> dims) {
  constexpr std::size_t kShown = 16;
  std::string out = "[";
  for (std::size_t i = 0; i < dims.size() && i < kShown; ++i) {
    if (i > 0) out += ", ";
    if (!dims[i].is_free()) {
      out += std::to_string(dims[i].size);
    } else if (dims[i].name.empty()) {
      out += "?";
    } else {
      const std::string name = quoted(dims[i].name, 40);
      out += name.substr(1, name.size() - 2);
    }
  }
  return out + (dims.size() > kShown ? ", …]" : "]");
}

void judge_constraints(std::span<const ValueSignature> inputs,
                       std::span<const Constraint> constraints, FaultList& faults) {
  for (const Constraint& constraint : constraints) {
    if (faults.full()) return;
    std::string message = constraint_fault(inputs, constraint);
    if (message.empty()) continue;
    const std::string path = "constraints." + constraint.input + "." + constraint.axis;
    faults.add({path, Code::kInvalidOption, "constraints: " + std::move(message)});
  }
}

void apply_constraints(const ValueSignature& input, const FeedSignature& feed,
                       std::span<const Constraint> constraints, FaultList& faults) {
  for (const Constraint& constraint : constraints) {
    if (constraint.input != input.name) continue;
    const bool values = constraint.axis == Constraint::kValues;
    if (!(values ? values_fault(input) : axis_fault(input, constraint.axis)).empty()) continue;
    if (!range_fault(constraint.range, values).empty()) continue;
    std::string message =
        values ? unmet_values(input, feed, constraint.range) : unmet_size(input, feed, constraint);
    if (!message.empty()) faults.add({input.name, Code::kInvalidInput, std::move(message)});
  }
}

}  // namespace infercore
