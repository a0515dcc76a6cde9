#include "models/afe/balancer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/afe/open_wire.hpp"
#include "models/errors.hpp"

namespace packrig {
namespace {

Terminals pack(double cell_V = 3.3) {
  Terminals terminals;
  terminals.cell_count = 8;
  for (int tap = 0; tap <= 8; ++tap) terminals.tap_V[static_cast<std::size_t>(tap)] = tap * cell_V;
  return terminals;
}

PackrigAfeCommands out_of(int cell, int asked_mA = 2000) {
  PackrigAfeCommands commands{};
  commands.balance_from = static_cast<std::uint8_t>(cell);
  commands.balance_mA = static_cast<std::uint16_t>(asked_mA);
  return commands;
}
PackrigAfeCommands into(int cell, int asked_mA = 2000) {
  PackrigAfeCommands commands{};
  commands.balance_to = static_cast<std::uint8_t>(cell);
  commands.balance_mA = static_cast<std::uint16_t>(asked_mA);
  return commands;
}

// Seconds that the converter runs, in steps of 25 ms; `energy_J` into the cell.
double run_s(Balancer& balancer, const PackrigAfeCommands& commands, double span_s, double cell_V, double& energy_J,
             double& heat_J) {
  int steps = 0;
  for (; steps * 0.025 < span_s; ++steps) {
    balancer.begin(commands, pack(cell_V));
    if (balancer.cell_A() == 0.0) break;
    energy_J += balancer.cell_A() * cell_V * 0.025;
    heat_J += balancer.heat_W() * 0.025;
    balancer.end(25 * millisecond_ns);
  }
  return steps * 0.025;
}

// The captured cycle at 3.3 V: 43 s from -1.95 A to -1.5 A, 22 s from +1.95 A to between 1.0 and 1.3 A.
TEST(Balancer, RepeatsTheCapturedCycle) {
  Balancer balancer{BalancerDescription{}};
  double taken_J = 0.0;
  double heat_J = 0.0;
  balancer.begin(out_of(3), pack());
  EXPECT_NEAR(balancer.cell_A(), -1.95, 1e-12);
  EXPECT_NEAR(run_s(balancer, out_of(3), 100.0, 3.3, taken_J, heat_J), 43.0, 0.5);
  EXPECT_NEAR(taken_J, -243.0, 3.0);
  EXPECT_EQ(balancer.cell_A(), 0.0);  // full

  double given_J = 0.0;
  balancer.begin(into(5), pack());
  EXPECT_NEAR(balancer.cell_A(), 1.95, 0.01);
  double late_A = 0.0;
  double unused_J = 0.0;
  EXPECT_NEAR(run_s(balancer, into(5), 21.0, 3.3, given_J, heat_J), 21.0, 0.03);
  late_A = balancer.cell_A();
  EXPECT_GT(late_A, 1.0);
  EXPECT_LT(late_A, 1.3);
  EXPECT_NEAR(run_s(balancer, into(5), 100.0, 3.3, given_J, unused_J), 1.0, 0.5);
  EXPECT_NEAR(given_J / -taken_J, 0.45, 0.01);
}

TEST(Balancer, LosesNoEnergyButAsHeat) {
  Balancer balancer{BalancerDescription{}};
  double taken_J = 0.0;
  double heat_J = 0.0;
  run_s(balancer, out_of(1), 20.0, 4.0, taken_J, heat_J);
  EXPECT_NEAR(-taken_J, balancer.stored_J() + heat_J, 1e-9);
  EXPECT_GT(heat_J, 0.0);
  const double before_J = balancer.stored_J();
  double given_J = 0.0;
  double later_J = 0.0;
  run_s(balancer, into(2), 5.0, 3.0, given_J, later_J);
  EXPECT_NEAR(before_J, balancer.stored_J() + given_J + later_J, 1e-9);
  EXPECT_GT(later_J, 0.0);
}

TEST(Balancer, FeedsTheUpperTapAndReturnsThroughTheLower) {
  Balancer balancer{BalancerDescription{}};
  balancer.begin(out_of(3), pack());
  std::array<double, tap_count_max> feed_A{};
  feed_A[3] = 1e-6;
  balancer.feed(feed_A);
  EXPECT_NEAR(feed_A[3], -1.95 + 1e-6, 1e-12);
  EXPECT_NEAR(feed_A[2], 1.95, 1e-12);
  EXPECT_EQ(feed_A[4], 0.0);
  balancer.rest();
  feed_A.fill(0.0);
  balancer.feed(feed_A);
  for (const double one_A : feed_A) EXPECT_EQ(one_A, 0.0);
  EXPECT_EQ(balancer.heat_W(), 0.0);
  const double before_J = balancer.stored_J();
  balancer.end(second_ns);
  EXPECT_EQ(balancer.stored_J(), before_J);
}

TEST(Balancer, GivesWhatIsAskedUpToItsRating) {
  const struct {
    int asked_mA;
    double cell_A;
  } rows[] = {{300, -0.2925}, {1999, -1.949025}, {2000, -1.95}, {2001, -1.95}, {15000, -1.95}};
  for (const auto& row : rows) {
    Balancer balancer{BalancerDescription{}};
    balancer.begin(out_of(1, row.asked_mA), pack());
    EXPECT_NEAR(balancer.cell_A(), row.cell_A, 1e-12) << row.asked_mA;
  }
}

TEST(Balancer, StandsStillWithoutACellAStoreOrAVoltage) {
  Balancer balancer{BalancerDescription{}};
  balancer.begin(into(4), pack());  // an empty store has nothing to give
  EXPECT_EQ(balancer.cell_A(), 0.0);
  balancer.begin(out_of(8), pack());
  EXPECT_NE(balancer.cell_A(), 0.0);
  for (const int cell : {0, 9, 25, 255}) {
    balancer.begin(out_of(cell), pack());
    EXPECT_EQ(balancer.cell_A(), 0.0) << cell;
  }
  balancer.begin(out_of(1), pack(0.999));
  EXPECT_EQ(balancer.cell_A(), 0.0);
  balancer.begin(out_of(1), pack(1.0));
  EXPECT_NE(balancer.cell_A(), 0.0);
}

TEST(Balancer, RefusesMembersOutOfTheirRange) {
  const auto refused = [](double BalancerDescription::*member, double value) {
    BalancerDescription d;
    d.*member = value;
    EXPECT_THROW(Balancer{d}, BadInput) << value;
  };
  for (const auto member : {&BalancerDescription::first_share, &BalancerDescription::out_last_share,
                            &BalancerDescription::in_last_share, &BalancerDescription::phase_efficiency}) {
    refused(member, 0.099);
    refused(member, 1.001);
    refused(member, std::numeric_limits<double>::quiet_NaN());
  }
  refused(&BalancerDescription::rated_A, -0.001);
  refused(&BalancerDescription::rated_A, 15.001);
  refused(&BalancerDescription::store_J, 0.09);
  refused(&BalancerDescription::store_J, 100'001.0);
  refused(&BalancerDescription::input_low_V, 0.09);
  refused(&BalancerDescription::input_low_V, 5.01);
}

TEST(OpenWireTest, SendsItsCurrentOutOfEverySecondTapAndIntoTheOthers) {
  std::array<double, tap_count_max> feed_A{};
  feed_test_current(0, 5, feed_A);
  for (const double one_A : feed_A) EXPECT_EQ(one_A, 0.0);
  feed_test_current(1, 5, feed_A);
  for (const std::size_t tap : {0, 2, 4}) EXPECT_EQ(feed_A[tap], -2e-6) << tap;
  for (const std::size_t tap : {1, 3, 5}) EXPECT_EQ(feed_A[tap], 2e-6) << tap;
  for (std::size_t tap = 6; tap < feed_A.size(); ++tap) EXPECT_EQ(feed_A[tap], 0.0) << tap;
  feed_test_current(2, 5, feed_A);  // the other way round: nothing is left
  for (const double one_A : feed_A) EXPECT_EQ(one_A, 0.0);
}

}  // namespace
}  // namespace packrig
