#include "models/harness.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr double open_Ohm = std::numeric_limits<double>::infinity();
constexpr int cells = 8;
using Taps = std::array<double, tap_count_max>;

HarnessDescription fifty_milliohm() {
  HarnessDescription d;
  d.wire_Ohm.fill(0.05);
  return d;
}

Taps nodes() {
  Taps node_V{};
  for (int k = 0; k <= cells; ++k) node_V[static_cast<std::size_t>(k)] = 3.0 * k;
  return node_V;
}

Taps shown_by(const Harness& harness) {
  Taps tap_V{};
  harness.tap_V(nodes(), tap_V);
  return tap_V;
}

double cell_V(const Taps& tap_V, std::size_t cell) { return tap_V[cell] - tap_V[cell - 1]; }

TEST(Harness, WithoutCurrentTapsAreNodes) {
  const Harness harness(fifty_milliohm(), cells);
  EXPECT_EQ(shown_by(harness), nodes());
}

// Charging cell 4 with 2 A: +2 A into tap 4, -2 A into tap 3, through 50 mOhm each.
TEST(Harness, BalancingLiftsItsCellAndLowersBothNeighbours) {
  Harness harness(fifty_milliohm(), cells);
  Taps feed_A{};
  feed_A[4] = 2.0;
  feed_A[3] = -2.0;
  harness.feed(feed_A);
  const Taps tap_V = shown_by(harness);
  EXPECT_NEAR(cell_V(tap_V, 4), 3.2, 1e-12);
  EXPECT_NEAR(cell_V(tap_V, 3), 2.9, 1e-12);
  EXPECT_NEAR(cell_V(tap_V, 5), 2.9, 1e-12);
  EXPECT_NEAR(cell_V(tap_V, 2), 3.0, 1e-12);
  EXPECT_NEAR(cell_V(tap_V, 6), 3.0, 1e-12);
}

TEST(Harness, OpenTapFloatsMidwayBetweenItsNeighbours) {
  Harness harness(fifty_milliohm(), cells);
  harness.set_wire_Ohm(4, open_Ohm);
  Taps tap_V = shown_by(harness);
  EXPECT_NEAR(tap_V[4], 12.0, 1e-6);  // all cells equal: nothing to see
  Taps node_V = nodes();
  for (std::size_t k = 4; k <= cells; ++k) node_V[k] += 0.4;  // cell 4 at 3.4 V
  harness.tap_V(node_V, tap_V);
  EXPECT_NEAR(cell_V(tap_V, 4), 3.2, 1e-6);
  EXPECT_NEAR(cell_V(tap_V, 5), 3.2, 1e-6);
  EXPECT_NEAR(cell_V(tap_V, 3), 3.0, 1e-6);
}

TEST(Harness, OpenEndsFallOntoTheirNeighbour) {
  Harness top(fifty_milliohm(), cells);
  top.set_wire_Ohm(cells, open_Ohm);
  EXPECT_NEAR(cell_V(shown_by(top), cells), 0.0, 1e-4);
  Harness bottom(fifty_milliohm(), cells);
  bottom.set_wire_Ohm(0, open_Ohm);
  EXPECT_NEAR(cell_V(shown_by(bottom), 1), 0.0, 1e-4);
}

TEST(Harness, TwoOpenNeighboursShareTheGap) {
  Harness harness(fifty_milliohm(), cells);
  harness.set_wire_Ohm(3, open_Ohm);
  harness.set_wire_Ohm(4, open_Ohm);
  Taps node_V = nodes();
  for (std::size_t k = 3; k <= cells; ++k) node_V[k] += 0.3;
  Taps tap_V{};
  harness.tap_V(node_V, tap_V);
  for (std::size_t cell = 3; cell <= 5; ++cell) EXPECT_NEAR(cell_V(tap_V, cell), 3.1, 1e-6);
}

// A wire of 1 MOhm against two inputs of 1 MOhm: tap = (node + below + above) / 3.
TEST(Harness, BadWireDivides) {
  Harness harness(fifty_milliohm(), cells);
  harness.set_wire_Ohm(4, 1e6);
  Taps node_V = nodes();
  node_V[4] += 0.3;
  Taps tap_V{};
  harness.tap_V(node_V, tap_V);
  EXPECT_NEAR(tap_V[4], (12.3 + 9.0 + 15.0) / 3.0, 1e-6);
}

