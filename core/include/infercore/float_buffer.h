// Floats in memory of their own, for results as large as the caller's data makes them.
//
//   std::optional<FloatBuffer> buffer = FloatBuffer::zeros(rows * columns);
//   if (!buffer) return Status(Code::kLimitExceeded, "…");
//
// Unlike std::vector it answers where there is no memory instead of throwing, which a build
// without exceptions could not survive. The memory comes from std::calloc: a binding may
// release() it to JavaScript without a copy and std::free() it later.
#ifndef INFERCORE_FLOAT_BUFFER_H_
#define INFERCORE_FLOAT_BUFFER_H_

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <span>

namespace infercore {

class FloatBuffer {
 public:
  FloatBuffer() = default;

  /// `size` zeros; nothing where there is not so much memory.
  static std::optional<FloatBuffer> zeros(std::size_t size) {
    if (size == 0) return FloatBuffer();
    if (size > std::numeric_limits<std::ptrdiff_t>::max() / sizeof(float)) return std::nullopt;
    auto* data = static_cast<float*>(std::calloc(size, sizeof(float)));
    if (data == nullptr) return std::nullopt;
    FloatBuffer buffer;
    buffer.data_.reset(data);
    buffer.size_ = size;
    return buffer;
  }

  /// nullptr when it holds nothing.
  float* data() noexcept { return data_.get(); }
  const float* data() const noexcept { return data_.get(); }
  std::size_t size() const noexcept { return size_; }
  std::span<const float> span() const noexcept { return {data_.get(), size_}; }

  /// Gives the memory up to the caller, who must std::free() it.
  float* release() noexcept {
    size_ = 0;
    return data_.release();
  }

 private:
  struct Free {
    void operator()(float* data) const noexcept { std::free(data); }
  };
  std::unique_ptr<float[], Free> data_;
  std::size_t size_ = 0;
};

}  // namespace infercore

#endif  // INFERCORE_FLOAT_BUFFER_H_
