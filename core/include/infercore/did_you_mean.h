// What somebody who mistyped a name most likely meant.
//
//   const std::vector<std::string> names = {"input_ids", "attention_mask"};
//   nearest_name("inputs_ids", names);      // "input_ids"
//   did_you_mean("inputs_ids", names);      // " (did you mean \"input_ids\"?)"
//   did_you_mean("pixel_values", names);    // "": nothing is near
#ifndef INFERCORE_DID_YOU_MEAN_H_
#define INFERCORE_DID_YOU_MEAN_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace infercore {

/// The candidate nearest to `name`, as a view into `candidates`; of equally near ones the first.
/// Absent when none is near: the distance (insertions, deletions, replacements and swaps of
/// neighbours, Damerau 1964 in its restricted form; letters' case and '-', '_', '.' and ' ' count
/// as equal) may be a third of the longer name at most. Bytes are compared. Names of more than 64
/// bytes and candidates after the first 1,024 are not looked at, so hostile names cost little.
std::optional<std::string_view> nearest_name(std::string_view name,
                                             std::span<const std::string> candidates);

/// The nearest candidate as the end of a message, ` (did you mean "…"?)`; empty when none is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace infercore

#endif  // INFERCORE_DID_YOU_MEAN_H_
