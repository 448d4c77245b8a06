#include "unicode/code_table.h"

#include <algorithm>

namespace infercore::unicode {

constexpr std::uint32_t kBlock = 256;

template <typename Cell>
void TableFiller<Cell>::fill(std::uint32_t first, std::uint32_t last, Cell value) noexcept {
  for (std::uint32_t end = 0; first <= last; first = end + 1) {
    end = std::min(last, first | (kBlock - 1));
    if (end - first < kBlock - 1) {
      std::fill_n(&own(first), end - first + 1, value);
      continue;
    }
    // All whole blocks at once: there are thousands where nothing is assigned.
    const std::uint32_t blocks = (last + 1 - first) / kBlock;
    std::fill_n(&index_[first / kBlock], blocks, uniform_block(value));
    end = first + blocks * kBlock - 1;
  }
}

template <typename Cell>
void TableFiller<Cell>::append(std::uint32_t end, Cell value) noexcept {
  if (value != run_value_ || end == run_end_) {
    if (run_begin_ != run_end_) fill(run_begin_, run_end_ - 1, run_value_);
    run_begin_ = run_end_;
    run_value_ = value;
  }
  run_end_ = end;
}

template <typename Cell>
Cell& TableFiller<Cell>::own(std::uint32_t code) noexcept {
  std::uint8_t& block = index_[code / kBlock];
  if (uniform_[block]) block = new_block(cells_[block * kBlock]);
  return cells_[block * kBlock + code % kBlock];
}

template <typename Cell>
std::uint8_t TableFiller<Cell>::uniform_block(Cell value) noexcept {
  for (std::uint32_t block = 0; block < used_ && block <= last_block_; ++block) {
    if (uniform_[block] && cells_[block * kBlock] == value) return static_cast<std::uint8_t>(block);
  }
  const std::uint8_t block = new_block(value);
  uniform_[block] = true;
  return block;
}

template <typename Cell>
std::uint8_t TableFiller<Cell>::new_block(Cell value) noexcept {
  // The generator counts them. Should it be wrong, answers are, but nothing else is overwritten.
  const std::uint32_t block = std::min(used_++, last_block_);
  std::fill_n(&cells_[block * kBlock], kBlock, value);
  return static_cast<std::uint8_t>(block);
}

template class TableFiller<std::uint8_t>;
template class TableFiller<std::uint32_t>;

}  // namespace infercore::unicode
