// The rules that SentencePiece compiles into its models: which characters become what.
//
// The bytes, as SentencePiece writes them: the size of a double array (32 bits, little-endian), the
// array of 32-bit units (Darts-clone), then the replacements, each ended by a NUL.
#ifndef INFERCORE_TOKENIZER_NORMALIZERS_CHARSMAP_H_
#define INFERCORE_TOKENIZER_NORMALIZERS_CHARSMAP_H_

#include <array>
#include <cstddef>
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
  /// Reads the bytes themselves.
  static std::optional<Charsmap> from_bytes(std::string_view bytes);
  /// What from_bytes() makes the same rules of.
  std::string to_bytes() const;

  /// What replaces `part`, when a rule matches at its start; the shortest such rule counts (and
  /// replaces all of the part: that is how the reference implementation reads it).
  std::optional<std::string_view> find(std::string_view part) const;
  struct Rule {
    std::size_t length;  ///< bytes that it replaces; 0: there is none
    std::string_view text;
  };
  /// The longest rule that matches at the start of `part`, as SentencePiece itself reads them.
  Rule longest(std::string_view part) const;
  /// Does a rule match this ASCII character alone?
  bool changes_ascii(char c) const { return ascii_[static_cast<unsigned char>(c)]; }

  /// Bytes of the longest replacement.
  std::size_t longest_replacement() const;
  /// Memory of its tables.
  std::size_t bytes() const {
    return units_.capacity() * sizeof(std::uint32_t) + replacements_.capacity();
  }

 private:
  template <typename Visit>
  void walk(std::string_view part, const Visit& visit) const;
  std::string_view replacement(std::size_t begin) const;

  /// Bytes that a rule may take: a broken map may lead round and round.
  static constexpr std::size_t kMaxRule = 128;

  std::vector<std::uint32_t> units_;
  std::string replacements_;
  std::array<bool, 128> ascii_{};
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_NORMALIZERS_CHARSMAP_H_
