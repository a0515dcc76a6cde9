#include "tests/models/golden_runs.hpp"

#include <gtest/gtest.h>

namespace packrig {
namespace {

TEST(GoldenRuns, HaveTheirSums) {
  for (const golden::GoldenRun& golden : golden::golden_runs) EXPECT_EQ(golden.run(), golden.sum) << golden.name;
}

// A sum that overlooked the last bit of one value would prove nothing.
TEST(GoldenRuns, ASumTellsTheLastBit) {
  golden::CheckSum one;
  golden::CheckSum other;
  for (int i = 0; i < 1000; ++i) {
    one.add(std::array{1.0});
    other.add(std::array{i == 500 ? std::bit_cast<double>(std::bit_cast<std::uint64_t>(1.0) + 1U) : 1.0});
  }
  EXPECT_NE(one.value(), other.value());
}

}  // namespace
}  // namespace packrig
