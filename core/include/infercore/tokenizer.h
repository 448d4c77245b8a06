// Text to token ids and back, as a `tokenizer.json` of Hugging Face's tokenizers library describes
// it.
//
//   auto tokenizer = Tokenizer::from_json(bytes);
//   auto encoding = tokenizer->encode(std::string_view("Hello world"));
//   encoding->ids;       // {7, 34, 2}
//
// The stages, each a folder of core/src/tokenizer/: added tokens split the text, a normalizer
// rewrites each part, a pre-tokenizer cuts it into words, a model turns each word into tokens, a
// post-processor adds the special tokens; truncation and padding come last. A decoder goes the way
// back.
//
// A Tokenizer never changes after it was made, so any number of threads may use one at once. Copies
// share one table.
#ifndef INFERCORE_TOKENIZER_H_
#define INFERCORE_TOKENIZER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "infercore/added_token.h"
#include "infercore/blob.h"
#include "infercore/encoding.h"
#include "infercore/status.h"
#include "infercore/text.h"
#include "infercore/warning.h"

namespace infercore {

struct WorkRoom;

enum class Direction { kLeft, kRight };
enum class TruncationStrategy { kLongestFirst, kOnlyFirst, kOnlySecond };

/// Cut to `max_length` tokens, special tokens counted; what is cut off becomes `overflowing`, each
/// part repeating `stride` tokens of the one before.
struct Truncation {
  std::size_t max_length = 512;
  TruncationStrategy strategy = TruncationStrategy::kLongestFirst;
  Direction direction = Direction::kRight;
  std::size_t stride = 0;
};

/// Fill up to `length` (absent: to the longest of the batch), rounded up to a multiple of
/// `multiple_of` (0: not rounded).
struct Padding {
  std::optional<std::size_t> length;
  std::size_t multiple_of = 0;
  Direction direction = Direction::kRight;
  std::uint32_t id = 0;
  std::uint32_t type_id = 0;
  std::string token = "[PAD]";

  /// `tokens`, rounded up to the multiple.
  std::size_t rounded(std::size_t tokens) const {
    const std::size_t over = multiple_of > 0 ? tokens % multiple_of : 0;
    return over > 0 ? tokens + (multiple_of - over) : tokens;
  }
};

/// What the caller says about a setting that the tokenizer's file may hold too.
template <typename T>
struct Setting {
  enum class From { kFile, kOff, kValue } from = From::kFile;
  T value{};

  /// What holds in the end: nullptr for off. `file` is what the file says (nullptr: nothing).
  const T* resolve(const T* file) const {
    return from == From::kFile ? file : from == From::kOff ? nullptr : &value;
  }
};

struct EncodeOptions {
  bool add_special_tokens = true;
  Setting<Truncation> truncation;
  Setting<Padding> padding;
  /// False: encode_ids need not tell how many tokens truncation drops. It answers 1 for any, and
  /// leaves most of a long text unread.
  bool counts_dropped = true;
};

struct TokenizerInfo {
  std::string model;  ///< "Unigram", later "BPE", "WordPiece", "WordLevel"
  std::vector<std::string>
      components;         ///< "normalizer:NFKC", "pre_tokenizer:Metaspace", … in the file's order
  std::size_t bytes = 0;  ///< memory that tables, rules and patterns hold
  /// TOKEN_ID_CHANGED where an added token has another id than the file says.
  std::vector<Warning> warnings;
};

class Tokenizer {
 public:
  /// Reads a `tokenizer.json`. The bytes may be given up afterwards. Hostile bytes end in an error,
  /// never in a crash. Errors: NOT_A_TOKENIZER (not JSON, or a field is missing or of a wrong type;
  /// the message has its path), UNSUPPORTED_COMPONENT (a component's type is unknown; the message
  /// names it), LIMIT_EXCEEDED (depth, size, ids).
  static Result<Tokenizer> from_json(std::string_view json);

  /// Reads a `tokenizer.json`, a `.model` of SentencePiece or a `.tiktoken` file, told apart by
  /// their content. `config`: what the latter two leave open, as JSON, each member optional:
  /// `added_tokens`, as a tokenizer.json has them (beside a .model they need no `id`); `bos` and
  /// `eos`, the tokens that are put around texts (true: those that a .model names); `first`: the
  /// space in front of texts is not put behind added tokens; `pat_str`, the expression that cuts
  /// texts, for a `.tiktoken` file of no well-known model. Errors: as from_json, INVALID_INPUT for
  /// a config that can't be used.
  static Result<Tokenizer> from_bytes(std::string_view bytes, std::string_view config = {});

