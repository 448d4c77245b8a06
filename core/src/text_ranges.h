// Which texts of a list are one part of the work.
#ifndef INFERCORE_SRC_TEXT_RANGES_H_
#define INFERCORE_SRC_TEXT_RANGES_H_

#include <span>
#include <vector>

#include "infercore/parallel.h"
#include "infercore/text.h"

namespace infercore {

/// Ranges of about as many code units each, since a list may hold sentences and whole books: with
/// as many texts in each, one range could be most of the work. Many for each thread: while the last
/// one is at work, others have nothing to do. But not so short that it is done before a thread
/// wakes up. One range, perhaps an empty one, without threads.
std::vector<IndexRange> text_ranges(std::span<const TextView> texts, const Threads* threads);

}  // namespace infercore

#endif  // INFERCORE_SRC_TEXT_RANGES_H_
