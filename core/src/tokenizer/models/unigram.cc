#include "tokenizer/models/unigram.h"

#include <algorithm>
#include <span>
#include <utility>

#include "tokenizer/models/word_cache.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

/// The best way to a place of the word.
struct Best {
  double score;
  std::uint32_t start;  ///< where its last piece starts; kNone: no way yet
  std::uint32_t node;   ///< of that piece; kNone for an unknown character
};

struct Piece {
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t node;
};

struct Buffers : Model::Workspace {
  std::vector<Best> best;
  std::vector<Piece> path;
  std::vector<Token> tokens;
  WordCache words;
};

}  // namespace

/// One search through one word. `Sink` has add(id, begin, end, vocabulary_text). `single`: sums are
/// rounded to single precision.
template <bool single>
class Unigram::Search {
 public:
  Search(const Unigram& model, Buffers& buffers, std::string_view word)
      : model_(model), trie_(model.trie_), buffers_(buffers), word_(word) {}

  /// Where no piece reaches across a place, all ways meet there: what lies before is decided, and
  /// its memory used again. So a text without any space costs no more than one with. Sums go on
  /// from there unchanged: adding scores in another order could decide another way.
  template <typename Sink>
  bool run(Sink&& sink) {
    begin_segment(0, 0);
    const auto size = static_cast<std::uint32_t>(word_.size());
    for (std::uint32_t at = 0; at < size; at += unicode::sequence_length(word_[at])) {
      if (at == reach_ && at != base_) {
        emit(sink);
        begin_segment(at, best(at).score);
      }
      if (!extend(at)) {
        buffers_.unknown_at = at;
        return false;
      }
    }
    emit(sink);
    end_unknown(sink);
    return true;
  }

 private:
  Best& best(std::uint32_t at) { return buffers_.best[at - base_]; }

  void begin_segment(std::uint32_t at, double score) {
    if (buffers_.best.empty()) buffers_.best.resize(64);
    base_ = reach_ = at;
    buffers_.best[0] = {score, kNone, kNone};
  }

  static double rounded(double score) {
    return single ? static_cast<double>(static_cast<float>(score)) : score;
  }

  void offer(std::uint32_t start, std::uint32_t end, double score, std::uint32_t node) {
    if (end > reach_) {
      if (end - base_ >= buffers_.best.size()) buffers_.best.resize((end - base_ + 1) * 2);
      for (std::uint32_t at = reach_ + 1; at < end; ++at) best(at).start = kNone;
      reach_ = end;
      best(end) = {rounded(score), start, node};
      return;
    }
    Best& now = best(end);
    if (now.start == kNone || score > now.score) now = {rounded(score), start, node};
  }

  /// All pieces that start at `at`; the character alone as an unknown one where it is no piece.
  bool extend(std::uint32_t at) {
    const double score = best(at).score;
    const std::uint32_t one = at + unicode::sequence_length(word_[at]);
    bool has_one = false;
    std::uint32_t node = Trie::kRoot;
    const auto last = static_cast<std::uint32_t>(std::min(word_.size(), at + trie_.longest()));
    for (std::uint32_t end = at; end < last;) {
      node = trie_.child(node, word_[end++]);
      if (node == Trie::kNoId) break;
      if (!trie_.ends(node)) continue;
      offer(at, end, trie_.score(node) + score, node);
      has_one = has_one || end == one;
    }
    if (has_one) return true;
    const double unknown = rounded(model_.unk_score_ + score);
    const bool better = one > reach_ || best(one).start == kNone || unknown > best(one).score;
    if (!better) return true;
    offer(at, one, unknown, kNone);
    return model_.unk_id_.has_value();
  }

  /// The pieces of the best way from the segment's start to where it reaches.
  template <typename Sink>
  void emit(Sink& sink) {
    std::vector<Piece>& path = buffers_.path;
    path.clear();
    for (std::uint32_t at = reach_; at > base_;) {
      const Best& way = best(at);
      path.push_back({way.start, at, way.node});
      at = way.start;
    }
    for (auto piece = path.rbegin(); piece != path.rend(); ++piece) {
      const std::uint32_t id = piece->node == kNone ? *model_.unk_id_ : trie_.id(piece->node);
      if (model_.unk_id_ == id) {
        if (unknown_begin_ == kNone) unknown_begin_ = piece->begin;
        unknown_end_ = piece->end;
        continue;
      }
      end_unknown(sink);
      sink.add(id, piece->begin, piece->end, false);
    }
  }