  /// All of it in one piece of bytes: its tables as they stand in memory, which need not be built
  /// again. The same bytes on every target. Errors: LIMIT_EXCEEDED for 4 GB and more.
  Result<std::vector<std::uint8_t>> compile() const;
  /// The tokenizer that compile() wrote: equal in everything. Its tables stay in the blob. Hostile
  /// bytes end in an error, or in a tokenizer that is not worse than one of a hostile
  /// tokenizer.json. Errors: NOT_A_TOKENIZER (cut short, damaged, of another format), and those of
  /// from_json.
  static Result<Tokenizer> from_compiled(Blob blob);
  /// Do the bytes begin as those of compile() do?
  static bool is_compiled(std::span<const std::uint8_t> bytes) noexcept;

  /// The same tokenizer with more added tokens; this one stays as it is, and both share the tables
  /// of the model. A token that the vocabulary has keeps its id, others get the next free ones in
  /// their order, as in the reference implementation. Errors: INVALID_INPUT (an empty token),
  /// LIMIT_EXCEEDED.
  Result<Tokenizer> with_tokens(std::span<const AddedToken> tokens) const;

  /// One text, or a text and its pair. Everything about each token. Offsets count code units of the
  /// text given.
  Result<Encoding> encode(TextView text, std::optional<TextView> pair = {},
                          const EncodeOptions& options = {}) const;

  /// The ids alone, appended to `ids`: the fast way, equal to encode(…).ids. Returns how many
  /// tokens truncation dropped. Buffers and the ids of words met before are kept for later calls,
  /// 80 KB at first and as words come up to 5 MB, for each of up to 16 calls at once.
  Result<std::size_t> encode_ids(TextView text, std::optional<TextView> pair,
                                 const EncodeOptions& options,
                                 std::vector<std::uint32_t>& ids) const;

  /// encode_ids() for many texts in a row.
  class Ids;

  /// The number of tokens without truncation and padding.
  Result<std::size_t> count_tokens(TextView text, bool add_special_tokens = true) const;

  /// The text of `ids`. Ids outside the vocabulary are skipped, as the reference implementation
  /// does. LIMIT_EXCEEDED where the tokens, or what the decoder's rules make of them, are longer
  /// than 256 MB, or where the rules make them 64 times longer (64 KB besides).
  Result<std::string> decode(std::span<const std::uint32_t> ids,
                             bool skip_special_tokens = true) const;

  std::optional<std::uint32_t> token_to_id(std::string_view token) const;
  /// A view that lives as long as the tokenizer.
  std::optional<std::string_view> id_to_token(std::uint32_t id) const;
  /// How many different tokens there are, added tokens counted.
  std::size_t vocab_size() const;
  /// The id of the model's unknown token, when it has one.
  std::optional<std::uint32_t> unk_id() const;

  /// May a token of a single text get a type id other than 0? As the file's template says.
  bool gives_type_ids() const;

  /// What the file says; nullptr when it says nothing.
  const Truncation* truncation() const;
  const Padding* padding() const;
  const TokenizerInfo& info() const;

 private:
  struct Impl;
  explicit Tokenizer(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

/// What encode_ids() borrows for one text, kept from text to text: threads that work side by side
/// would else get the buffers and words that another one used last, and wait for its cache. For
/// one thread; not longer than the tokenizer.
///
///   Tokenizer::Ids row(tokenizer);
///   for (const TextView& text : texts) row.encode(text, {}, options, ids);
class Tokenizer::Ids {
 public:
  explicit Ids(const Tokenizer& tokenizer);
  Ids(const Ids&) = delete;
  Ids& operator=(const Ids&) = delete;
  ~Ids();

  /// See encode_ids().
  Result<std::size_t> encode(TextView text, std::optional<TextView> pair,
                             const EncodeOptions& options, std::vector<std::uint32_t>& ids);

 private:
  const Impl& tokenizer_;
  std::unique_ptr<WorkRoom> room_;  ///< between two texts
};

/// LIMIT_EXCEEDED for a length above 2^20, a multiple above 2^16, or a token above 4,096 bytes: a
/// typing error must not fill the memory.
Status check_padding(const Padding& padding);

/// Pads every encoding as `padding` says, to the longest of them where it names no length.
void pad(std::span<Encoding> encodings, const Padding& padding);

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_H_
