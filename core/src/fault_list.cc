#include "infercore/fault_list.h"

namespace infercore {

void FaultList::add_element(std::string_view list, std::size_t index, const Status& status) {
  if (empty()) hint_ = status.hint();
  std::string path = element_path(list, index);
  std::string message = path + ": " + status.message();
  add({std::move(path), status.code(), std::move(message)});
}

void FaultList::append(FaultList later) {
  if (empty()) hint_ = std::move(later.hint_);
  for (Fault& fault : later.faults_) add(std::move(fault));
}

Status FaultList::status(std::string_view what) && {
  return Status::from_faults(what, std::move(faults_), std::move(hint_));
}

std::string element_path(std::string_view list, std::size_t index) {
  return std::string(list) + '[' + std::to_string(index) + ']';
}

}  // namespace infercore
