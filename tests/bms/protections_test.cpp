// Each protection below, at and above its threshold and its delay; release and re-trip.
//
// Expected numbers: presets of real 11.x boards and the maker's manual of the sister models, written out here.
#include <gtest/gtest.h>

#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

struct CellCase {
  std::uint8_t chemistry;
  std::uint8_t count;
  double nominal_mV;
  double under_mV, under_release_mV, over_mV, over_release_mV;
};
class CellProtection : public testing::TestWithParam<CellCase> {};

TEST_P(CellProtection, OverVoltageTripsEveryCellAboveButNotAtTheThreshold) {
  const CellCase& c = GetParam();
  for (int cell = 1; cell <= c.count; ++cell) {
    Desk desk(c.chemistry, c.count, c.nominal_mV);
    desk.settle();
    desk.set_cell_mV(cell, c.over_mV);
    desk.run_s(20.0);
    EXPECT_TRUE(desk.charge_on()) << "cell " << cell << " at the threshold";
    const double imposed_s = desk.now_s();
    desk.set_cell_mV(cell, c.over_mV + 1.0);
    desk.run_s(10.0);
    expect_delay(desk.after_s(imposed_s, charge, false), 3.0);
    EXPECT_TRUE(desk.discharge_on());
  }
}

TEST_P(CellProtection, UnderVoltageTripsEveryCellBelowButNotAtTheThreshold) {
  const CellCase& c = GetParam();
  for (int cell = 1; cell <= c.count; ++cell) {
    Desk desk(c.chemistry, c.count, c.nominal_mV);
    desk.settle();
    desk.set_cell_mV(cell, c.under_mV);
    desk.run_s(20.0);
    EXPECT_TRUE(desk.discharge_on()) << "cell " << cell << " at the threshold";
    const double imposed_s = desk.now_s();
    desk.set_cell_mV(cell, c.under_mV - 1.0);
    desk.run_s(10.0);
    expect_delay(desk.after_s(imposed_s, discharge, false), 3.0);
    EXPECT_TRUE(desk.charge_on());
  }
}

TEST_P(CellProtection, OverVoltageEndsWhenAllCellsAreBelowTheRelease) {
  const CellCase& c = GetParam();
  Desk desk(c.chemistry, c.count, c.nominal_mV);
  desk.settle();
  desk.set_all_mV(c.count, c.over_mV + 10.0);
  desk.run_s(5.0);
  ASSERT_FALSE(desk.charge_on());
  desk.set_all_mV(c.count, c.over_release_mV - 1.0);
  desk.set_cell_mV(c.count, c.over_release_mV);
  desk.run_s(30.0);
  EXPECT_FALSE(desk.charge_on()) << "one cell stands at the release";
  const double imposed_s = desk.now_s();
  desk.set_cell_mV(c.count, c.over_release_mV - 1.0);
  desk.run_s(1.0);
  expect_delay(desk.after_s(imposed_s, charge, true), 0.0);
}

TEST_P(CellProtection, UnderVoltageEndsWhenAllCellsAreAboveTheRelease) {
  const CellCase& c = GetParam();
  Desk desk(c.chemistry, c.count, c.nominal_mV);
  ASSERT_EQ(desk.write(0x25, 0), 0);
  desk.settle();
  desk.set_all_mV(c.count, c.under_mV - 10.0);
  desk.run_s(5.0);
  ASSERT_FALSE(desk.discharge_on());
  desk.set_all_mV(c.count, c.under_release_mV + 1.0);
  desk.set_cell_mV(1, c.under_release_mV);
  desk.run_s(30.0);
  EXPECT_FALSE(desk.discharge_on()) << "one cell stands at the release";
  const double imposed_s = desk.now_s();
  desk.set_cell_mV(1, c.under_release_mV + 1.0);
  desk.run_s(1.0);
  expect_delay(desk.after_s(imposed_s, discharge, true), 0.0);
}

INSTANTIATE_TEST_SUITE_P(Chemistries, CellProtection,
                         testing::Values(CellCase{lfp, 8, 3300, 2600, 2650, 3600, 3550},
                                         CellCase{lfp, 25, 3300, 2600, 2650, 3600, 3550},
                                         CellCase{li_ion, 7, 3700, 2820, 2850, 4200, 4180},
                                         CellCase{li_ion, 25, 3700, 2820, 2850, 4200, 4180},
                                         CellCase{lto, 12, 2300, 1800, 2000, 2700, 2400},
                                         CellCase{lto, 25, 2300, 1800, 2000, 2700, 2400}));

