// A value for each character, found by two look-ups: blocks of 256 characters, and a list that says
// which block stands where. Blocks that hold one value throughout are there once.
//
// The core's tables of characters derive from it and fill themselves when they are made, from the
// packed bytes in *_tables.h. That happens at the first question, in a constant local to a
// function, for which C++ lets one thread do it while others wait; no memory is allocated.
//
//   struct ScriptTable : CodeTable<std::uint8_t, kScriptBlocks> {
//     ScriptTable() noexcept { TableFiller filler(*this); filler.fill(U'а', U'я', 1); }
//   };
#ifndef INFERCORE_UNICODE_CODE_TABLE_H_
#define INFERCORE_UNICODE_CODE_TABLE_H_

#include <array>
#include <cstdint>

namespace infercore::unicode {

template <typename Cell>
class TableFiller;

/// All values are 0 at first. The generator counts the blocks that the rest needs.
template <typename Cell, int blocks>
class CodeTable {
 public:
  Cell operator[](char32_t code) const noexcept {
    return cells_[index_[code >> 8] * 256U + (code & 0xFF)];
  }

  /// All 256 characters of the block of `code` have the same value.
  bool is_uniform(char32_t code) const noexcept { return uniform_[index_[code >> 8]]; }

 private:
  friend class TableFiller<Cell>;
  static_assert(blocks <= 256);

  std::array<std::uint8_t, 0x110000 / 256> index_{};
  std::array<Cell, blocks * 256> cells_{};
  std::array<bool, blocks> uniform_{};
};

/// Writes a table that is new. Made once, in code_table.cc, for cells of 8 and 32 bits.
template <typename Cell>
class TableFiller {
 public:
  template <int blocks>
  explicit TableFiller(CodeTable<Cell, blocks>& table) noexcept
      : index_(table.index_.data()),
        cells_(table.cells_.data()),
        uniform_(table.uniform_.data()),
        last_block_(blocks - 1) {
    uniform_[0] = true;
  }

  void fill(std::uint32_t first, std::uint32_t last, Cell value) noexcept;

  /// The same for neighbours, upwards from U+0000 up to in front of `end`: those with one value
  /// are filled in together. A last call with `end` again writes what is left.
  void append(std::uint32_t end, Cell value) noexcept;

  /// The value of one character, to be changed.
  Cell& own(std::uint32_t code) noexcept;

 private:
  std::uint8_t uniform_block(Cell value) noexcept;
  std::uint8_t new_block(Cell value) noexcept;

  std::uint8_t* index_;
  Cell* cells_;
  bool* uniform_;
  std::uint32_t last_block_;
  std::uint32_t used_ = 1;  ///< blocks
  std::uint32_t run_begin_ = 0;
  std::uint32_t run_end_ = 0;
  Cell run_value_ = 0;
};

}  // namespace infercore::unicode

#endif  // INFERCORE_UNICODE_CODE_TABLE_H_