TEST(Harness, LadderAndSingleTapsAgreeWhereTheyMeet) {
  Taps feed_A{};
  feed_A[4] = 2.0;
  feed_A[3] = -2.0;
  Harness good(fifty_milliohm(), cells);
  good.set_wire_Ohm(7, 0.5);  // the last value that counts as good
  Harness bad(fifty_milliohm(), cells);
  bad.set_wire_Ohm(7, 0.5000001);
  good.feed(feed_A);
  bad.feed(feed_A);
  for (std::size_t k = 0; k <= cells; ++k) EXPECT_NEAR(shown_by(good)[k], shown_by(bad)[k], 5e-6);
}

// 2 A against half of 1 MOhm: what 2.5 V push through that is 5 uA, in the whole loop.
TEST(Harness, NextToNoBalancingCurrentThroughAnOpenWire) {
  Taps feed_A{};
  feed_A[4] = 2.0;
  feed_A[3] = -2.0;
  Harness harness(fifty_milliohm(), cells);
  harness.feed(feed_A);
  EXPECT_EQ(harness.feed_A()[4], 2.0);
  harness.set_wire_Ohm(3, open_Ohm);
  EXPECT_NEAR(harness.feed_A()[3], -5e-6, 1e-12);
  EXPECT_NEAR(harness.feed_A()[4], 5e-6, 1e-12);
  harness.set_wire_Ohm(3, 0.05);
  EXPECT_EQ(harness.feed_A()[4], 2.0);
  harness.set_wire_Ohm(7, open_Ohm);  // not in the loop
  EXPECT_EQ(harness.feed_A()[4], 2.0);
}

// 2.5 V push 2 A through 1.25 Ohm, and no more through twice as much.
TEST(Harness, PushesAsFarAsItsDriveGoes) {
  Taps feed_A{};
  feed_A[4] = 2.0;
  feed_A[3] = -2.0;
  Harness harness(fifty_milliohm(), cells);
  harness.feed(feed_A);
  harness.set_wire_Ohm(4, 1.249);
  EXPECT_EQ(harness.feed_A()[4], 2.0);
  harness.set_wire_Ohm(4, 2.5);
  EXPECT_NEAR(harness.feed_A()[4], 1.0, 1e-5);
  EXPECT_NEAR(harness.feed_A()[3], -1.0, 1e-5);
}

TEST(Harness, ATestCurrentMovesAnOpenTapAndNoOther) {
  Taps feed_A{};
  for (std::size_t k = 0; k <= cells; k += 2) feed_A[k] = -2e-6;
  Harness harness(fifty_milliohm(), cells);
  harness.set_wire_Ohm(4, open_Ohm);
  harness.feed(feed_A);
  const Taps tap_V = shown_by(harness);
  EXPECT_NEAR(cell_V(tap_V, 4), 2.0, 1e-5);  // 2 uA through two inputs of 1 MOhm
  EXPECT_NEAR(cell_V(tap_V, 5), 4.0, 1e-5);
  for (const std::size_t cell : {1, 2, 3, 6, 7, 8}) EXPECT_NEAR(cell_V(tap_V, cell), 3.0, 1e-5);
}

TEST(Harness, RefusesTapsAndWiresThatAreNot) {
  Harness harness(fifty_milliohm(), cells);
  harness.set_wire_Ohm(0, 0.05);
  harness.set_wire_Ohm(cells, 0.05);
  EXPECT_THROW(harness.set_wire_Ohm(-1, 0.05), BadInput);
  EXPECT_THROW(harness.set_wire_Ohm(cells + 1, 0.05), BadInput);
  EXPECT_THROW(harness.set_wire_Ohm(1, 0.0), BadInput);
  EXPECT_THROW(harness.set_wire_Ohm(1, std::numeric_limits<double>::quiet_NaN()), BadInput);
  HarnessDescription weak;
  weak.drive_V = 0.09;
  EXPECT_THROW(check(weak), BadInput);
  weak.drive_V = 10.1;
  EXPECT_THROW(check(weak), BadInput);
  weak.drive_V = 10.0;
  check(weak);
}

TEST(Harness, DefaultWiresAreVShaped) {
  const HarnessDescription d;
  EXPECT_NEAR(d.wire_Ohm.front(), 0.070, 1e-9);
  EXPECT_NEAR(d.wire_Ohm.back(), 0.070, 1e-9);
  for (std::size_t k = 0; k < tap_count_max; ++k) {
    EXPECT_GE(d.wire_Ohm[k], 0.045);
    EXPECT_LE(d.wire_Ohm[k], 0.070 + 1e-12);
  }
  EXPECT_LT(d.wire_Ohm[12], d.wire_Ohm[5]);
}

}  // namespace
}  // namespace packrig
