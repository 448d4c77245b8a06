// Rooms that a tokenizer keeps from call to call: the next one finds buffers, and the ids of words
// met before.
//
//   Rooms rooms;                                       // of a tokenizer
//   std::unique_ptr<Pipeline::Room> room = rooms.take();
//   if (room == nullptr) room = …;
//   …
//   rooms.put_back(std::move(room));                   // not after something was thrown
#ifndef INFERCORE_TOKENIZER_ROOMS_H_
#define INFERCORE_TOKENIZER_ROOMS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include "tokenizer/pipeline.h"

namespace infercore {

/// For several threads at once. No locks: a short text is done in less time than one may take.
class Rooms {
 public:
  using Room = Pipeline::Room;

  Rooms() = default;
  Rooms(const Rooms&) = delete;
  Rooms& operator=(const Rooms&) = delete;
  ~Rooms() {
    while (take() != nullptr) continue;
  }

  /// nullptr where all are lent.
  std::unique_ptr<Room> take() noexcept {
    for (std::atomic<Room*>& slot : slots_) {
      if (slot.load(std::memory_order_relaxed) == nullptr) continue;
      if (Room* room = slot.exchange(nullptr, std::memory_order_acquire)) {
        return std::unique_ptr<Room>(room);
      }
    }
    return nullptr;
  }
  /// One that finds no place is one too many.
  void put_back(std::unique_ptr<Room> room) noexcept {
    for (std::atomic<Room*>& slot : slots_) {
      Room* none = nullptr;
      if (slot.compare_exchange_strong(none, room.get(), std::memory_order_release,
                                       std::memory_order_relaxed)) {
        (void)room.release();
        return;
      }
    }
  }

 private:
  /// More calls at once than this are rare, and their rooms would stay for ever.
  static constexpr std::size_t kMost = 16;

  std::array<std::atomic<Room*>, kMost> slots_{};
};

}  // namespace infercore

#endif  // INFERCORE_TOKENIZER_ROOMS_H_
