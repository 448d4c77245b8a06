#include "shared_weights.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <span>

#include "large_memory.h"
#include "status.h"

namespace infercore::native {
namespace {

/// Of four streams of words, so that the processor multiplies while it waits for memory. Whoever
/// makes weights with equal hashes makes loading slow, and nothing wrong: bytes are compared.
std::uint64_t hash_of(std::span<const std::uint8_t> bytes, std::uint64_t seed) {
  constexpr std::uint64_t kFactor = 0x9E37'79B9'7F4A'7C15;
  constexpr std::size_t kBlock = 32;
  std::array<std::uint64_t, 4> streams = {seed, ~seed, seed * kFactor, bytes.size()};
  const auto mix = [&](const std::uint8_t* block) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), block, kBlock);
    for (std::size_t i = 0; i < words.size(); ++i) {
      streams[i] = (streams[i] ^ words[i]) * kFactor;
      streams[i] ^= streams[i] >> 29U;
    }
  };
  const std::size_t whole = bytes.size() / kBlock * kBlock;
  for (std::size_t at = 0; at < whole; at += kBlock) mix(bytes.data() + at);
  std::array<std::uint8_t, kBlock> rest = {};
  std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(whole), bytes.end(), rest.begin());
  mix(rest.data());
  std::uint64_t hash = 0;
  for (const std::uint64_t stream : streams) {
    hash = (hash ^ stream) * kFactor;
    hash ^= hash >> 32U;
  }
  return hash;
}

bool same_bytes(const StoredWeight& one, const StoredWeight& other) {
  return one.size == other.size &&
         std::memcmp(one.data.get(), other.data.get(), static_cast<std::size_t>(one.size)) == 0;
}

}  // namespace

WeightStore::Totals WeightStore::totals() const {
  const std::lock_guard lock(mutex_);
  return {sessions_, bytes_};
}

std::shared_ptr<const StoredWeight> WeightStore::keep(std::shared_ptr<StoredWeight> weight) {
  const std::lock_guard lock(mutex_);
  const auto [first, last] = by_hash_.equal_range(weight->hash);
  const auto same = std::find_if(
      first, last, [&](const auto& entry) { return same_bytes(*entry.second, *weight); });
  if (same != last) return same->second;
  weight->id = next_id_++;
  bytes_ += weight->size;
  return by_hash_.emplace(weight->hash, std::move(weight))->second;
}

std::shared_ptr<PackedWeights> WeightStore::packed_for(const StoredWeights& weights) {
  std::map<std::uint64_t, std::uint64_t> sizes;  // a model may have the same weight twice
  for (const auto& weight : weights) sizes.emplace(weight->id, weight->size);
  const std::lock_guard lock(mutex_);
  std::erase_if(packed_, [](const auto& packed) { return packed.expired(); });
  std::shared_ptr<PackedWeights> best;
  std::uint64_t most = 0;
  for (const auto& each : packed_) {
    std::shared_ptr<PackedWeights> packed = each.lock();
    if (packed == nullptr) continue;
    std::uint64_t common = 0;
    for (const auto& [id, size] : sizes) common += packed->ids.count(id) > 0 ? size : 0;
    if (common <= most || common < packed->bytes / 2) continue;
    most = common;
    best = std::move(packed);
  }
  if (best == nullptr) {
    best = std::make_shared<PackedWeights>();
    packed_.push_back(best);
  }
  for (const auto& [id, size] : sizes) {
    if (best->ids.insert(id).second) best->bytes += size;
  }
  return best;
}

void WeightStore::begin_session() {
  const std::lock_guard lock(mutex_);
  ++sessions_;
}

void WeightStore::end_session(StoredWeights weights) {
  const std::lock_guard lock(mutex_);
  --sessions_;
  for (auto& weight : weights) {
    // The map's and this one: no others are made without the lock. Its memory goes with `weights`,
    // when others may go on.
    if (weight != nullptr && weight.use_count() == 2) {
      forget(*weight);
    } else {
      weight.reset();
    }
  }
}

void WeightStore::forget(const StoredWeight& weight) {
  const auto [first, last] = by_hash_.equal_range(weight.hash);
  bytes_ -= weight.size;
  by_hash_.erase(
      std::find_if(first, last, [&](const auto& entry) { return entry.second.get() == &weight; }));
}

SessionWeights::SessionWeights(std::shared_ptr<WeightStore> store) : store_(std::move(store)) {
  store_->begin_session();
}

SessionWeights::~SessionWeights() {
  values_.clear();
  packed_.reset();
  store_->end_session(std::move(stored_));
}

Status SessionWeights::add(ByteSource& source, const Weight& weight) {
  if (weight.at > source.size() || weight.size > source.size() - weight.at) return {};
  const auto size = static_cast<std::size_t>(weight.size);
  auto made = std::make_shared<StoredWeight>();
  made->data.reset(static_cast<std::uint8_t*>(allocate_memory(size)));
  if (made->data == nullptr) return out_of_memory();
  const std::span<std::uint8_t> bytes(made->data.get(), size);
  if (!source.read(weight.at, bytes)) return {};  // the runtime says what is wrong with it
  made->size = weight.size;
  made->hash = hash_of(bytes, static_cast<std::uint64_t>(weight.type));
  const StoredWeight* const own = made.get();
  auto& kept = stored_.emplace_back();
  kept = store_->keep(std::move(made));
  bytes_ += weight.size;
  if (kept.get() != own) reused_ += weight.size;
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
  // The runtime only reads it, whatever its interface says.
  values_.emplace_back(
      weight.name, Ort::Value::CreateTensor(memory, kept->data.get(), size, weight.dims.data(),
                                            weight.dims.size(),
                                            static_cast<ONNXTensorElementDataType>(weight.type)));
  return {};
}

Result<std::unique_ptr<SessionWeights>> SessionWeights::read(
    std::shared_ptr<WeightStore> store, ByteSource& model, const FindFile& find_file,
    const std::function<bool()>& is_cancelled) {
  struct File {
    std::unique_ptr<ByteSource> source;
    std::uint64_t left = 0;
  };
  std::map<std::string, File> files;  // by their ids
  std::map<std::string, File*> names;
  std::unique_ptr<SessionWeights> made(new SessionWeights(std::move(store)));
  for (const Weight& weight : find_weights(model)) {
    if (is_cancelled()) return std::unique_ptr<SessionWeights>();
    ByteSource* source = &model;
    if (!weight.file.empty()) {
      const auto [place, is_new] = names.try_emplace(weight.file, nullptr);
      if (is_new) {
        FoundFile found = find_file(weight.file);
        if (found.source == nullptr) continue;
        const std::uint64_t size = found.source->size();
        const auto [file, is_new_file] = files.try_emplace(found.id);
        if (is_new_file) file->second = {std::move(found.source), size};
        place->second = &file->second;
      }
      File* const file = place->second;
      // Weights do not lie over each other: a small model could name the same gigabytes for ever.
      if (file == nullptr || weight.size > file->left) continue;
      file->left -= weight.size;
      source = file->source.get();
    }
    if (Status status = made->add(*source, weight); !status.ok()) return status;
  }
  if (made->stored_.empty()) return std::unique_ptr<SessionWeights>();
  made->packed_ = made->store_->packed_for(made->stored_);
  return made;
}

void SessionWeights::add_to(Ort::SessionOptions& options) const {
  for (const auto& [name, value] : values_) options.AddInitializer(name.c_str(), value);
}

}  // namespace infercore::native
