#include "tokenizer/regex.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "tokenizer/regex_compiler.h"
#include "unicode/utf.h"

namespace infercore {
namespace {

// An expression of fifty instructions that looks at every character once takes half of the steps a
// byte.
constexpr std::uint64_t kStepsPerByte = 256;
constexpr std::uint64_t kSteps = 65'536;

/// Ways through the program at one place of the text, the preferred first.
class Ways {
 public:
  struct Way {
    std::uint32_t at;
    std::size_t begin;
  };
  explicit Ways(std::size_t instructions) : seen_(instructions, 0) {}

  void clear() {
    ways_.clear();
    ++round_;
  }
  bool empty() const { return ways_.empty(); }
  /// False when it is there already, with a better right.
  bool visit(std::uint32_t at) {
    if (seen_[at] == round_) return false;
    seen_[at] = round_;
    return true;
  }
  void add(Way way) { ways_.push_back(way); }
  const std::vector<Way>& list() const { return ways_; }

 private:
  std::vector<Way> ways_;
  std::vector<std::uint64_t> seen_;
  std::uint64_t round_ = 1;
};

class Matcher {
 public:
  using Code = std::vector<Regex::Instruction>;

  /// `code` is the program's, or that of one of its looks. `steps` are those that are left.
  Matcher(const Regex::Program& program, const Code& code, std::string_view text,
          std::uint64_t& steps)
      : program_(program),
        code_(code),
        text_(text),
        steps_(steps),
        now_(code.size()),
        next_(code.size()),
        looks_(program.looks.size()) {}

  /// No steps are left: what find() said last does not count.
  bool exhausted() const { return steps_ == 0; }

  /// The leftmost match that starts at `from` or later.
  bool find(std::size_t from, const std::array<bool, 256>& starts, Match& match) {
    bool found = false;
    now_.clear();
    for (std::size_t at = from; !exhausted(); at += unicode::sequence_length(text_[at])) {
      if (!found) {
        if (now_.empty()) at = skip(at, starts);
        follow(now_, 0, at, at);
      }
      if (now_.empty()) {
        if (found || at >= text_.size()) break;
        now_.clear();
        continue;  // an anchor did not hold here; it may further on
      }
      next_.clear();
      step(at, match, found);
      std::swap(now_, next_);
      if (at >= text_.size()) break;
    }
    return found;
  }

  /// Is there a match that starts at `at`?
  bool matches_at(std::size_t at) {
    Match match{0, 0};
    bool found = false;
    now_.clear();
    follow(now_, 0, at, at);
    for (; !now_.empty() && !found && !exhausted(); at += unicode::sequence_length(text_[at])) {
      next_.clear();
      step(at, match, found);
      std::swap(now_, next_);
      if (at >= text_.size()) break;
    }
    return found;
  }

