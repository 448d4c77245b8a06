// How long the runs of a session take, as far as earlier ones tell. It decides where the next one
// runs, never what it answers.
//
//   Pace pace;
//   pace.note({shapes, bytes}, took);               // after each run, on any thread
//   if (pace.is_brief({shapes, bytes})) …           // shorter than the way to another thread
//   pace.expected({shapes, bytes});                 // 0 before the first run
#ifndef INFERCORE_NATIVE_PACE_H_
#define INFERCORE_NATIVE_PACE_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace infercore::native {

/// What a run is fed.
struct Meal {
  std::uint64_t shapes;  ///< a hash of all dimensions: equal bytes can be very different work
  std::size_t bytes;
};

/// Safe to use from many threads. Two that note at the same moment may lose one of them.
class Pace {
 public:
  void note(const Meal& fed, std::chrono::nanoseconds took) noexcept;

  /// Were the last runs so short, and fed the same shapes?
  bool is_brief(const Meal& fed) const noexcept;

  /// As the last run was, in proportion to what was fed.
  std::chrono::nanoseconds expected(const Meal& fed) const noexcept;

 private:
  std::atomic<std::uint32_t> brief_runs_ = 0;    ///< one after the other
  std::atomic<std::uint64_t> brief_shapes_ = 0;  ///< of these runs
  std::atomic<double> last_per_byte_ = 0;        ///< nanoseconds
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_PACE_H_
