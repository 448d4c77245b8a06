#include "infercore/status.h"

namespace infercore {

std::string_view code_name(Code code) noexcept {
  switch (code) {
    case Code::kOk:
      return "OK";
    case Code::kInvalidInput:
      return "INVALID_INPUT";
    case Code::kInvalidOption:
      return "INVALID_OPTION";
    case Code::kNotFound:
      return "NOT_FOUND";
    case Code::kNotAModel:
      return "NOT_A_MODEL";
    case Code::kNotATokenizer:
      return "NOT_A_TOKENIZER";
    case Code::kUnsupportedComponent:
      return "UNSUPPORTED_COMPONENT";
    case Code::kLimitExceeded:
      return "LIMIT_EXCEEDED";
    case Code::kProviderUnavailable:
      return "PROVIDER_UNAVAILABLE";
    case Code::kRuntimeNotFound:
      return "RUNTIME_NOT_FOUND";
    case Code::kRuntimeError:
      return "RUNTIME_ERROR";
    case Code::kVerifyFailed:
      return "VERIFY_FAILED";
    case Code::kQueueFull:
      return "QUEUE_FULL";
    case Code::kAborted:
      return "ABORTED";
    case Code::kTimeout:
      return "TIMEOUT";
    case Code::kDisposed:
      return "DISPOSED";
    case Code::kNotSupported:
      return "NOT_SUPPORTED";
  }
  return "RUNTIME_ERROR";
}

Status Status::from_faults(std::string_view what, std::vector<Fault> faults, std::string hint) {
  // A message that lists hundreds of faults is not read; `faults` keeps them all.
  constexpr std::size_t kShown = 8;
  std::string message(what);
  for (std::size_t i = 0; i < faults.size() && i < kShown; ++i) {
    message += faults.size() == 1 ? ": " : "\n  - ";
    message += faults[i].message;
  }
  if (faults.size() > kShown) {
    message += "\n  - and " + std::to_string(faults.size() - kShown) + " more";
  }
  Status status(faults.front().code, std::move(message), std::move(hint));
  status.faults_ = std::move(faults);
  return status;
}

}  // namespace infercore