  /// Is there a match of what looks back that ends at `end`?
  bool matches_before(std::size_t end, const Regex::Look& look) {
    std::size_t at = end;
    std::uint32_t left = 0;  // characters up to the end
    for (; left < look.most && at > 0; ++left) {
      do --at;
      while ((static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80);
    }
    spend(left);
    if (left < look.least) return false;
    now_.clear();
    for (; !exhausted(); at += unicode::sequence_length(text_[at]), --left) {
      // All starts at once: which of them it was does not count.
      if (left >= look.least) follow(now_, 0, at, at);
      if (left < look.least && now_.empty()) return false;
      next_.clear();
      for (const Ways::Way& way : now_.list()) {
        const Regex::Instruction& instruction = code_[way.at];
        if (instruction.op == Regex::Op::kMatch) {
          if (at == end) return true;
        } else if (at < end) {
          advance(way, unicode::decode_valid(&text_[at]), at + unicode::sequence_length(text_[at]));
        }
      }
      if (at == end) break;
      std::swap(now_, next_);
    }
    return false;
  }

 private:
  void spend(std::uint64_t steps) { steps_ -= std::min(steps_, steps); }

  std::size_t skip(std::size_t at, const std::array<bool, 256>& starts) const {
    while (at < text_.size() && !starts[static_cast<unsigned char>(text_[at])]) {
      at += unicode::sequence_length(text_[at]);
    }
    return at;
  }

  /// All ways one character on. A match ends the ways behind it: they have less right.
  void step(std::size_t at, Match& match, bool& found) {
    const bool end = at >= text_.size();
    const char32_t code = end ? 0 : unicode::decode_valid(text_.data() + at);
    const std::size_t after = end ? at : at + unicode::sequence_length(text_[at]);
    for (const Ways::Way& way : now_.list()) {
      const Regex::Instruction& instruction = code_[way.at];
      if (instruction.op == Regex::Op::kMatch) {
        match = {way.begin, at};
        found = true;
        return;
      }
      if (!end) advance(way, code, after);
    }
  }

  /// A way that waits for a character comes to one.
  void advance(const Ways::Way& way, char32_t code, std::size_t after) {
    const Regex::Instruction& instruction = code_[way.at];
    if (program_.sets[instruction.set].contains(code)) {
      follow(next_, way.at + static_cast<std::uint32_t>(instruction.first), way.begin, after);
    }
  }

  /// Adds `way` and all that it leads to without a character.
  void follow(Ways& ways, std::uint32_t way, std::size_t begin, std::size_t at) {
    stack_.assign(1, way);
    while (!stack_.empty()) {
      const std::uint32_t here = stack_.back();
      stack_.pop_back();
      spend(1);
      if (!ways.visit(here)) continue;
      const Regex::Instruction& instruction = code_[here];
      const auto to = [here](std::int32_t by) {
        return static_cast<std::uint32_t>(static_cast<std::int32_t>(here) + by);
      };
      switch (instruction.op) {
        case Regex::Op::kSplit:
          stack_.push_back(to(instruction.second));
          stack_.push_back(to(instruction.first));
          break;
        case Regex::Op::kJump:
          stack_.push_back(to(instruction.first));
          break;
        case Regex::Op::kAssert:
          if (holds(instruction, at)) stack_.push_back(to(instruction.first));
          break;
        default:
          ways.add({here, begin});
      }
    }
  }

  bool holds(const Regex::Instruction& instruction, std::size_t at) {
    const bool start = at == 0;
    const bool end = at >= text_.size();
    const auto set = [&]() -> const RegexSet& { return program_.sets[instruction.set]; };
    const auto next = [&] { return !end && set().contains(unicode::decode_valid(&text_[at])); };
    const auto before = [&] { return !start && set().contains(unicode::decode_before(text_, at)); };
    const auto edge = [&] {
      return (!end && is_regex_word(unicode::decode_valid(&text_[at]))) !=
             (!start && is_regex_word(unicode::decode_before(text_, at)));
    };
    switch (instruction.assertion) {
      case Regex::Assertion::kLineStart:  // no line starts behind the last newline
        return start || (!end && text_[at - 1] == '\n');
      case Regex::Assertion::kLineEnd:
        return end || text_[at] == '\n';
      case Regex::Assertion::kTextStart:
        return start;
      case Regex::Assertion::kTextEnd:
        return end;
      case Regex::Assertion::kTextEndOrNewline:
        return end || (at + 1 == text_.size() && text_[at] == '\n');
      case Regex::Assertion::kWordEdge:
        return edge();
      case Regex::Assertion::kNotWordEdge:
        return !edge();
      case Regex::Assertion::kNext:
        return next();
      case Regex::Assertion::kNotNext:
        return !next();
      case Regex::Assertion::kBefore:
        return before();
      case Regex::Assertion::kNotBefore:
        return !before();
      case Regex::Assertion::kAhead:
        return matcher_of(instruction.set).matches_at(at);
      case Regex::Assertion::kNotAhead:
        return !matcher_of(instruction.set).matches_at(at);
      case Regex::Assertion::kBehind:
        return looks_behind(instruction.set, at);
      case Regex::Assertion::kNotBehind:
        return !looks_behind(instruction.set, at);
    }
    return false;
  }

  bool looks_behind(std::uint32_t look, std::size_t at) {
    return matcher_of(look).matches_before(at, program_.looks[look]);
  }

  Matcher& matcher_of(std::uint32_t look) {
    std::unique_ptr<Matcher>& matcher = looks_[look];
    if (matcher == nullptr) {
      matcher = std::make_unique<Matcher>(program_, program_.looks[look].code, text_, steps_);
    }
    return *matcher;
  }

  const Regex::Program& program_;
  const Code& code_;
  std::string_view text_;
  std::uint64_t& steps_;
  Ways now_;
  Ways next_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::unique_ptr<Matcher>> looks_;  ///< made when first asked
};

/// Which first bytes a match can have; all of them where it can be empty.
std::array<bool, 256> starts_of(const Regex::Program& program) {
  std::array<bool, 256> starts{};
  std::vector<bool> seen(program.code.size(), false);
  std::vector<std::uint32_t> stack{0};
  while (!stack.empty()) {
    const std::uint32_t here = stack.back();
    stack.pop_back();
    if (seen[here]) continue;
    seen[here] = true;
    const Regex::Instruction& instruction = program.code[here];
    if (instruction.op == Regex::Op::kMatch) {
      starts.fill(true);
      return starts;
    }
    if (instruction.op == Regex::Op::kSet) {
      const RegexSet& set = program.sets[instruction.set];
      for (char32_t byte = 0; byte < 0x80; ++byte)
        starts[byte] = starts[byte] || set.contains(byte);
      std::fill(starts.begin() + 0x80, starts.end(), true);
      continue;
    }
    stack.push_back(here + static_cast<std::uint32_t>(instruction.first));
    if (instruction.op == Regex::Op::kSplit) {
      stack.push_back(here + static_cast<std::uint32_t>(instruction.second));
    }
  }
  return starts;
}

}  // namespace

Regex::Regex(Program program) : program_(std::move(program)), starts_(starts_of(program_)) {}

Result<Regex> Regex::compile(std::string_view source) {
  Result<Program> program = compile_regex(source);
  if (!program.ok()) return program.status();
  return Regex(*std::move(program));
}

std::size_t Regex::bytes() const {
  std::size_t sum = sizeof(*this) + program_.code.capacity() * sizeof(Instruction) +
                    program_.sets.capacity() * sizeof(RegexSet);
  for (const RegexSet& set : program_.sets) sum += set.bytes();
  for (const Look& look : program_.looks)
    sum += sizeof(Look) + look.code.capacity() * sizeof(Instruction);
  return sum;
}

bool Regex::find_all(std::string_view valid, std::vector<Match>& matches) const {
  std::uint64_t steps = kSteps + kStepsPerByte * valid.size();
  Matcher matcher(program_, program_.code, valid, steps);
  std::size_t from = 0;
  bool any = false;
  Match match{0, 0};
  while (from <= valid.size() && matcher.find(from, starts_, match)) {
    // An empty match right behind the one before would be found for ever.
    if (match.begin == match.end && any && match.end == matches.back().end) {
      from = match.end;
      from += from < valid.size() ? unicode::sequence_length(valid[from]) : 1;
      continue;
    }
    matches.push_back(match);
    any = true;
    from = match.end;
  }
  return !matcher.exhausted();
}

}  // namespace infercore
