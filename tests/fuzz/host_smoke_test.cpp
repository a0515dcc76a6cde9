// As board_smoke_test.cpp, for the host's decoders.
#include <gtest/gtest.h>

#include "tests/fuzz/host_input.hpp"
#include "tests/fuzz/seeded_input.hpp"

namespace packrig::test {
namespace {

TEST(HostSmoke, SurvivesSeededInput) {
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    const auto input = random_input(seed);
    feed_host(input.data(), input.size());
  }
}

}  // namespace
}  // namespace packrig::test
