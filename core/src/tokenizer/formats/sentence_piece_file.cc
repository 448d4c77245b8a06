#include "tokenizer/formats/sentence_piece_file.h"

#include <array>
#include <cmath>
#include <utility>

#include "tokenizer/formats/format.h"
#include "tokenizer/formats/protobuf.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

using Wire = ProtobufReader::Wire;
using Type = SentencePieceFile::Type;

// The numbers of the messages' fields.
enum ModelField : std::uint32_t { kPieces = 1, kTrainer, kNormalizer, kSelfTest, kDenormalizer };
enum PieceField : std::uint32_t { kText = 1, kScore, kType };
enum TrainerField : std::uint32_t {
  kModelType = 3,
  kWhitespaceAsSuffix = 24,
  kByteFallback = 35,
  kUnkSurface = 44,
  kBosPiece = 46,
  kEosPiece = 47,
};
enum RulesField : std::uint32_t { kCharsmap = 2, kDummyPrefix, kRemoveExtra, kEscape };

bool read_piece(std::string_view bytes, SentencePieceFile::Piece& piece) {
  ProtobufReader reader(bytes);
  while (reader.next()) {
    if (reader.is(kText, Wire::kBytes)) piece.text = reader.bytes();
    if (reader.is(kScore, Wire::kFixed32)) piece.score = reader.fixed_float();
    if (reader.is(kType, Wire::kVarint)) {
      if (reader.varint() < 1 || reader.varint() > 6) return false;
      piece.type = static_cast<Type>(reader.varint());
    }
  }
  return reader.ok();
}

bool read_rules(std::string_view bytes, SentencePieceRules& rules) {
  ProtobufReader reader(bytes);
  while (reader.next()) {
    if (reader.is(kCharsmap, Wire::kBytes)) rules.charsmap = reader.bytes();
    if (reader.is(kDummyPrefix, Wire::kVarint)) rules.add_dummy_prefix = reader.varint() != 0;
    if (reader.is(kRemoveExtra, Wire::kVarint)) {
      rules.remove_extra_whitespaces = reader.varint() != 0;
    }
    if (reader.is(kEscape, Wire::kVarint)) rules.escape_whitespaces = reader.varint() != 0;
  }
  return reader.ok();
}

bool read_trainer(std::string_view bytes, SentencePieceFile& file) {
  ProtobufReader reader(bytes);
  while (reader.next()) {
    if (reader.is(kModelType, Wire::kVarint)) {
      if (reader.varint() < 1 || reader.varint() > 4) return false;
      file.algorithm = static_cast<SentencePieceFile::Algorithm>(reader.varint());
    }
    if (reader.is(kWhitespaceAsSuffix, Wire::kVarint)) {
      file.normalizer.whitespace_as_suffix = reader.varint() != 0;
    }
    if (reader.is(kByteFallback, Wire::kVarint)) file.byte_fallback = reader.varint() != 0;
    if (reader.is(kUnkSurface, Wire::kBytes)) file.unk_surface = reader.bytes();
    // (Empty names stand for the usual ones.)
    if (reader.is(kBosPiece, Wire::kBytes) && !reader.bytes().empty()) {
      file.bos_piece = reader.bytes();
    }
    if (reader.is(kEosPiece, Wire::kBytes) && !reader.bytes().empty()) {
      file.eos_piece = reader.bytes();
    }
  }
  return reader.ok() && unicode::is_valid_utf8(file.unk_surface);
}

/// 256 for what is no byte's name.
std::size_t byte_of(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  if (name.size() != 6 || name.substr(0, 3) != "<0x" || name[5] != '>') return 256;
  const std::size_t high = kDigits.find(name[3]);
  const std::size_t low = kDigits.find(name[4]);
  return high < 16 && low < 16 ? high * 16 + low : 256;
}

/// What SentencePiece checks when it loads a model; that no piece stands twice is seen later.
Status check_piece(const SentencePieceFile::Piece& piece, std::size_t id) {
  if (piece.text.empty()) return not_the_format("expected a text for piece ", id, "");
  if (!unicode::is_valid_utf8(piece.text))
    return not_the_format("expected UTF-8 for piece ", id, "");
  if (!std::isfinite(piece.score)) {
    return not_the_format("expected a finite score for piece ", id, "");
  }
  if (piece.text.size() <= kMaxFileToken) return {};
  return too_large("pieces, in bytes,", kMaxFileToken, piece.text.size());
}

Status check_pieces(SentencePieceFile& file) {
  std::size_t total = 0;
  std::size_t unknown = 0;
  std::array<bool, 256> bytes{};
  std::size_t count = 0;
  for (std::size_t id = 0; id < file.pieces.size(); ++id) {
    const SentencePieceFile::Piece& piece = file.pieces[id];
    if (Status status = check_piece(piece, id); !status.ok()) return status;
    total += piece.text.size();
    if (piece.type == Type::kUnknown) {
      file.unk_id = static_cast<std::uint32_t>(id);
      ++unknown;
    }
    if (piece.type != Type::kByte) continue;
    const std::size_t byte = byte_of(piece.text);
    if (byte == bytes.size() || !file.byte_fallback) {
      return not_the_format(
          "expected byte pieces, <0x00> to <0xFF>, with byte_fallback alone, "
          "received as piece ",
          id, " ", piece.text);
    }
    if (!std::exchange(bytes[byte], true)) ++count;
  }
  if (total > kMaxFileTexts) return too_large("pieces together, in bytes,", kMaxFileTexts, total);
  if (unknown != 1) {
    return not_the_format("expected one piece for what is unknown, received ", unknown, "");
  }
  if (file.byte_fallback && count < bytes.size()) {
    return not_the_format("expected 256 byte pieces with byte_fallback, received ", count, "");
  }
  return {};
}

}  // namespace

Status SentencePieceFile::read(std::string_view bytes) {
  if (bytes.size() > kMaxFileBytes)
    return too_large("files, in bytes,", kMaxFileBytes, bytes.size());
  ProtobufReader reader(bytes);
  bool good = true;
  while (good && reader.next()) {
    if (reader.is(kPieces, Wire::kBytes)) {
      if (pieces.size() == kMaxFileTokens) {
        return too_large("pieces, in number,", kMaxFileTokens, pieces.size() + 1);
      }
      good = read_piece(reader.bytes(), pieces.emplace_back());
    }
    if (reader.is(kTrainer, Wire::kBytes)) good = read_trainer(reader.bytes(), *this);
    if (reader.is(kNormalizer, Wire::kBytes)) good = read_rules(reader.bytes(), normalizer);
    if (reader.is(kDenormalizer, Wire::kBytes)) good = read_rules(reader.bytes(), denormalizer);
  }
  if (!good || !reader.ok()) {
    return not_the_format("expected a .model of SentencePiece, received broken bytes behind piece ",
                          pieces.size(), "");
  }
  return check_pieces(*this);
}

}  // namespace infercore
