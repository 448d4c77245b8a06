// A SentencePiece .model as stages: what SentencePiece itself answers.
#include "tokenizer/decoders/sentence_piece.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "json_writer.h"
#include "tokenizer/formats/format.h"
#include "tokenizer/formats/ranked_merges.h"
#include "tokenizer/formats/sentence_piece_file.h"
#include "tokenizer/models/bpe.h"
#include "tokenizer/models/unigram.h"
#include "tokenizer/normalizers/sentence_piece.h"

namespace infercore {
namespace {

using Algorithm = SentencePieceFile::Algorithm;
using Piece = SentencePieceFile::Piece;
using Type = SentencePieceFile::Type;

Status unsupported(std::string_view expected) {
  return Status(Code::kUnsupportedComponent, "expected " + std::string(expected),
                "give the tokenizer.json of the model, if there is one");
}

Status twice(std::size_t count) {
  return not_the_format("expected each piece of the .model once, received ", count,
                        " that stand there twice");
}

Status make_unigram(const SentencePieceFile& file, std::unique_ptr<Model>& made) {
  using Use = UnigramPiece::Use;
  // SentencePiece's greatest score is at least this, though scores are below 0.
  float best = std::numeric_limits<float>::min();
  for (const Piece& piece : file.pieces) {
    if (piece.type == Type::kNormal) best = std::max(best, piece.score);
  }
  std::vector<UnigramPiece> pieces;
  pieces.reserve(file.pieces.size());
  for (const Piece& piece : file.pieces) {
    UnigramPiece& to = pieces.emplace_back();
    to.text = piece.text;
    to.score = piece.score;
    if (piece.type == Type::kUserDefined) {
      // SentencePiece's bonus for what the user defined: it wins over what it is made of.
      to.score = static_cast<float>(piece.text.size()) * best - 0.1;
      to.use = Use::kSet;
    } else if (piece.type != Type::kNormal) {
      to.use = Use::kNamed;
    }
  }
  auto model = std::make_unique<Unigram>(pieces, file.unk_id, file.byte_fallback, true);
  if (model->token_count() < pieces.size()) return twice(pieces.size() - model->token_count());
  made = std::move(model);
  return {};
}

/// Grows as `score` falls; equal for equal ones.
std::uint32_t falling(float score) {
  score += 0.0F;  // −0 is 0
  std::uint32_t bits = 0;
  std::memcpy(&bits, &score, sizeof(bits));
  return (bits >> 31) != 0 ? bits : ~bits & 0x7FFFFFFF;
}

/// How early each piece is made, by its id: those with the greatest score first.
std::vector<std::uint32_t> ranks_of(const SentencePieceFile& file) {
  // Whole numbers below 2^53: a score's 32 bits, the id's 21.
  constexpr double kIds = kMaxFileTokens;
  std::vector<double> order;
  for (std::size_t id = 0; id < file.pieces.size(); ++id) {
    if (file.pieces[id].type != Type::kNormal || file.algorithm == Algorithm::kChar) continue;
    order.push_back(falling(file.pieces[id].score) * kIds + static_cast<double>(id));
  }
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> ranks(file.pieces.size(), Vocabulary::kNoId);
  std::uint32_t rank = 0;
  double before = -1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double score = std::floor(order[i] / kIds);
    if (score != before) rank = static_cast<std::uint32_t>(i);
    before = score;
    ranks[static_cast<std::size_t>(order[i] - score * kIds)] = rank;
  }
  return ranks;
}

/// Of BPE, and of single characters: BPE without rules.
Status make_bpe(const SentencePieceFile& file, std::unique_ptr<Model>& made) {
  VocabularyBuilder builder;
  builder.reserve(file.pieces.size());
  std::uint32_t id = 0;
  for (const Piece& piece : file.pieces) {
    if (piece.type == Type::kUnused) return unsupported("no unused pieces in a .model of BPE");
    builder.add(piece.text, id++);
  }
  Vocabulary vocabulary = std::move(builder).finish();
  if (vocabulary.size() < id) return twice(id - vocabulary.size());
  std::vector<BpeMerge> merges;
  // (A piece's index is its id.)
  if (Status status = ranked_merges(vocabulary, ranks_of(file), merges); !status.ok()) {
    return status;
  }
  BpeOptions options;
  options.unk_token = std::string(file.pieces[file.unk_id].text);
  options.fuse_unk = true;
  options.byte_fallback = file.byte_fallback;
  made = std::make_unique<Bpe>(std::move(vocabulary), merges, std::move(options));
  return {};
}

/// Control pieces have a name and an id, but no text holds them. The user's pieces stand for
/// themselves wherever they are: Unigram finds them by their scores, for BPE they are cut out
/// before.
void add_tokens(const SentencePieceFile& file, std::vector<AddedToken>& tokens) {
  const bool escapes = file.normalizer.escape_whitespaces;
  for (const Piece& piece : file.pieces) {
    const bool control = piece.type == Type::kControl;
    const bool cut_out = piece.type == Type::kUserDefined && file.algorithm != Algorithm::kUnigram;
    if (!control && !cut_out) continue;
    AddedToken& token = tokens.emplace_back();
    token.content = piece.text;
    token.special = control;
    token.normalized = cut_out;
    // Where spaces are written as ▁, no text has a piece with one.
    token.found = cut_out && !(escapes && piece.text.find(' ') != std::string_view::npos);
  }
}

void append_rules(const SentencePieceRules& rules, std::string& json) {
  json += R"({"type":"SentencePiece")";
  append_flags({{"add_dummy_prefix", rules.add_dummy_prefix},
                {"remove_extra_whitespaces", rules.remove_extra_whitespaces},
                {"escape_whitespaces", rules.escape_whitespaces},
                {"whitespace_as_suffix", rules.whitespace_as_suffix}},
               json);
  json += '}';
}

Status add_normalizer(const SentencePieceFile& file, bool first, FormatStages& stages) {
  std::vector<std::string_view> kept;
  for (const Piece& piece : file.pieces) {
    if (piece.type == Type::kUserDefined) kept.push_back(piece.text);
  }
  SentencePieceRules rules = file.normalizer;
  if (first) rules.add_dummy_prefix = false;
  stages.json += "\"normalizer\":";
  append_rules(rules, stages.json);
  stages.json += ',';
  return SentencePieceNormalizer::make(rules, kept, stages.normalizer);
}

Status add_decoder(const SentencePieceFile& file, FormatStages& stages) {
  const SentencePieceRules& rules = file.normalizer;
  SentencePieceDecoding decoding;
  decoding.unk_piece = file.pieces[file.unk_id].text;
  decoding.unk_surface = file.unk_surface;
  decoding.byte_fallback = file.byte_fallback;
  decoding.removes_first_space = rules.add_dummy_prefix || rules.remove_extra_whitespaces;
  decoding.removes_more = rules.remove_extra_whitespaces;
  std::string& json = stages.json;
  json += R"("decoder":{"type":"SentencePiece","unk_piece":)";
  append_json_string(decoding.unk_piece, json);
  json += ",\"unk_surface\":";
  append_json_string(decoding.unk_surface, json);
  append_flags({{"byte_fallback", decoding.byte_fallback},
                {"removes_first_space", decoding.removes_first_space},
                {"removes_more", decoding.removes_more}},
               json);
  std::unique_ptr<Normalizer> back;
  if (!file.denormalizer.charsmap.empty()) {
    Status status = SentencePieceNormalizer::make(file.denormalizer, {}, back);
    if (!status.ok()) return status;
    json += ",\"denormalizer\":";
    append_rules(file.denormalizer, json);
  }
  json += "},";
  stages.decoder = make_sentence_piece_decoder(std::move(decoding), std::move(back));
  return {};
}

/// The model without its tables.
void append_model(const SentencePieceFile& file, std::string& json) {
  if (file.algorithm == Algorithm::kUnigram) {
    json += R"("model":{"type":"Unigram","unk_id":)" + std::to_string(file.unk_id);
  } else {
    json += R"("model":{"type":"BPE","fuse_unk":true,"unk_token":)";
    append_json_string(file.pieces[file.unk_id].text, json);
  }
  append_flags({{"byte_fallback", file.byte_fallback}}, json);
  json += '}';
}

}  // namespace

