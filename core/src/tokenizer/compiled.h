// The form of a compiled tokenizer: sections, which are the tables as they stand in memory.
//
//   TableWriter writer;                                // the one who has the tables
//   writer.add(Section::kPieceEnds, ends.span());
//   writer.add_numbers({token_count});
//   const auto bytes = std::move(writer).finish();
//
//   auto reader = TableReader::open(blob);             // the other, in the same order
//   ends = reader->table<std::uint32_t>(Section::kPieceEnds);
//   const auto [token_count] = reader->numbers<1>();
//   reader->expect(token_count <= ends.size(), "a token count");
//   if (!reader->ok()) return reader->status();
//
// A header, the sections, a list of them, a checksum; all numbers little-endian, every section at a
// multiple of Blob::kAlignment. The same on all targets: what one writes another one reads.
#ifndef INFERCORE_TOKENIZER_COMPILED_H_
#define INFERCORE_TOKENIZER_COMPILED_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "infercore/blob.h"
#include "infercore/status.h"
#include "tokenizer/table.h"

namespace infercore {

static_assert(std::endian::native == std::endian::little);

/// To be raised with every change of what a section holds or how it is searched (hashes!).
inline constexpr std::uint32_t kCompiledFormat = 1;

enum class Section : std::uint32_t {
  kNumbers = 1,  ///< what is no list
  kSettings,     ///< all that is small, as JSON
  kTexts,
  kStarts,
  kIds,
  kSlots,
  kMergeSlots,
  kMergeMade,
  kMergeSmall,
  kJoined,
  kJoinedToSpace,
  kPieceEnds,
  kTrieUnits,
  kTrieIds,
  kListContents,
  kListEnds,
  kFlags,
  kPatterns,
  kMergeTies,
  kCharsmap,
};

class TableWriter {
 public:
  TableWriter();

  template <typename T>
  void add(Section kind, std::span<const T> table) {
    add(kind, sizeof(T), table.size(), reinterpret_cast<const std::uint8_t*>(table.data()));
  }
  void add_numbers(std::initializer_list<std::uint64_t> numbers);

  /// LIMIT_EXCEEDED for more bytes than an offset of 32 bits reaches.
  Result<std::vector<std::uint8_t>> finish() &&;

 private:
  void add(Section kind, std::size_t element, std::size_t count, const std::uint8_t* data);
  void append(const void* data, std::size_t size);
  void align(std::size_t to);

  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint32_t> sections_;
  std::uint64_t size_ = 0;  ///< also of what was not kept because it is too much
};

class TableReader {
 public:
  /// Are these the first bytes of a compiled tokenizer, of any format?
  static bool recognises(std::span<const std::uint8_t> bytes) noexcept;
  /// NOT_A_TOKENIZER for what is cut short, damaged, or of another format.
  static Result<TableReader> open(Blob blob);

  /// The next section; empty, with a fault, where that is of another kind.
  template <typename T>
  Table<T> table(Section kind) {
    const Part part = next(kind, sizeof(T));
    return Table<T>(blob_.owner, reinterpret_cast<const T*>(part.data), part.count);
  }
  /// Is the next section of that kind? For those that are left out where they say nothing.
  bool has(Section kind) const {
    return ok() && !sections_.empty() && sections_[0] == static_cast<std::uint32_t>(kind);
  }
  template <std::size_t n>
  std::array<std::uint64_t, n> numbers() {
    const Table<std::uint64_t> values = table<std::uint64_t>(Section::kNumbers);
    std::array<std::uint64_t, n> numbers{};
    expect(values.size() == n, "its numbers");
    for (std::size_t i = 0; i < n && ok(); ++i) numbers[i] = values[i];
    return numbers;
  }

  /// A fault where `holds` is false; the first is kept. `what` is wrong, a static string.
  void expect(bool holds, std::string_view what) {
    if (!holds && wrong_.empty()) wrong_ = what;
  }
  /// Only while it is true may what was read be used.
  bool ok() const { return wrong_.empty(); }
  Status status() const;

 private:
  struct Part {
    const std::uint8_t* data;
    std::size_t count;
  };
  explicit TableReader(Blob blob) : blob_(std::move(blob)) {}
  Part next(Section kind, std::size_t element);

  Blob blob_;
  std::span<const std::uint32_t> sections_;  ///< four numbers each
  std::string_view wrong_;
};

/// Is a slot free in each block of so many? Then a search ends soon.
inline constexpr std::size_t kSlotBlock = 512;

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_COMPILED_H_
