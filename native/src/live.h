// How many objects of a kind there are in the process: for tests that look for leaks.
//
//   struct Session { Live<Session> live; … };
//   Live<Session>::count();
#ifndef INFERCORE_NATIVE_LIVE_H_
#define INFERCORE_NATIVE_LIVE_H_

#include <napi.h>

#include <atomic>
#include <cstddef>

namespace infercore::native {

template <typename Counted>
class Live {
 public:
  Live() noexcept { ++counter(); }
  Live(const Live&) noexcept { ++counter(); }
  Live& operator=(const Live&) noexcept = default;
  ~Live() { --counter(); }

  static std::size_t count() noexcept { return counter(); }

 private:
  static std::atomic<std::size_t>& counter() noexcept {
    static std::atomic<std::size_t> objects = 0;
    return objects;
  }
};

/// liveCounts() of the binding.
Napi::Value live_counts(const Napi::CallbackInfo& info);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_LIVE_H_
