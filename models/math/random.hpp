// A small seeded generator with the same bits everywhere, for cell spread and noise.
#pragma once

#include <cmath>
#include <cstdint>

#include "models/math/elementary.hpp"

namespace packrig::math {

// PCG-XSH-RR 64/32 (M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for
// Random Number Generation", HMC-CS-2014-0905). A value: copying it copies its future. Different streams of one seed
// are independent sequences, so that a new consumer of noise does not shift the others' draws.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : increment_((stream << 1U) | 1U) {
    next_u32();
    state_ += seed;
    next_u32();
  }

  std::uint32_t next_u32() {
    const std::uint64_t old = state_;
    state_ = old * 6364136223846793005U + increment_;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18U) ^ old) >> 27U);
    const auto rotation = static_cast<std::uint32_t>(old >> 59U);
    return (shifted >> rotation) | (shifted << ((32U - rotation) & 31U));
  }

  // In [0, 1), 53 random bits.
  double uniform() {
    const std::uint64_t high = next_u32() >> 5U;
    const std::uint64_t low = next_u32() >> 6U;
    return static_cast<double>((high << 26U) | low) * 0x1p-53;
  }

  // Mean 0, standard deviation 1 (G. Marsaglia's polar method). The second deviate of a pair is dropped: a generator
  // without a hidden spare is simpler to snapshot.
  double normal() {
    for (;;) {
      const double u = 2.0 * uniform() - 1.0;
      const double v = 2.0 * uniform() - 1.0;
      const double s = u * u + v * v;
      if (s > 0.0 && s < 1.0) return u * std::sqrt(-2.0 * log(s) / s);
    }
  }

 private:
  std::uint64_t state_ = 0;
  std::uint64_t increment_;
};

}  // namespace packrig::math
