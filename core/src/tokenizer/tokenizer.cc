#include "infercore/tokenizer.h"

#include <algorithm>
#include <utility>

#include "tokenizer/compiled.h"
#include "tokenizer/pipeline.h"
#include "tokenizer/rooms.h"

namespace infercore {
namespace {

// What decode() may make: a small list of ids must not fill the memory.
constexpr std::uint64_t kMaxDecoded = std::uint64_t{256} << 20;
constexpr std::uint64_t kDecodedGrowth = 64;
constexpr std::uint64_t kDecodedFree = std::uint64_t{64} << 10;

/// Code units. What longer ones leave in buffers is not worth its memory.
constexpr std::size_t kLongText = std::size_t{1} << 17;

Status check(const EncodeOptions& options) {
  using From = Setting<Truncation>::From;
  const Truncation& cut = options.truncation.value;
  if (options.truncation.from == From::kValue && cut.stride > 0 && cut.stride >= cut.max_length) {
    return Status(Code::kInvalidOption, "expected a stride below maxLength (" +
                                            std::to_string(cut.max_length) + "), received " +
                                            std::to_string(cut.stride));
  }
  if (options.padding.from != Setting<Padding>::From::kValue) return {};
  return check_padding(options.padding.value);
}

}  // namespace

struct Tokenizer::Impl {
  explicit Impl(Pipeline own) : pipeline(std::move(own)) {}

  Pipeline pipeline;
  mutable Rooms rooms;  ///< for ids only

  std::unique_ptr<Pipeline::Room> take_room() const {
    std::unique_ptr<Pipeline::Room> room = rooms.take();
    return room ? std::move(room) : std::make_unique<Pipeline::Room>(pipeline.room(true));
  }
  void put_back(std::unique_ptr<Pipeline::Room> room, std::size_t units) const noexcept {
    if (units <= kLongText) rooms.put_back(std::move(room));
  }