  /// Unknown characters in a row are one token, unless each of their bytes has a token of its own.
  template <typename Sink>
  void end_unknown(Sink& sink) {
    if (unknown_begin_ == kNone) return;
    const std::uint32_t begin = std::exchange(unknown_begin_, kNone);
    const std::string_view run = word_.substr(begin, unknown_end_ - begin);
    const std::uint32_t known = trie_.find(run);
    if (known == Trie::kNoId && model_.byte_fallback_ && has_bytes(run)) {
      for (const char byte : run) {
        sink.add(model_.byte_ids_[static_cast<unsigned char>(byte)], begin, unknown_end_, true);
      }
      return;
    }
    sink.add(known == Trie::kNoId ? *model_.unk_id_ : known, begin, unknown_end_, false);
  }
  bool has_bytes(std::string_view run) const {
    return std::all_of(run.begin(), run.end(), [this](char byte) {
      return model_.byte_ids_[static_cast<unsigned char>(byte)] != Trie::kNoId;
    });
  }

  const Unigram& model_;
  const Trie& trie_;
  Buffers& buffers_;
  std::string_view word_;
  std::uint32_t base_ = 0;   ///< where the segment starts
  std::uint32_t reach_ = 0;  ///< how far its pieces reach
  std::uint32_t unknown_begin_ = kNone;
  std::uint32_t unknown_end_ = 0;
};

std::unique_ptr<Model::Workspace> Unigram::workspace() const { return std::make_unique<Buffers>(); }

bool Unigram::tokenize(std::string_view word, Workspace& workspace,
                       std::vector<Token>& tokens) const {
  struct Sink {
    std::vector<Token>& tokens;
    void add(std::uint32_t id, std::uint32_t begin, std::uint32_t end, bool vocabulary_text) {
      tokens.push_back({id, begin, end, vocabulary_text});
    }
  };
  auto& buffers = static_cast<Buffers&>(workspace);
  return single_precision_ ? Search<true>(*this, buffers, word).run(Sink{tokens})
                           : Search<false>(*this, buffers, word).run(Sink{tokens});
}

bool Unigram::tokenize_ids(std::string_view word, Workspace& workspace,
                           std::vector<std::uint32_t>& ids) const {
  struct Sink {
    std::vector<std::uint32_t>& ids;
    void add(std::uint32_t id, std::uint32_t /*begin*/, std::uint32_t /*end*/, bool /*text*/) {
      ids.push_back(id);
    }
  };
  auto& buffers = static_cast<Buffers&>(workspace);
  const WordCache::Place place = buffers.words.find(word);
  if (place.holds_word()) {
    ids.insert(ids.end(), place.ids().begin(), place.ids().end());
    return true;
  }
  const std::size_t before = ids.size();
  if (single_precision_) {  // rare: not worth a search of its own
    buffers.tokens.clear();
    if (!tokenize(word, buffers, buffers.tokens)) return false;
    for (const Token& token : buffers.tokens) ids.push_back(token.id);
  } else if (!Search<false>(*this, buffers, word).run(Sink{ids})) {
    return false;
  }
  place.keep(std::span(ids).subspan(before));
  return true;
}

/// Names first, as SentencePiece has it.
std::uint32_t Unigram::find(std::string_view token) const {
  const std::uint32_t id = names_.find(token);
  return id == Trie::kNoId ? trie_.find(token) : id;
}

std::optional<std::uint32_t> Unigram::token_to_id(std::string_view token) const {
  const std::uint32_t id = find(token);
  return id == Trie::kNoId ? std::nullopt : std::optional(id);
}

std::optional<std::string_view> Unigram::id_to_token(std::uint32_t id) const {
  return id < ends_.size() ? std::optional(text_of(id)) : std::nullopt;
}

std::size_t Unigram::bytes() const {
  return texts_.bytes() + ends_.bytes() + trie_.bytes() + names_.bytes() + sizeof(*this);
}

}  // namespace infercore
