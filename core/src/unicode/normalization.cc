#include "unicode/normalization.h"

#include <algorithm>

#include "unicode/utf.h"

namespace infercore::unicode {
namespace {

// Hangul syllables are computed (The Unicode Standard, 3.12): 19 leads × 21 vowels × 28 tails (the
// first is none).
constexpr char32_t kSyllable = 0xAC00;
constexpr char32_t kLead = 0x1100;
constexpr char32_t kVowel = 0x1161;
constexpr char32_t kTail = 0x11A7;
constexpr char32_t kLeads = 19;
constexpr char32_t kVowels = 21;
constexpr char32_t kTails = 28;
constexpr char32_t kSyllables = kLeads * kVowels * kTails;

/// 0 for a starter.
unsigned rank_of(char32_t code) noexcept {
  return code < 0x300 ? 0 : normalization_table().rank(code);
}

void decompose(char32_t code, bool compatible, std::vector<Change>& out) {
  if (code < 0xA0) {
    out.push_back({code, 0});
    return;
  }
  if (code - kSyllable < kSyllables) {
    const char32_t index = code - kSyllable;
    out.push_back({kLead + index / (kVowels * kTails), 0});
    out.push_back({kVowel + index / kTails % kVowels, 1});
    if (index % kTails != 0) out.push_back({kTail + index % kTails, 1});
    return;
  }
  const auto [to, is_compatible] = normalization_table().step(code);
  if (to.empty() || (is_compatible && !compatible)) {
    out.push_back({code, 0});
    return;
  }
  if (is_compatible) {
    out.push_back({to[0], 0});
  } else {
    decompose(to[0], compatible, out);  // the rest of the way is shorter each time
  }
  for (const char32_t rest : to.subspan(1)) out.push_back({rest, 1});
}

/// Marks between starters, in the order of their classes.
void sort_marks(std::vector<Change>& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (rank_of(text[begin].code) == 0) {
      ++begin;
      continue;
    }
    std::size_t end = begin + 1;
    while (end < text.size() && rank_of(text[end].code) != 0) ++end;
    std::stable_sort(
        text.begin() + static_cast<std::ptrdiff_t>(begin),
        text.begin() + static_cast<std::ptrdiff_t>(end),
        [](const Change& a, const Change& b) { return rank_of(a.code) < rank_of(b.code); });
    begin = end;
  }
}

/// What two characters make together; 0 when nothing.
char32_t compose_pair(char32_t first, char32_t second) noexcept {
  if (first - kLead < kLeads && second - kVowel < kVowels) {
    return kSyllable + ((first - kLead) * kVowels + (second - kVowel)) * kTails;
  }
  if (first - kSyllable < kSyllables && (first - kSyllable) % kTails == 0 &&
      second - (kTail + 1) < kTails - 1) {
    return first + (second - kTail);
  }
  return normalization_table().composed(first, second);
}

/// Canonical composition: a starter takes every mark that no mark of the same or a higher class
/// keeps from it, and the next starter when they touch.
void compose(const std::vector<Change>& text, std::vector<Change>& out) {
  constexpr std::size_t kNone = ~std::size_t{0};
  std::size_t starter = kNone;
  int last_rank = -1;  // of what stands between the starter and here; −1: nothing
  for (const Change& c : text) {
    const int rank = static_cast<int>(rank_of(c.code));
    if (starter != kNone && last_rank < rank) {
      if (const char32_t composite = compose_pair(out[starter].code, c.code); composite != 0) {
        out[starter] = {composite, out[starter].changes + c.changes - 1};
        continue;
      }
    }
    if (rank == 0) {
      starter = out.size();
      last_rank = -1;
    } else if (starter != kNone) {
      last_rank = rank;
    }
    out.push_back(c);
  }
}

}  // namespace

void normalize(Form form, std::string_view valid, std::vector<Change>& work,
               std::vector<Change>& out) {
  work.clear();
  const bool compatible = form == Form::kNFKC || form == Form::kNFKD;
  for (std::size_t at = 0; at < valid.size(); at += sequence_length(valid[at])) {
    decompose(decode_valid(valid.data() + at), compatible, work);
  }
  sort_marks(work);
  if (form == Form::kNFC || form == Form::kNFKC) {
    compose(work, out);
  } else {
    out.insert(out.end(), work.begin(), work.end());
  }
}

}  // namespace infercore::unicode
