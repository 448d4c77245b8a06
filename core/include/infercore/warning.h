// Something that still works, but not as one would think: a cut text, a high share of unknown
// tokens.
//
// Warnings are values, like Status: the bindings put them into a report and hand them to
// `onWarning`.
#ifndef INFERCORE_WARNING_H_
#define INFERCORE_WARNING_H_

#include <string>

namespace infercore {

struct Warning {
  std::string code;     ///< stable and part of the public API, for instance "TEXT_TRUNCATED"
  std::string message;  ///< what happened, with counts
  std::string hint;     ///< what to do; may be empty

  bool operator==(const Warning&) const = default;
};

}  // namespace infercore

#endif  // INFERCORE_WARNING_H_
