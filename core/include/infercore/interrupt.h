// How a caller ends a long piece of work of the core, between its steps.
//
//   const Interrupt interrupt = [&] { return aborted ? Status(Code::kAborted, "…") : Status(); };
//   encode_batch(tokenizer, texts, {}, options, BatchFields::kIds, interrupt);
#ifndef INFERCORE_INTERRUPT_H_
#define INFERCORE_INTERRUPT_H_

#include <functional>

#include "infercore/status.h"

namespace infercore {

/// Asked between texts, on the thread that works; a failure ends the work and is its answer. Empty:
/// nothing interrupts.
using Interrupt = std::function<Status()>;

}  // namespace infercore

#endif  // INFERCORE_INTERRUPT_H_