Status read_sentence_piece(std::string_view bytes, const Fields& config, FormatStages& stages) {
  SentencePieceFile file;
  if (Status status = file.read(bytes); !status.ok()) return status;
  if (file.algorithm == Algorithm::kWord) {
    return unsupported("a .model of type unigram, bpe or char, received one of type word");
  }
  const bool unigram = file.algorithm == Algorithm::kUnigram;
  if (Status status = unigram ? make_unigram(file, stages.model) : make_bpe(file, stages.model);
      !status.ok()) {
    return status;
  }
  const SentencePieceRules& rules = file.normalizer;
  const bool first = config.boolean("first", false) && rules.add_dummy_prefix &&
                     rules.escape_whitespaces && !rules.whitespace_as_suffix;
  stages.json = "{";
  if (Status status = add_normalizer(file, first, stages); !status.ok()) return status;
  if (Status status = add_decoder(file, stages); !status.ok()) return status;
  add_tokens(file, stages.tokens);
  append_around(config, file.bos_piece, file.eos_piece, stages);
  if (first) {
    stages.json += R"("pre_tokenizer":{"type":"Metaspace","replacement":"▁",)"
                   R"("prepend_scheme":"first","split":false},)";
  }
  append_model(file, stages.json);
  stages.json += '}';
  return {};
}

}  // namespace infercore
