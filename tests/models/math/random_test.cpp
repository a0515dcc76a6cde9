#include "models/math/random.hpp"

#include <gtest/gtest.h>

namespace packrig::math {
namespace {

// The first numbers of the generator's published demo (pcg32, initstate 42, initseq 54).
TEST(Random, GivesThePublishedSequence) {
  Random random(42, 54);
  for (const std::uint32_t expected : {0xa15c02b7U, 0x7b47f409U, 0xba1d3330U, 0x83d2f293U, 0xbfa4784bU, 0xcbed606eU}) {
    EXPECT_EQ(random.next_u32(), expected);
  }
}

TEST(Random, UniformStaysBelowOneAndFillsTheInterval) {
  Random random(1);
  double low = 1.0;
  double high = 0.0;
  double sum = 0.0;
  constexpr int count = 200'000;
  for (int i = 0; i < count; ++i) {
    const double value = random.uniform();
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
  }
  EXPECT_GE(low, 0.0);
  EXPECT_LT(low, 1e-4);
  EXPECT_LT(high, 1.0);
  EXPECT_GT(high, 1.0 - 1e-4);
  EXPECT_NEAR(sum / count, 0.5, 4.0 * 0.2887 / 447.0);
}

TEST(Random, NormalHasItsMoments) {
  Random random(2);
  constexpr int count = 400'000;
  double sum = 0.0;
  double squares = 0.0;
  int beyond_two = 0;
  for (int i = 0; i < count; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
    if (value > 2.0 || value < -2.0) ++beyond_two;
  }
  EXPECT_NEAR(sum / count, 0.0, 4.0 / 632.0);
  EXPECT_NEAR(squares / count, 1.0, 4.0 * 1.414 / 632.0);
  EXPECT_NEAR(static_cast<double>(beyond_two) / count, 0.0455, 0.0014);
}

TEST(Random, StreamsAreIndependentAndACopyHasTheSameFuture) {
  Random first(3, 0);
  Random second(3, 1);
  int equal = 0;
  for (int i = 0; i < 1000; ++i) {
    if (first.next_u32() == second.next_u32()) ++equal;
  }
  EXPECT_LE(equal, 1);
  Random copy = first;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(copy.normal(), first.normal());
}

}  // namespace
}  // namespace packrig::math
