// Rows of doubles that begin on cache lines, so that no vector of up to eight lies across two of them.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace packrig::math {

inline constexpr std::size_t line_doubles = 8;

// For std::vector: what it holds begins on a cache line.
template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{line_doubles * sizeof(double)};

  LineAllocator() = default;
  template <class U>
  explicit LineAllocator(const LineAllocator<U>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* at, std::size_t) { ::operator delete(at, alignment); }
  bool operator==(const LineAllocator&) const { return true; }
};

using Lines = std::vector<double, LineAllocator<double>>;

// The next multiple of `step` at or above `count`.
constexpr std::size_t rounded_up(std::size_t count, std::size_t step) { return (count + step - 1) / step * step; }

}  // namespace packrig::math
