// Rows of the Unicode tables, and how to look something up in them.
#ifndef INFERCORE_UNICODE_CODE_RANGE_H_
#define INFERCORE_UNICODE_CODE_RANGE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace infercore::unicode {

struct CodeRange {
  std::uint32_t first;
  std::uint32_t last;
};

/// `count` characters from `code` on. Length 1: each maps to its neighbour from `to` on; longer:
/// `to` is an index into a pool.
struct Mapping {
  std::uint32_t code;
  std::uint16_t count;
  std::uint16_t length;
  std::uint32_t to;
};

struct Composition {
  std::uint32_t first;
  std::uint32_t second;
  std::uint32_t composite;
};

struct RankRange {
  std::uint32_t first;
  std::uint32_t last;
  std::uint8_t rank;
};

struct ScriptRange {
  std::uint32_t first;
  std::uint32_t last;
  std::uint8_t script;
};

/// Every `step`-th character of first…last maps to itself plus `delta`.
struct CaseRange {
  std::uint32_t first;
  std::uint32_t last;
  std::uint32_t step;
  std::int32_t delta;
};

/// The row that holds `code`, or nullptr. Rows are sorted and do not overlap.
template <typename Row, std::size_t n>
const Row* find_row(const Row (&rows)[n], std::uint32_t code) {
  const Row* row = std::lower_bound(rows, rows + n, code,
                                    [](const Row& r, std::uint32_t c) { return r.last < c; });
  return row != rows + n && row->first <= code ? row : nullptr;
}

/// The same for mappings, whose rows say how many characters they hold.
template <std::size_t n>
const Mapping* find_mapping(const Mapping (&rows)[n], std::uint32_t code) {
  const Mapping* row = std::upper_bound(
      rows, rows + n, code, [](std::uint32_t c, const Mapping& r) { return c < r.code; });
  return row != rows && code - (row - 1)->code < (row - 1)->count ? row - 1 : nullptr;
}

template <std::size_t n>
bool in_ranges(const CodeRange (&rows)[n], std::uint32_t code) {
  return find_row(rows, code) != nullptr;
}

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_CODE_RANGE_H_
