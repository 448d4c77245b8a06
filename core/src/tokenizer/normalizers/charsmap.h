// The rules that SentencePiece compiles into its models: which characters become what.
//
// The bytes, as SentencePiece writes them: the size of a double array (32 bits, little-endian), the
// array of 32-bit units (Darts-clone), then the replacements, each ended by a NUL.
#ifndef INFERCORE_TOKENIZER_NORMALIZERS_CHARSMAP_H_
#define INFERCORE_TOKENIZER_NORMALIZERS_CHARSMAP_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace infercore {

class Charsmap {
 public:
  /// Reads the base64 text of a file. Nothing when it is not what the format says.
  static std::optional<Charsmap> from_base64(std::string_view text);

  /// What replaces `part`, when a rule matches at its start; the shortest such rule counts (and
  /// replaces all of the part: that is how the reference implementation reads it).
  std::optional<std::string_view> find(std::string_view part) const;
  /// The same for one ASCII character, looked up in a table.
  std::optional<std::string_view> find_ascii(char c) const {
    const Range& range = ascii_[static_cast<unsigned char>(c)];
    if (!range.exists) return std::nullopt;
    return std::string_view(replacements_).substr(range.begin, range.size);
  }
  bool changes_ascii(char c) const { return ascii_[static_cast<unsigned char>(c)].exists; }

 private:
  struct Range {
    std::uint32_t begin;
    std::uint32_t size;
    bool exists;
  };
  Range range_of(std::string_view part) const;

  std::vector<std::uint32_t> units_;
  std::string replacements_;
  std::array<Range, 128> ascii_{};
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_NORMALIZERS_CHARSMAP_H_
