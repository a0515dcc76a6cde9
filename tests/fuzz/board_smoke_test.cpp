// The fuzzers' harness on seeded input, so that it runs with every compiler and under the sanitizers of the suite.
#include <gtest/gtest.h>

#include "tests/fuzz/board_input.hpp"
#include "tests/fuzz/seeded_input.hpp"

namespace packrig::test {
namespace {

TEST(BoardSmoke, SurvivesSeededInput) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto input = random_input(seed);
    feed_board(input.data(), input.size());
  }
}

}  // namespace
}  // namespace packrig::test
