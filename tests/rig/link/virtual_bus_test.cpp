// Byte timing in simulated time: expected instants are computed by hand from the bit time.
#include "rig/link/virtual_bus.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {
namespace {

constexpr TimeNs byte_115200_ns = 86'806;  // ten bits at 115200 baud: 86.8056 us
constexpr TimeNs byte_2400_ns = 4'166'667;

TEST(VirtualBus, AByteArrivesAtTheEndOfItsStopBit) {
  VirtualBus bus("bus");
  const std::uint8_t sent = 0x5A;
  bus.end(0).write({&sent, 1}, 0);
  std::uint8_t got = 0;
  EXPECT_EQ(bus.end(1).read({&got, 1}, byte_115200_ns - 1), 0U);
  EXPECT_EQ(bus.now_ns(), byte_115200_ns - 1);
  EXPECT_EQ(bus.end(1).read({&got, 1}, byte_115200_ns), 1U);
  EXPECT_EQ(bus.now_ns(), byte_115200_ns);
  EXPECT_EQ(got, 0x5A);
}

TEST(VirtualBus, BytesFollowOneAnotherAndAnIdleLineBeginsAnew) {
  VirtualBus bus("bus", {2400});
  const std::vector<std::uint8_t> three = {1, 2, 3};
  bus.end(0).write(three, 0);
  std::uint8_t got = 0;
  for (int k = 1; k <= 3; ++k) {
    ASSERT_EQ(bus.end(1).read({&got, 1}, second_ns), 1U);
    EXPECT_EQ(bus.now_ns(), k * byte_2400_ns);
  }
  EXPECT_EQ(bus.end(1).read({&got, 1}, second_ns), 0U);
  bus.end(0).write({three.data(), 1}, second_ns);
  ASSERT_EQ(bus.end(1).read({&got, 1}, never_ns), 1U);
  EXPECT_EQ(bus.now_ns(), second_ns + byte_2400_ns);
}

TEST(VirtualBus, TheTwoWaysDoNotDisturbOneAnother) {
  VirtualBus bus("bus");
  const std::uint8_t sent = 1;
  bus.end(0).write({&sent, 1}, 0);
  bus.end(1).write({&sent, 1}, 0);
  std::uint8_t got = 0;
  EXPECT_EQ(bus.end(1).read({&got, 1}, byte_115200_ns), 1U);
  EXPECT_EQ(bus.end(0).read({&got, 1}, byte_115200_ns), 1U);
  EXPECT_EQ(bus.now_ns(), byte_115200_ns);
}

TEST(VirtualBus, WhatComesToAFullBufferIsLostAndCounted) {
  VirtualBus bus("bus");
  const std::vector<std::uint8_t> full(VirtualBus::buffer_bytes, 7);
  const std::vector<std::uint8_t> three = {1, 2, 3};
  bus.end(0).write(full, 0);
  std::uint8_t got = 0;
  EXPECT_EQ(bus.end(0).read({&got, 1}, second_ns), 0U);  // time passes, nobody reads at end 1
  bus.end(0).write(three, bus.now_ns());
  EXPECT_EQ(bus.lost_count(), 0U);
  EXPECT_EQ(bus.end(0).read({&got, 1}, 2 * second_ns), 0U);
  bus.end(1).drop_input();
  EXPECT_EQ(bus.lost_count(), 3U);
}

TEST(VirtualBus, RefusesWhatIsNoLine) {
  EXPECT_THROW(VirtualBus("bus", {0}), BadInput);
  EXPECT_THROW(VirtualBus("bus", {10'000'001}), BadInput);
  EXPECT_NO_THROW(VirtualBus("bus", {10'000'000}));
  EXPECT_THROW(VirtualBus("bus").end(2), BadInput);
  EXPECT_THROW(VirtualBus("bus").end(-1), BadInput);
}

}  // namespace
}  // namespace packrig