  Result<Encoding> encode(TextView text, const std::optional<TextView>& pair,
                          const EncodeOptions& options, Pipeline::Room& room,
                          std::size_t& dropped) const {
    if (Status status = check(options); !status.ok()) return status;
    // A pair shares the room with the text: how much each gets depends on both whole lengths.
    const std::size_t enough = pair ? ~std::size_t{0} : pipeline.enough(options);
    Result<Draft> first = pipeline.tokenize(text, 0, room, enough);
    if (!first.ok()) return first.status();
    std::optional<Draft> second;
    if (pair) {
      Result<Draft> draft = pipeline.tokenize(*pair, 1, room);
      if (!draft.ok()) return draft.status();
      second = *std::move(draft);
    }
    return pipeline.assemble(*std::move(first), std::move(second), options, dropped);
  }
};

Tokenizer::Tokenizer(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<Tokenizer> Tokenizer::from_json(std::string_view json) {
  Result<Pipeline> pipeline = read_pipeline(json);
  if (!pipeline.ok()) return pipeline.status();
  return Tokenizer(std::make_shared<const Impl>(*std::move(pipeline)));
}

Result<Tokenizer> Tokenizer::from_bytes(std::string_view bytes, std::string_view config) {
  Result<Pipeline> pipeline = read_pipeline(bytes, config);
  if (!pipeline.ok()) return pipeline.status();
  return Tokenizer(std::make_shared<const Impl>(*std::move(pipeline)));
}

bool Tokenizer::is_compiled(std::span<const std::uint8_t> bytes) noexcept {
  return TableReader::recognises(bytes);
}

Result<Tokenizer> Tokenizer::from_compiled(Blob blob) {
  Result<Pipeline> pipeline = read_compiled_pipeline(std::move(blob));
  if (!pipeline.ok()) return pipeline.status();
  return Tokenizer(std::make_shared<const Impl>(*std::move(pipeline)));
}

Result<std::vector<std::uint8_t>> Tokenizer::compile() const {
  return compile_pipeline(impl_->pipeline);
}

Result<Tokenizer> Tokenizer::with_tokens(std::span<const AddedToken> tokens) const {
  Pipeline pipeline = impl_->pipeline;
  std::vector<AddedToken> all = pipeline.added.list();
  const std::size_t first = all.size();
  all.insert(all.end(), tokens.begin(), tokens.end());
  if (Status status = check_added_tokens(all, first); !status.ok()) return status;
  const std::size_t before = pipeline.added.bytes();
  pipeline.added = AddedVocabulary(all, *pipeline.model, pipeline.normalizer.get());
  if (pipeline.added.overflowed()) {
    return Status(Code::kLimitExceeded,
                  "expected tokens that the tokenizer's normalizer keeps short");
  }
  pipeline.info.bytes += pipeline.added.bytes() - before;
  return Tokenizer(std::make_shared<const Impl>(std::move(pipeline)));
}

Result<Encoding> Tokenizer::encode(TextView text, std::optional<TextView> pair,
                                   const EncodeOptions& options) const {
  std::size_t dropped = 0;
  Pipeline::Room room = impl_->pipeline.room(false);
  return impl_->encode(text, pair, options, room, dropped);
}

Result<std::size_t> Tokenizer::encode_ids(TextView text, std::optional<TextView> pair,
                                          const EncodeOptions& options,
                                          std::vector<std::uint32_t>& ids) const {
  return Ids(*this).encode(text, pair, options, ids);
}

Tokenizer::Ids::Ids(const Tokenizer& tokenizer) : tokenizer_(*tokenizer.impl_) {}

Tokenizer::Ids::~Ids() {
  if (room_) tokenizer_.rooms.put_back(std::move(room_));
}

Result<std::size_t> Tokenizer::Ids::encode(TextView text, std::optional<TextView> pair,
                                           const EncodeOptions& options,
                                           std::vector<std::uint32_t>& ids) {
  // Out of room_ meanwhile: one in which something was thrown is not kept.
  std::unique_ptr<WorkRoom> room = room_ ? std::move(room_) : tokenizer_.take_room();
  std::size_t dropped = 0;
  const Result<Encoding> encoding = tokenizer_.encode(text, pair, options, *room, dropped);
  if (text.size() + (pair ? pair->size() : 0) <= kLongText) room_ = std::move(room);
  if (!encoding.ok()) return encoding.status();
  ids.insert(ids.end(), encoding->ids.begin(), encoding->ids.end());
  return options.counts_dropped ? dropped : std::min<std::size_t>(dropped, 1);
}

Result<std::size_t> Tokenizer::count_tokens(TextView text, bool add_special_tokens) const {
  std::unique_ptr<Pipeline::Room> room = impl_->take_room();
  const Result<Draft> draft = impl_->pipeline.tokenize(text, 0, *room);
  impl_->put_back(std::move(room), text.size());
  if (!draft.ok()) return draft.status();
  const PostProcessor* adds = add_special_tokens ? impl_->pipeline.post_processor.get() : nullptr;
  return draft->size() + (adds == nullptr ? 0 : adds->added_tokens(false));
}

Result<std::string> Tokenizer::decode(std::span<const std::uint32_t> ids,
                                      bool skip_special_tokens) const {
  const Pipeline& pipeline = impl_->pipeline;
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  std::size_t size = 0;
  for (const std::uint32_t id : ids) {
    const std::optional<std::string_view> token = id_to_token(id);
    if (!token || (skip_special_tokens && pipeline.added.is_special(*token))) continue;
    tokens.emplace_back(*token);
    size += token->size();
    if (size > kMaxDecoded) {
      return Status(Code::kLimitExceeded, "expected ids of a text of at most " +
                                              std::to_string(kMaxDecoded) +
                                              " bytes, received ids of a longer one");
    }
  }
  if (pipeline.decoder != nullptr) {
    const auto limit =
        static_cast<std::size_t>(std::min(kMaxDecoded, kDecodedFree + kDecodedGrowth * size));
    if (Status status = pipeline.decoder->apply(tokens, limit); !status.ok()) return status;
  }
  std::string text;
  for (const std::string& token : tokens) {
    if (pipeline.decoder == nullptr && &token != tokens.data()) text += ' ';
    text += token;
  }
  return text;
}

std::optional<std::uint32_t> Tokenizer::token_to_id(std::string_view token) const {
  const std::optional<std::uint32_t> id = impl_->pipeline.added.token_to_id(token);
  return id ? id : impl_->pipeline.model->token_to_id(token);
}

std::optional<std::string_view> Tokenizer::id_to_token(std::uint32_t id) const {
  const std::optional<std::string_view> added = impl_->pipeline.added.id_to_token(id);
  return added ? added : impl_->pipeline.model->id_to_token(id);
}

std::size_t Tokenizer::vocab_size() const {
  return impl_->pipeline.model->token_count() + impl_->pipeline.added.new_count();
}

std::optional<std::uint32_t> Tokenizer::unk_id() const { return impl_->pipeline.model->unk_id(); }

bool Tokenizer::gives_type_ids() const {
  const PostProcessor* post_processor = impl_->pipeline.post_processor.get();
  return post_processor != nullptr && post_processor->gives_type_ids();
}

const Truncation* Tokenizer::truncation() const {
  return impl_->pipeline.truncation ? &*impl_->pipeline.truncation : nullptr;
}

const Padding* Tokenizer::padding() const {
  return impl_->pipeline.padding ? &*impl_->pipeline.padding : nullptr;
}

const TokenizerInfo& Tokenizer::info() const { return impl_->pipeline.info; }

}  // namespace infercore
