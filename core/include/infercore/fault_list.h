// All that is wrong with one input, up to a limit: who sends a million wrong samples is told about
// the first hundred.
//
//   FaultList faults;
//   for (std::size_t i = 0; i < texts.size() && !faults.full(); ++i) {
//     if (Status status = use(texts[i]); !status.ok()) faults.add_element("texts", i, status);
//   }
//   if (!faults.empty()) return std::move(faults).status("the texts can't be used");
#ifndef INFERCORE_FAULT_LIST_H_
#define INFERCORE_FAULT_LIST_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "infercore/status.h"

namespace infercore {

/// No list of faults is longer.
inline constexpr std::size_t kMaxFaults = 100;

class FaultList {
 public:
  bool empty() const noexcept { return faults_.empty(); }
  /// True when no more are kept: nothing further need be looked at.
  bool full() const noexcept { return faults_.size() >= kMaxFaults; }
  std::size_t size() const noexcept { return faults_.size(); }

  void add(Fault fault) {
    if (!full()) faults_.push_back(std::move(fault));
  }
  /// What became of `list[index]`, under that path. The first such fault's hint goes into status().
  void add_element(std::string_view list, std::size_t index, const Status& status);

  /// Those of a later part of the same list.
  void append(FaultList later);

  std::vector<Fault> take() && { return std::move(faults_); }
  /// All of them as one failure. Only when not empty.
  Status status(std::string_view what) &&;

 private:
  std::vector<Fault> faults_;
  std::string hint_;
};

/// "name[3]": where an element of a list stands.
std::string element_path(std::string_view list, std::size_t index);

}  // namespace infercore

#endif  // INFERCORE_FAULT_LIST_H_
