// Seeded input for the fuzzers' harness.
#pragma once

#include <cstdint>
#include <vector>

namespace packrig::test {

class Seeded {
 public:
  explicit Seeded(std::uint64_t seed) : state_(seed * 2 + 1) {}

  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>(state_ >> 33) % limit;
  }

 private:
  std::uint64_t state_;
};

// Pieces that are often short and often hold the small numbers and headers that protocols are made of.
inline std::vector<std::uint8_t> random_input(std::uint64_t seed) {
  constexpr std::uint8_t telling[] = {0x00, 0x01, 0x02, 0x03, 0x06, 0x10, 0x12, 0x16, 0x4E, 0x57, 0x68,
                                      0x79, 0x8B, 0x90, 0xAA, 0xAB, 0xC0, 0xEB, 0xF4, 0xFF, 0x97, 0x96};
  Seeded random(seed);
  std::vector<std::uint8_t> input = {static_cast<std::uint8_t>(random.below(256))};
  for (std::uint32_t piece = random.below(4) + 1; piece > 0; --piece) {
    const std::uint32_t length = random.below(8) == 0 ? random.below(256) : random.below(24);
    input.push_back(static_cast<std::uint8_t>(length));
    input.push_back(static_cast<std::uint8_t>(random.below(40)));
    for (std::uint32_t i = 0; i < length; ++i) {
      const bool plain = random.below(3) == 0;
      input.push_back(plain ? static_cast<std::uint8_t>(random.below(256)) : telling[random.below(sizeof telling)]);
    }
  }
  return input;
}

}  // namespace packrig::test
