// How long the runs of a session take, as far as earlier ones tell. It decides where the next one
// runs, never what it answers.
//
//   Pace pace;
//   pace.note(fed_bytes, took);                     // after each run, on any thread
//   if (pace.is_brief(fed_bytes)) …                 // shorter than the way to another thread
//   pace.expected(fed_bytes);                       // 0 before the first run
#ifndef INFERCORE_NATIVE_PACE_H_
#define INFERCORE_NATIVE_PACE_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace infercore::native {

/// Safe to use from many threads. Two that note at the same moment may lose one of them.
class Pace {
 public:
  void note(std::size_t fed_bytes, std::chrono::nanoseconds took) noexcept;

  /// Were the last runs so short, and fed no less?
  bool is_brief(std::size_t fed_bytes) const noexcept;

  /// As the last run was, in proportion to what was fed.
  std::chrono::nanoseconds expected(std::size_t fed_bytes) const noexcept;

 private:
  std::atomic<std::uint32_t> brief_runs_ = 0;  ///< one after the other
  std::atomic<std::size_t> brief_bytes_ = 0;   ///< the most that one of them was fed
  std::atomic<double> last_per_byte_ = 0;      ///< nanoseconds
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_PACE_H_
