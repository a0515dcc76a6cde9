// Temperature protections, probe faults and the board sensor, below and above each limit; hold until recovery.
#include <gtest/gtest.h>

#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

struct TemperatureCase {
  double current_A;
  std::uint32_t drive;
  double good_degC, limit_degC, release_degC;
};
class Temperature : public testing::TestWithParam<TemperatureCase> {};

TEST_P(Temperature, AnyProbeTripsWhileCurrentFlowsAndHoldsUntilRecovery) {
  const TemperatureCase& c = GetParam();
  const double beyond = c.limit_degC > c.release_degC ? 0.5 : -0.5;  // half a degree covers the table's 0.2 K
  for (int probe = 1; probe <= 3; ++probe) {
    Desk desk;
    ASSERT_EQ(desk.write(0x25, 0), 0);
    for (int fitted = 1; fitted <= 3; ++fitted) desk.set_probe_degC(fitted, c.good_degC);
    desk.settle();
    desk.set_current_A(c.current_A);
    desk.set_probe_degC(probe, c.limit_degC - beyond);
    desk.run_s(20.0);
    EXPECT_TRUE(desk.edges.empty()) << "probe " << probe << " before the limit";
    const double imposed_s = desk.now_s();
    desk.set_probe_degC(probe, c.limit_degC + beyond);
    desk.run_s(5.0);
    expect_delay(desk.after_s(imposed_s, c.drive, false), 3.0);
    EXPECT_EQ(desk.edges.size(), 1U);
    desk.set_current_A(0.0);
    desk.set_probe_degC(probe, c.release_degC + beyond);
    desk.run_s(30.0);
    EXPECT_EQ(desk.edges.size(), 1U) << "before the release";
    desk.set_probe_degC(probe, c.release_degC - beyond);
    desk.run_s(1.0);
    EXPECT_TRUE(desk.on(c.drive));
  }
}

// What has tripped ends by a reading on the safe side, and by nothing else.
TEST_P(Temperature, StaysWithoutAReading) {
  const TemperatureCase& c = GetParam();
  for (const bool disabled : {true, false}) {
    Desk desk;
    ASSERT_EQ(desk.write(0x25, 0), 0);
    desk.set_probe_degC(2, c.good_degC);
    desk.settle();
    desk.set_current_A(c.current_A);
    desk.set_probe_degC(2, c.limit_degC + (c.limit_degC > c.release_degC ? 1.0 : -1.0));
    desk.run_s(5.0);
    ASSERT_FALSE(desk.on(c.drive));
    desk.set_current_A(0.0);
    if (disabled) {
      ASSERT_EQ(desk.write(0x28, 1), 0);
    } else {
      desk.open_probe(2);
    }
    desk.run_s(30.0);
    EXPECT_FALSE(desk.on(c.drive)) << disabled;
    ASSERT_EQ(desk.write(0x28, 0), 0);
    desk.set_probe_degC(2, c.good_degC);
    desk.run_s(1.0);
    EXPECT_TRUE(desk.on(c.drive)) << disabled;
  }
}

TEST_P(Temperature, IdlePackIsLeftAlone) {
  const TemperatureCase& c = GetParam();
  Desk desk;
  desk.set_probe_degC(2, c.good_degC);
  desk.settle();
  desk.set_probe_degC(2, c.limit_degC + (c.limit_degC > c.release_degC ? 5.0 : -5.0));
  desk.run_s(30.0);
  desk.set_current_A(c.current_A > 0 ? 0.4 : -0.4);
  desk.run_s(30.0);
  EXPECT_TRUE(desk.edges.empty());
  desk.set_current_A(c.current_A > 0 ? 0.6 : -0.6);
  desk.run_s(5.0);
  EXPECT_EQ(desk.edges.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Limits, Temperature,
                         testing::Values(TemperatureCase{-10.0, charge, 25.0, 70.0, 60.0},
                                         TemperatureCase{-10.0, charge, 25.0, -20.0, -10.0},
                                         TemperatureCase{10.0, discharge, 25.0, 70.0, 60.0}));

TEST(Probe, NeverFittedIsIgnored) {
  Desk desk;
  desk.settle();
  desk.set_current_A(-10.0);
  desk.run_s(30.0);
  EXPECT_TRUE(desk.edges.empty());
}

TEST(Probe, LostOrShortedCutsBothUntilItIsBack) {
  for (const bool shorted : {false, true}) {
    Desk desk;
    ASSERT_EQ(desk.write(0x25, 0), 0);
    desk.set_probe_degC(1, 25.0);
    desk.settle();
    const double imposed_s = desk.now_s();
    shorted ? desk.short_probe(1) : desk.open_probe(1);
    desk.run_s(2.8);
    EXPECT_TRUE(desk.edges.empty());
    desk.run_s(3.0);
    expect_delay(desk.after_s(imposed_s, charge, false), 3.0);
    expect_delay(desk.after_s(imposed_s, discharge, false), 3.0);
    desk.set_probe_degC(1, 25.0);
    desk.run_s(1.0);
    EXPECT_TRUE(desk.charge_on() && desk.discharge_on());
  }
}

// -200.0 degC is what a board without a sensor reads. One that had a sensor has lost it: hot or not, nobody knows.
TEST(Board, ALostSensorCutsBothUntilItIsBackProbesDisabledOrNot) {
  for (const int disabled : {0, 1}) {
    Desk desk;
    ASSERT_EQ(desk.write(0x25, 0), 0);
    ASSERT_EQ(desk.write(0x28, disabled), 0);
    desk.codes.board_ddegC = -1999;
    desk.settle();
    const double lost_s = desk.now_s();
    desk.codes.board_ddegC = -2000;
    desk.run_s(2.8);
    EXPECT_TRUE(desk.edges.empty());
    desk.run_s(3.0);
    expect_delay(desk.after_s(lost_s, charge, false), 3.0);
    expect_delay(desk.after_s(lost_s, discharge, false), 3.0);
    desk.codes.board_ddegC = 250;
    desk.run_s(1.0);
    EXPECT_TRUE(desk.charge_on() && desk.discharge_on());
  }
}

TEST(Board, OverTemperatureCutsBothPathsWhereTheSensorIsFitted) {
  Desk desk;
  ASSERT_EQ(desk.write(0x25, 0), 0);
  desk.codes.board_ddegC = 1000;
  desk.settle();
  desk.run_s(10.0);
  EXPECT_TRUE(desk.edges.empty());
  desk.codes.board_ddegC = 1001;
  desk.run_s(4.0);
  EXPECT_FALSE(desk.charge_on() || desk.discharge_on());
  desk.codes.board_ddegC = 800;
  desk.run_s(4.0);
  EXPECT_FALSE(desk.charge_on() || desk.discharge_on());
  desk.codes.board_ddegC = 799;
  desk.run_s(4.0);
  EXPECT_TRUE(desk.charge_on() && desk.discharge_on());
}

}  // namespace
}  // namespace packrig::test