TEST(CellDelay, ShortPulseDoesNotTripAndLongPulseDoes) {
  for (const bool over : {true, false}) {
    for (const double pulse_s : {2.7, 3.3}) {
      Desk desk;
      desk.settle();
      desk.set_cell_mV(5, over ? 3700 : 2500);
      desk.run_s(pulse_s);
      desk.set_cell_mV(5, 3300);
      desk.run_s(5.0);
      EXPECT_EQ(desk.edges.empty(), pulse_s < 3.0) << (over ? "over " : "under ") << pulse_s;
    }
  }
}

TEST(CellDelay, IntermittentExcursionsStartFromNothingEachTime) {
  Desk desk;
  desk.settle();
  for (int i = 0; i < 20; ++i) {
    desk.set_cell_mV(16, 3700);
    desk.run_s(1.8);
    desk.set_cell_mV(16, 3300);
    desk.run_s(1.8);
  }
  EXPECT_TRUE(desk.edges.empty());
}

TEST(CellDelay, InputsBeyondTheCellCountAreNotJudged) {
  Desk desk(lfp, 16);
  desk.settle();
  desk.set_cell_mV(17, 4900);
  desk.run_s(10.0);
  desk.set_cell_mV(17, 0);
  desk.run_s(10.0);
  EXPECT_TRUE(desk.edges.empty());
}

struct CurrentCase {
  double sign;  // discharge positive
  std::uint32_t drive;
  std::uint8_t limit_register, delay_register, release_register;
  double limit_A, delay_s, release_s;
};
class OverCurrent : public testing::TestWithParam<CurrentCase> {};

TEST_P(OverCurrent, TripsAboveButNotAtTheLimitAndReleasesByTime) {
  const CurrentCase& c = GetParam();
  Desk desk;
  ASSERT_EQ(desk.write(0x25, 0), 0);
  desk.settle();
  desk.set_current_A(c.sign * c.limit_A);
  desk.run_s(2.0 * c.delay_s);
  EXPECT_TRUE(desk.edges.empty()) << "at the limit";
  const double imposed_s = desk.now_s();
  desk.set_current_A(c.sign * (c.limit_A + 0.004));  // one count of the shunt
  desk.run_s(c.delay_s + 1.0);
  const double trip_s = desk.after_s(imposed_s, c.drive, false);
  expect_delay(trip_s, c.delay_s);
  ASSERT_EQ(desk.edges.size(), 1U) << "the other direction stays";

  desk.set_current_A(0.0);
  desk.run_s(c.release_s + 5.0);
  const double release_s = desk.after_s(imposed_s + trip_s, c.drive, true);
  expect_delay(release_s, c.release_s);
}

TEST_P(OverCurrent, StandingCurrentTripsAgainAfterEachRelease) {
  const CurrentCase& c = GetParam();
  Desk desk;
  ASSERT_EQ(desk.write(0x25, 0), 0);
  ASSERT_EQ(desk.write(c.delay_register, 2), 0);
  ASSERT_EQ(desk.write(c.release_register, 3), 0);
  desk.settle();
  desk.set_current_A(c.sign * (c.limit_A + 10.0));
  desk.run_s(60.0);
  int trips = 0;
  for (const DriveEdge& edge : desk.edges) trips += edge.drive == c.drive && !edge.on ? 1 : 0;
  EXPECT_GE(trips, 11);  // every 2 s + 3 s and at most two scans
  EXPECT_LE(trips, 12);
}

TEST_P(OverCurrent, PulsesShorterThanTheDelayNeverTrip) {
  const CurrentCase& c = GetParam();
  Desk desk;
  ASSERT_EQ(desk.write(c.delay_register, 10), 0);
  desk.settle();
  for (int i = 0; i < 10; ++i) {
    desk.set_current_A(c.sign * (c.limit_A + 20.0));
    desk.run_s(9.0);
    desk.set_current_A(0.0);
    desk.run_s(0.5);
  }
  EXPECT_TRUE(desk.edges.empty());
}

TEST_P(OverCurrent, DelayFollowsItsRegister) {
  const CurrentCase& c = GetParam();
  for (const int delay_s : {2, 120, 600}) {
    Desk desk;
    ASSERT_EQ(desk.write(c.delay_register, delay_s), 0);
    desk.settle();
    const double imposed_s = desk.now_s();
    desk.set_current_A(c.sign * (c.limit_A + 3.0));
    desk.run_s(delay_s + 1.0);
    expect_delay(desk.after_s(imposed_s, c.drive, false), delay_s);
  }
}

