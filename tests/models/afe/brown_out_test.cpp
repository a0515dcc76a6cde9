// When a failing supply stops the firmware, and when it begins anew: below, at and above each of the limits.
#include "models/afe/brown_out.hpp"

#include <gtest/gtest.h>

namespace packrig {
namespace {

using State = BrownOut::State;
using Change = BrownOut::Change;

constexpr TimeNs hold_up = 10 * millisecond_ns;  // the assumed numbers of the model
constexpr TimeNs boot = 100 * millisecond_ns;

TEST(BrownOut, RunsFromTheFirstMoment) {
  BrownOut supply;
  EXPECT_EQ(supply.show(50.0, 0), Change::none);
  EXPECT_TRUE(supply.firmware_runs());
  EXPECT_EQ(supply.next_change_ns(), never_ns);
}

TEST(BrownOut, BeginsBelowSixVolts) {
  for (const double supply_V : {6.001, 6.0, 5.999, 0.0, -1.0}) {
    BrownOut supply;
    supply.show(supply_V, 0);
    EXPECT_EQ(supply.state(), supply_V < 6.0 ? State::holding : State::running) << supply_V;
    EXPECT_TRUE(supply.firmware_runs());
  }
}

TEST(BrownOut, ADipShorterThanTheCapacitorLastsIsRiddenThrough) {
  for (const TimeNs dip_ns : {hold_up - 1, hold_up, hold_up + 1}) {
    BrownOut supply;
    supply.show(0.0, 5);
    EXPECT_EQ(supply.next_change_ns(), 5 + hold_up);
    Change worst = Change::none;
    if (dip_ns > hold_up) worst = supply.show(0.0, 5 + hold_up);
    const Change last = supply.show(50.0, 5 + dip_ns);
    const bool lost = worst == Change::lost || last == Change::lost;
    EXPECT_EQ(lost, dip_ns >= hold_up) << dip_ns;
    EXPECT_EQ(supply.state(), lost ? State::starting : State::running);
  }
}

TEST(BrownOut, StartsAgainAtSevenVoltsAndAfterTheBoot) {
  for (const double supply_V : {6.5, 6.999, 7.0, 7.001}) {
    BrownOut supply;
    supply.show(0.0, 0);
    EXPECT_EQ(supply.show(0.0, hold_up), Change::lost);
    EXPECT_FALSE(supply.firmware_runs());
    EXPECT_EQ(supply.next_change_ns(), never_ns);
    EXPECT_EQ(supply.show(supply_V, second_ns), Change::none);
    if (supply_V < 7.0) {
      EXPECT_EQ(supply.state(), State::off) << supply_V;
      continue;
    }
    EXPECT_EQ(supply.next_change_ns(), second_ns + boot);
    EXPECT_EQ(supply.show(supply_V, second_ns + boot - 1), Change::none);
    EXPECT_FALSE(supply.firmware_runs());
    EXPECT_EQ(supply.show(supply_V, second_ns + boot), Change::restarted);
    EXPECT_TRUE(supply.firmware_runs());
    EXPECT_EQ(supply.next_change_ns(), never_ns);
  }
}

TEST(BrownOut, ADipDuringTheBootBeginsItAnew) {
  BrownOut supply;
  supply.show(0.0, 0);
  supply.show(0.0, hold_up);
  supply.show(50.0, second_ns);
  EXPECT_EQ(supply.show(5.0, second_ns + boot / 2), Change::none);
  EXPECT_EQ(supply.state(), State::off);
  supply.show(50.0, second_ns + boot / 2 + 1);
  EXPECT_EQ(supply.next_change_ns(), second_ns + boot / 2 + 1 + boot);
}

}  // namespace
}  // namespace packrig
