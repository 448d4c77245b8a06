#include "unicode/normalization_table.h"

#include "unicode/property_runs.h"

namespace infercore::unicode {
namespace {

// Bits of Form.
constexpr std::uint32_t kNFC = 1;
constexpr std::uint32_t kNFD = 2;
constexpr std::uint32_t kNFKC = 4;
constexpr std::uint32_t kNFKD = 8;
constexpr std::uint32_t kAllForms = 15;

/// What NFC does with a pair: puts it together, that but NFKC takes it apart, or neither.
enum class PairState : std::uint8_t { kComposed, kNotByNFKC, kNever };

}  // namespace

std::size_t NormalizationTable::slot_of(char32_t first, char32_t second) noexcept {
  return (first * 0x9E3779B1U ^ second * 0x85EBCA77U) >> 21;
}

char32_t NormalizationTable::composed(char32_t first, char32_t second) const noexcept {
  for (std::size_t slot = slot_of(first, second); composites_[slot] != 0;
       slot = (slot + 1) % kSlots) {
    const char32_t* pair = step(composites_[slot]).to.data();
    if (pair[0] == first && pair[1] == second) return composites_[slot];
  }
  return 0;
}

/// Unpacks the columns.
class NormalizationTable::Maker {
 public:
  explicit Maker(NormalizationTable& table) noexcept
      : filler_(table), pool_(table.pool_.data()), composites_(table.composites_.data()) {}

  void add_hangul() noexcept {
    filler_.fill(0xAC00, 0xD7A3, kNFD | kNFKD);
    // Vowels and tails join what stands before them.
    for (std::uint32_t vowel = 0x1161; vowel <= 0x1175; ++vowel) filler_.own(vowel) |= kNFC | kNFKC;
    for (std::uint32_t tail = 0x11A8; tail <= 0x11C2; ++tail) filler_.own(tail) |= kNFC | kNFKC;
  }
  void add_pairs() noexcept;
  void add_singles(int count, const std::uint8_t* gaps, const std::uint8_t* targets,
                   std::uint32_t flags) noexcept;
  void add_strings() noexcept;
  void add_marks() noexcept;

 private:
  /// The mapping of `code` is what comes to the pool next.
  void start(std::uint32_t code, std::uint32_t length, std::uint32_t flags) noexcept {
    filler_.own(code) |= flags | length << kLengthShift | pooled_ << kStartShift;
  }

  TableFiller<std::uint32_t> filler_;
  char32_t* pool_;
  std::uint32_t pooled_ = 0;
  char32_t* composites_;
};

NormalizationTable::NormalizationTable() noexcept {
  Maker maker(*this);
  maker.add_hangul();
  maker.add_pairs();
  maker.add_singles(kSingleCount, kSingleGaps, kSingleTargets, kAllForms);
  maker.add_singles(kCompatibleCount, kCompatibleGaps, kCompatibleTargets,
                    kCompatible | kNFKC | kNFKD);
  maker.add_strings();
  maker.add_marks();
}

void NormalizationTable::Maker::add_pairs() noexcept {
  std::array<std::uint32_t, kSecondCount> seconds;
  PackedNumbers second_gaps(kSeconds);
  std::uint32_t second = 0;
  for (std::uint32_t& each : seconds) each = second += second_gaps.next();

  PackedNumbers gaps(kPairGaps);
  PackedNumbers firsts(kPairFirsts);
  std::uint32_t code = 0;
  std::uint32_t first = 0;
  for (const std::uint8_t packed : kPairSeconds) {
    const std::uint32_t gap = gaps.next();
    code += gap;
    first += gap + firsts.next_signed();
    second = seconds[packed / 3];
    const auto state = static_cast<PairState>(packed % 3);
    std::uint32_t forms = kNFD | kNFKD;
    if (state == PairState::kNever) forms |= kNFC;
    if (state != PairState::kComposed) forms |= kNFKC;
    start(code, 2, forms);
    pool_[pooled_++] = first;
    pool_[pooled_++] = second;
    if (state == PairState::kNever) continue;
    filler_.own(second) |= kNFC | kNFKC;
    std::size_t slot = slot_of(first, second);
    while (composites_[slot] != 0) slot = (slot + 1) % kSlots;
    composites_[slot] = code;
  }
}

void NormalizationTable::Maker::add_singles(int count, const std::uint8_t* gaps,
                                            const std::uint8_t* targets,
                                            std::uint32_t flags) noexcept {
  PackedNumbers gap(gaps);
  PackedNumbers target(targets);
  std::uint32_t code = 0;
  std::uint32_t to = 0;
  for (int i = 0; i < count; ++i) {
    code += gap.next();
    start(code, 1, flags);
    pool_[pooled_++] = to += target.next_signed();
  }
}

void NormalizationTable::Maker::add_strings() noexcept {
  PackedNumbers gaps(kStringGaps);
  PackedNumbers text(kStrings);
  std::uint32_t code = 0;
  std::uint32_t page = 0;
  for (const std::uint8_t length : kStringLengths) {
    code += gaps.next();
    start(code, length, kCompatible | kNFKC | kNFKD);
    for (int i = 0; i < length;) {
      const std::uint8_t byte = text.next_byte();
      if (byte == 0) {
        page = text.next() << 7;
        continue;
      }
      pool_[pooled_++] = byte < 0x80 ? byte : page | (byte & 0x7FU);
      ++i;
    }
  }
}

void NormalizationTable::Maker::add_marks() noexcept {
  PackedNumbers counts(kRankCounts);
  PackedNumbers ranks(kRanks);
  std::uint32_t left = 0;
  std::uint32_t rank = 0;
  PropertyRuns runs;
  while (runs.next()) {
    if (runs->age > Age::kOf9 || (set_of(runs->category) & kMarks) == 0) continue;
    for (std::uint32_t code = runs->first; code < runs->end; ++code) {
      if (left == 0) {
        left = counts.next() + 1;
        rank = ranks.next_byte();
      }
      --left;
      filler_.own(code) |= kMark | rank << kRankShift | (rank > 0 ? kAllForms : 0);
    }
  }
  PackedNumbers changes(kMarkChanges);
  std::uint32_t code = 0;
  for (int i = 0; i < kMarkChangeCount; ++i) filler_.own(code += changes.next()) ^= kMark;
}

}  // namespace infercore::unicode