// The shunt ends at 300 A and 150 A; a reading there is no number, so it lies beyond whatever limit is set.
TEST_P(OverCurrent, SaturatedReadingIsBeyondEveryLimit) {
  const CurrentCase& c = GetParam();
  for (const int limit_mA : {c.sign > 0 ? 299000 : 149000, 600000}) {
    for (const int beyond_uV : {0, 1}) {
      Desk desk;
      ASSERT_EQ(desk.write(c.limit_register, limit_mA), 0);
      ASSERT_EQ(desk.write(c.delay_register, 2), 0);
      desk.settle();
      desk.codes.shunt_code = c.sign > 0 ? 75000 + beyond_uV : -37500 - beyond_uV;
      desk.run_s(2.5);
      EXPECT_EQ(desk.edges.size(), limit_mA < 600000 || beyond_uV > 0 ? 1U : 0U) << limit_mA << " " << beyond_uV;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Directions, OverCurrent,
                         testing::Values(CurrentCase{-1.0, charge, 0x0C, 0x0D, 0x0E, 25.0, 30.0, 60.0},
                                         CurrentCase{1.0, discharge, 0x0F, 0x10, 0x11, 200.0, 300.0, 60.0}));

struct ShortCase {
  std::uint16_t input;
  std::uint32_t drive;
};
class ShortCircuit : public testing::TestWithParam<ShortCase> {};

TEST_P(ShortCircuit, OpensAtTheVeryWakeReleasesRearmsAndTripsAgain) {
  Desk desk;
  ASSERT_EQ(desk.write(0x25, 0), 0);
  desk.settle();
  desk.run_s(0.0123);  // between two wakes
  const std::int64_t planned_ns = desk.commands.next_wake_ns;
  const double latched_s = desk.now_s();
  desk.codes.inputs |= GetParam().input;
  desk.interrupt();
  ASSERT_EQ(desk.edges.size(), 1U);
  EXPECT_EQ(desk.edges[0].drive, GetParam().drive);
  EXPECT_EQ(desk.edges[0].at_s, latched_s);
  EXPECT_EQ(desk.commands.next_wake_ns, planned_ns) << "an early wake must not shift the scan";

  desk.run_s(4.9);
  EXPECT_FALSE(desk.on(GetParam().drive));
  EXPECT_NE(desk.codes.inputs & GetParam().input, 0) << "not rearmed yet";
  desk.run_s(0.2);
  EXPECT_TRUE(desk.on(GetParam().drive));
  EXPECT_EQ(desk.codes.inputs & GetParam().input, 0) << "rearmed";

  desk.codes.inputs |= GetParam().input;  // onto a standing short
  desk.interrupt();
  EXPECT_FALSE(desk.on(GetParam().drive));
}

TEST_P(ShortCircuit, ThatStayedIsForgottenOnceThePathHolds) {
  Desk desk;
  ASSERT_EQ(desk.write(0x25, 0), 0);
  desk.settle();
  const auto stays = [&] { return (alarms_of(desk) & bms::bits_of(bms::Alarm::short_stays)) != 0; };
  desk.codes.inputs |= GetParam().input;
  desk.interrupt();
  EXPECT_FALSE(stays()) << "the first of them is no try that failed";
  desk.run_s(5.1);
  desk.codes.inputs |= GetParam().input;
  desk.interrupt();
  EXPECT_TRUE(stays());
  desk.run_s(5.1);
  EXPECT_TRUE(desk.on(GetParam().drive));
  desk.run_s(0.7);
  EXPECT_TRUE(stays()) << "it takes a second in which the path holds";
  desk.run_s(0.4);
  EXPECT_FALSE(stays());
}

TEST_P(ShortCircuit, ReleaseTimeFollowsItsRegister) {
  Desk desk;
  ASSERT_EQ(desk.write(0x25, 0), 0);
  ASSERT_EQ(desk.write(0x12, 60), 0);
  desk.settle();
  const double latched_s = desk.now_s();
  desk.codes.inputs |= GetParam().input;
  desk.interrupt();
  desk.run_s(70.0);
  expect_delay(desk.after_s(latched_s, GetParam().drive, true), 60.0);
}

INSTANTIATE_TEST_SUITE_P(Directions, ShortCircuit,
                         testing::Values(ShortCase{PACKRIG_INPUT_SHORT_DISCHARGE, discharge},
                                         ShortCase{PACKRIG_INPUT_SHORT_CHARGE, charge}));

TEST(ShortCircuit, ComparatorIsConfiguredFromTheSettings) {
  Desk desk;
  desk.settle();
  EXPECT_EQ(desk.commands.short_delay_us, 1500U);
  EXPECT_EQ(desk.commands.short_code, 100000);  // 400 A across 0.25 mOhm
  ASSERT_EQ(desk.write(0x21, 0), 0);
  desk.run_s(0.1);
  EXPECT_EQ(desk.commands.short_delay_us, 0U);
}

TEST(Combination, CausesCutAndReleaseIndependently) {
  Desk desk;
  desk.settle();
  desk.set_cell_mV(1, 3700);
  desk.set_cell_mV(2, 2500);
  desk.run_s(4.0);
  EXPECT_FALSE(desk.charge_on() || desk.discharge_on());
  desk.set_cell_mV(1, 3300);
  desk.run_s(1.0);
  EXPECT_TRUE(desk.charge_on());
  EXPECT_FALSE(desk.discharge_on());
}

// A path is open while any cause cuts it, whichever came first or ends first.
TEST(Combination, PathStaysOpenUntilItsLastCauseIsGone) {
  for (const bool voltage_first : {true, false}) {
    Desk desk;
    ASSERT_EQ(desk.write(0x0D, 2), 0);
    desk.settle();
    desk.set_cell_mV(1, 3700);
    desk.set_current_A(-40.0);
    desk.run_s(4.0);
    ASSERT_FALSE(desk.charge_on());
    desk.edges.clear();
    if (voltage_first) desk.set_cell_mV(1, 3300);
    desk.set_current_A(0.0);
    desk.run_s(57.0);  // the over-current holds for 60 s from its trip
    EXPECT_FALSE(desk.charge_on());
    desk.run_s(4.0);
    EXPECT_EQ(desk.charge_on(), voltage_first);
    desk.set_cell_mV(1, 3300);
    desk.run_s(0.3);
    EXPECT_TRUE(desk.charge_on());
  }
}

TEST(Combination, CauseThatComesDuringTheReleaseOfAnotherHasItsOwnDelay) {
  Desk desk;
  ASSERT_EQ(desk.write(0x0D, 2), 0);
  desk.settle();
  desk.set_current_A(-40.0);
  desk.run_s(3.0);
  ASSERT_FALSE(desk.charge_on());
  desk.set_current_A(0.0);
  desk.run_s(57.5);
  ASSERT_FALSE(desk.charge_on());
  const double imposed_s = desk.now_s();  // its delay of 3 s ends after the release of the other
  desk.set_cell_mV(1, 3700);
  desk.run_s(30.0);
  const double closed_s = desk.after_s(imposed_s, charge, true);
  EXPECT_LT(closed_s, 3.0) << "a path that was closed before waits for no delay";
  expect_delay(desk.after_s(imposed_s, charge, false), 3.0);
}

TEST(Combination, SwitchOnlyOpens) {
  Desk desk;
  ASSERT_EQ(desk.write(0x25, 0), 0);
  desk.settle();
  desk.set_cell_mV(1, 2500);
  desk.run_s(4.0);
  ASSERT_EQ(desk.write(0x1E, 0), 0);
  desk.set_cell_mV(1, 3300);  // released while the switch is off
  desk.run_s(5.0);
  EXPECT_FALSE(desk.discharge_on());
  ASSERT_EQ(desk.write(0x1E, 1), 0);
  desk.run_s(0.2);
  EXPECT_TRUE(desk.discharge_on());
}

TEST(Combination, LimitWrittenWhileBeyondCountsFromThen) {
  Desk desk;
  desk.settle();
  ASSERT_EQ(desk.write(0x05, 3250), 0);
  const double written_s = desk.now_s();
  ASSERT_EQ(desk.write(0x04, 3299), 0);
  desk.run_s(5.0);
  expect_delay(desk.after_s(written_s, charge, false), 3.0);
}

// Whatever the limits, a cell's channel that stands at an end of its converter is beyond them.
TEST(StuckCell, AtAnEndOfItsConverterCutsWithTheWidestLimits) {
  for (const auto& [code, drive] : {std::pair{65535, charge}, {0, discharge}}) {
    Desk desk;
    ASSERT_EQ(desk.write(0x04, 4350), 0);
    ASSERT_EQ(desk.write(0x0B, 1200), 0);
    ASSERT_EQ(desk.write(0x02, 1200), 0);
    desk.settle();
    const double stuck_s = desk.now_s();
    desk.codes.cell_code[15] = static_cast<std::uint16_t>(code);
    desk.run_s(5.0);
    expect_delay(desk.after_s(stuck_s, drive, false), 3.0);
    EXPECT_EQ(desk.edges.size(), 1U);
  }
}

TEST(LongRun, TimersDoNotWrap) {
  for (const std::int64_t days : {200, 136 * 365}) {  // beyond 2^32 ms, and to the end of the clock
    Desk desk;
    desk.now_ns = days * 86400 * ns_per_s;
    desk.settle();
    const double imposed_s = desk.now_s();
    desk.set_cell_mV(3, 3700);
    desk.run_s(5.0);
    EXPECT_NEAR(desk.after_s(imposed_s, charge, false), 3.1, 0.11);
    EXPECT_EQ(desk.after_s(imposed_s, discharge, false), never_s);
  }
}

}  // namespace
}  // namespace packrig::test
