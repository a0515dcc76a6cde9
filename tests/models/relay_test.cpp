#include "models/relay.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr TimeNs ms = millisecond_ns;

RelayDescription three_bounces() {
  RelayDescription d;
  d.operate_s = 15e-3;
  d.release_s = 8e-3;
  d.bounce_s = 3e-3;
  d.bounce_count = 3;
  return d;
}

struct Movement {
  TimeNs at_ns;
  bool closed;
  bool operator==(const Movement&) const = default;
};

std::vector<Movement> movements_until(Relay& relay, TimeNs until_ns) {
  std::vector<Movement> seen;
  while (relay.next_movement_ns() <= until_ns) {
    const TimeNs at_ns = relay.next_movement_ns();
    relay.move();
    seen.push_back({at_ns, relay.closed()});
  }
  return seen;
}

TEST(Relay, ClosesAfterItsOperateTimeAndBouncesEvenly) {
  Relay relay(three_bounces());
  relay.drive(true, 100 * ms);
  EXPECT_FALSE(relay.closed());
  EXPECT_EQ(relay.next_movement_ns(), 115 * ms);
  const std::vector<Movement> expected{{115'000'000, true},  {115'500'000, false}, {116'000'000, true},
                                       {116'500'000, false}, {117'000'000, true},  {117'500'000, false},
                                       {118'000'000, true}};
  EXPECT_EQ(movements_until(relay, 1000 * ms), expected);
  EXPECT_EQ(relay.next_movement_ns(), never_ns);
}

TEST(Relay, OpensOnceAfterItsReleaseTime) {
  Relay relay(three_bounces());
  relay.drive(true, 0);
  movements_until(relay, 50 * ms);
  relay.drive(false, 60 * ms);
  EXPECT_EQ(movements_until(relay, 1000 * ms), (std::vector<Movement>{{68 * ms, false}}));
}

TEST(Relay, DriveWithdrawnInTimeMovesNothing) {
  Relay relay(three_bounces());
  relay.drive(true, 0);
  relay.drive(false, 15 * ms - 1);
  EXPECT_TRUE(movements_until(relay, 1000 * ms).empty());
  relay.drive(true, 2000 * ms);
  movements_until(relay, 2100 * ms);
  relay.drive(false, 2200 * ms);
  relay.drive(true, 2208 * ms - 1);
  EXPECT_TRUE(movements_until(relay, 3000 * ms).empty());
  EXPECT_TRUE(relay.closed());
}

TEST(Relay, DriveWithdrawnAtTheTouchClosesAndOpensAgain) {
  Relay relay(three_bounces());
  relay.drive(true, 0);
  relay.drive(false, 15 * ms);
  const std::vector<Movement> seen = movements_until(relay, 1000 * ms);
  ASSERT_EQ(seen.size(), 8U);  // touch, three bounces, release
  EXPECT_EQ(seen.back(), (Movement{23 * ms, false}));
}

TEST(Relay, ReleaseCutsABounceShort) {
  RelayDescription d = three_bounces();
  d.release_s = 1.25e-3;
  Relay relay(d);
  relay.drive(true, 0);
  relay.drive(false, 15 * ms);
  const std::vector<Movement> seen = movements_until(relay, 1000 * ms);
  EXPECT_EQ(seen.back(), (Movement{16'250'000, false}));
  EXPECT_EQ(seen.size(), 4U);  // 15.0 on, 15.5 off, 16.0 on, 16.25 off
}

TEST(Relay, WithoutDelaysItMovesAtOnceAndOnce) {
  RelayDescription d = three_bounces();
  d.operate_s = 0.0;
  d.bounce_s = 0.0;
  Relay relay(d);
  relay.drive(true, 7);
  EXPECT_EQ(movements_until(relay, 1000 * ms), (std::vector<Movement>{{7, true}}));
}

TEST(Relay, BounceBelowANanosecondStillEnds) {
  RelayDescription d = three_bounces();
  d.bounce_s = 1e-9;
  Relay relay(d);
  relay.drive(true, 0);
  EXPECT_EQ(movements_until(relay, 1000 * ms).size(), 7U);
  EXPECT_TRUE(relay.closed());
}

TEST(Relay, WeldHoldsTheContactWhateverTheArmatureDoes) {
  Relay relay(three_bounces());
  relay.weld(true);
  EXPECT_TRUE(relay.closed());
  relay.drive(true, 0);
  movements_until(relay, 50 * ms);
  relay.drive(false, 50 * ms);
  movements_until(relay, 100 * ms);
  EXPECT_TRUE(relay.closed());
  relay.weld(false);
  EXPECT_FALSE(relay.closed());
}

// Constant arc voltage U against a driving V: L dI/dt = V - U. Integrated here step by step.
TEST(Relay, ArcEnergyIsThatOfALinearlyFallingCurrent) {
  const double loop_H = 2e-6;
  const double arc_V = 200.0;
  const double pushing_V = 50.0;
  const double dt_s = 1e-10;
  double current_A = 1000.0;
  double energy_J = 0.0;
  while (current_A > 0.0) {
    energy_J += arc_V * current_A * dt_s;
    current_A += (pushing_V - arc_V) / loop_H * dt_s;
  }
  EXPECT_NEAR(arc_J(loop_H, 1000.0, arc_V, pushing_V), energy_J, 1e-4);
  EXPECT_TRUE(std::isinf(arc_J(loop_H, 1000.0, arc_V, 200.0)));
  EXPECT_FALSE(std::isinf(arc_J(loop_H, 1000.0, arc_V, 199.9)));
}

TEST(Relay, RefusesMembersOutOfRangeByName) {
  check("x", three_bounces());
  RelayDescription d = three_bounces();
  d.operate_s = 1.01;
  try {
    check("charge_relay", d);
    FAIL() << "accepted";
  } catch (const BadInput& refusal) {
    EXPECT_STREQ(refusal.what(), "charge_relay.operate_s = 1.01: accepted is 0 to 1");
  }
  d = three_bounces();
  d.bounce_count = 11;
  EXPECT_THROW(check("x", d), BadInput);
  d = three_bounces();
  d.contact_Ohm = 0.0;
  EXPECT_THROW(check("x", d), BadInput);
  d = three_bounces();
  d.breaking_limit_A = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(check("x", d), BadInput);
}

}  // namespace
}  // namespace packrig
