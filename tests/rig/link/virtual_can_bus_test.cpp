// Arbitration and frame lengths: expected bits are counted by hand after ISO 11898-1.
#include "rig/link/virtual_can_bus.hpp"

#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {
namespace {

CanFrame frame(std::uint32_t id, std::uint8_t length, bool extended = false) {
  CanFrame made;
  made.id = id;
  made.length = length;
  made.extended = extended;
  for (std::uint8_t i = 0; i < length; ++i) made.data[i] = static_cast<std::uint8_t>(0x10 + i);
  return made;
}

TEST(VirtualCanBus, AFrameReachesEveryOtherNodeAtItsEnd) {
  VirtualCanBus bus("can", 250'000, 3);
  bus.node(0).send(frame(0x2F4, 8), 0);
  // 34 + 64 bits are stuffed, 24 stuff bits at worst, 13 bits follow: 135 bits of 4 us.
  EXPECT_FALSE(bus.node(1).receive(540'000 - 1).has_value());
  const auto got = bus.node(1).receive(540'000);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(got->id, 0x2F4U);
  EXPECT_EQ(got->at_ns, 540'000);
  EXPECT_EQ(got->payload()[7], 0x17);
  EXPECT_TRUE(bus.node(2).receive(540'000).has_value());
  EXPECT_FALSE(bus.node(0).receive(second_ns).has_value());  // not to itself
}

TEST(VirtualCanBus, ExtendedFramesAreLonger) {
  VirtualCanBus bus("can", 500'000, 2);
  EXPECT_EQ(bus.frame_ns(frame(1, 0)), (34 + 8 + 13) * 2'000);
  EXPECT_EQ(bus.frame_ns(frame(1, 8, true)), (54 + 64 + 29 + 13) * 2'000);
}

TEST(VirtualCanBus, TheLowestIdentifierGoesFirstAndStandardBeforeExtended) {
  VirtualCanBus bus("can", 250'000, 4);
  bus.node(0).send(frame(0x7F4, 1), 0);
  bus.node(1).send(frame(0x2F4 << 18, 1, true), 0);
  bus.node(2).send(frame(0x2F4, 1), 0);
  std::vector<std::uint32_t> order;
  while (const auto got = bus.node(3).receive(second_ns)) order.push_back(got->id);
  EXPECT_EQ(order, (std::vector<std::uint32_t>{0x2F4, 0x2F4 << 18, 0x7F4}));
}

TEST(VirtualCanBus, ABusyBusIsNotInterrupted) {
  VirtualCanBus bus("can", 250'000, 3);
  bus.node(0).send(frame(0x7F4, 8), 0);
  EXPECT_FALSE(bus.node(2).receive(100'000).has_value());
  bus.node(1).send(frame(0x001, 8), 0);  // comes while 0x7F4 is on the bus
  EXPECT_EQ(bus.node(2).receive(second_ns)->id, 0x7F4U);
  EXPECT_EQ(bus.node(2).receive(second_ns)->at_ns, 2 * 540'000);
}

TEST(VirtualCanBus, AFullQueueFaultsAtTheDeadline) {
  VirtualCanBus bus("can", 250'000, 2);
  for (std::size_t k = 0; k < VirtualCanBus::queue_frames; ++k) bus.node(0).send(frame(1, 8), 0);
  EXPECT_THROW(bus.node(0).send(frame(1, 8), 1000), BenchFault);
  EXPECT_EQ(bus.now_ns(), 1000);
  EXPECT_NO_THROW(bus.node(0).send(frame(1, 8), 540'000));
  EXPECT_EQ(bus.now_ns(), 540'000);
}

TEST(VirtualCanBus, WhatNobodyTakesIsLostAndCounted) {
  VirtualCanBus bus("can", 250'000, 2);
  for (std::size_t k = 0; k < VirtualCanBus::queue_frames + 2; ++k) bus.node(0).send(frame(1, 0), second_ns);
  EXPECT_FALSE(bus.node(0).receive(10 * second_ns).has_value());
  EXPECT_EQ(bus.lost_count(), 2U);
}

TEST(VirtualCanBus, AnUnpluggedBusFaultsAndRecovers) {
  VirtualCanBus bus("can", 250'000, 2);
  bus.unplug();
  EXPECT_THROW(bus.node(0).send(frame(1, 0), second_ns), BenchFault);
  EXPECT_THROW(bus.node(1).receive(second_ns), BenchFault);
  EXPECT_THROW(bus.node(1).reopen(second_ns), BenchFault);
  bus.plug_in();
  bus.node(1).reopen(2 * second_ns);
  bus.node(0).send(frame(1, 0), 2 * second_ns);
  EXPECT_TRUE(bus.node(1).receive(3 * second_ns).has_value());
}

TEST(CanFrame, IdentifiersAndLengthsBelowAtAndAboveTheirLimits) {
  EXPECT_NO_THROW(check(frame(0x7FF, 8)));
  EXPECT_THROW(check(frame(0x800, 8)), BadInput);
  EXPECT_NO_THROW(check(frame(0x1FFFFFFF, 8, true)));
  EXPECT_THROW(check(frame(0x20000000, 8, true)), BadInput);
  CanFrame longer = frame(1, 8);
  longer.length = 12;
  EXPECT_THROW(check(longer), BadInput);
  longer.fd = true;
  EXPECT_NO_THROW(check(longer));
  longer.length = 13;
  EXPECT_THROW(check(longer), BadInput);
  longer.length = 64;
  EXPECT_NO_THROW(check(longer));
  longer.remote = true;
  EXPECT_THROW(check(longer), BadInput);
}

TEST(VirtualCanBus, RefusesWhatIsNoBus) {
  EXPECT_THROW(VirtualCanBus("can", 999, 2), BadInput);
  EXPECT_THROW(VirtualCanBus("can", 1'000'001, 2), BadInput);
  EXPECT_THROW(VirtualCanBus("can", 250'000, 1), BadInput);
  EXPECT_THROW(VirtualCanBus("can", 250'000, 33), BadInput);
  EXPECT_THROW(VirtualCanBus("can", 250'000, 2).node(2), BadInput);
}

}  // namespace
}  // namespace packrig
