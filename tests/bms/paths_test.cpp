// Paths that do not follow their drives, a precharge in vain, a short circuit that stays, a front end that is lost.
#include <gtest/gtest.h>

#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

bool alarm(const Desk& desk, int bit) { return (alarms_of(desk) >> bit & 1U) != 0; }

struct PathCase {
  std::uint32_t drive;
  std::uint16_t feedback;
  std::uint8_t path_switch;
  int unclosed_bit, stuck_bit;
};
class Path : public testing::TestWithParam<PathCase> {};

TEST_P(Path, ThatDoesNotCloseIsOpenedAndTriedAgainAfterAMinute) {
  const PathCase& c = GetParam();
  Desk desk = settled();
  const double lost_s = desk.now_s();
  desk.hold_contact(c.feedback, false);
  desk.run_s(5.0);
  const double opened_s = desk.after_s(lost_s, c.drive, false);
  expect_delay(opened_s, 0.2);
  EXPECT_TRUE(alarm(desk, c.unclosed_bit));
  EXPECT_EQ(desk.edges.size(), 1U) << "the other path stays";
  desk.release_contacts();
  desk.run_s(60.0);
  expect_delay(desk.after_s(lost_s + opened_s, c.drive, true), 60.0);
  EXPECT_EQ(alarms_of(desk), 0U);
}

TEST_P(Path, MayTakeTheTimeOfAContactor) {
  const PathCase& c = GetParam();
  Desk desk = settled();
  desk.hold_contact(c.feedback, false);
  desk.run_s(0.15);
  desk.release_contacts();
  desk.run_s(5.0);
  EXPECT_TRUE(desk.edges.empty());
  EXPECT_EQ(alarms_of(desk), 0U);
}

TEST_P(Path, ThatDoesNotOpenIsAnAlarm) {
  const PathCase& c = GetParam();
  Desk desk = settled();
  desk.hold_contact(c.feedback, true);
  desk.run_s(5.0);
  EXPECT_EQ(alarms_of(desk), 0U) << "it shall be closed";
  ASSERT_EQ(desk.write(c.path_switch, 0), 0);
  desk.run_s(0.15);
  EXPECT_EQ(alarms_of(desk), 0U) << "within its time";
  desk.run_s(0.4);
  EXPECT_EQ(alarms_of(desk), 1U << c.stuck_bit);
  EXPECT_EQ(desk.edges.size(), 1U) << "nothing is left to cut";
  desk.release_contacts();
  desk.run_s(0.3);
  EXPECT_EQ(alarms_of(desk), 0U);
}

INSTANTIATE_TEST_SUITE_P(Directions, Path,
                         testing::Values(PathCase{charge, PACKRIG_INPUT_CHARGE_FEEDBACK, 0x1D, 16, 16},
                                         PathCase{discharge, PACKRIG_INPUT_DISCHARGE_FEEDBACK, 0x1E, 20, 17}));

TEST(StuckPath, ShowsByItsCurrentToo) {
  struct Row {
    int charge_on, discharge_on;
    double current_A;
    std::uint32_t alarms;
  };
  // The sensor's zero may be 1.5 A off, by the sheet: more than that flows for sure.
  const Row rows[] = {
      {0, 0, 1.5, 0},         {0, 0, 1.6, 1U << 17}, {0, 0, -1.5, 0},
      {0, 0, -1.6, 1U << 16}, {1, 0, 1.6, 1U << 17},  // nothing discharges through a charger
      {0, 1, -1.6, 0},                                // a load that feeds back
      {1, 1, 1.6, 0},         {1, 1, -1.6, 0},
  };
  for (const Row& row : rows) {
    Desk desk = settled();
    ASSERT_EQ(desk.write(0x1D, row.charge_on), 0);
    ASSERT_EQ(desk.write(0x1E, row.discharge_on), 0);
    desk.set_current_A(row.current_A);
    desk.run_s(2.0);
    EXPECT_EQ(alarms_of(desk), row.alarms) << row.charge_on << row.discharge_on << " " << row.current_A;
  }
}

TEST(Precharge, ThatStillCarriesACurrentAtItsEndFails) {
  for (const double current_A : {-2.0, 0.5, 0.504}) {
    Desk desk;
    desk.run_s(1.0);
    ASSERT_TRUE(desk.on(PACKRIG_DRIVE_PRECHARGE));
    desk.set_current_A(current_A);
    desk.run_s(5.0);
    const bool failed = current_A > 0.5;
    EXPECT_EQ(desk.after_s(0.0, discharge, true) == never_s, failed) << current_A;
    EXPECT_FALSE(desk.on(PACKRIG_DRIVE_PRECHARGE));
    EXPECT_EQ(alarm(desk, 20), failed) << current_A;
    if (!failed) continue;
    desk.set_current_A(0.0);
    desk.run_s(59.0);
    EXPECT_FALSE(desk.on(PACKRIG_DRIVE_PRECHARGE)) << "not tried again yet";
    desk.run_s(8.0);
    EXPECT_TRUE(desk.discharge_on());
    EXPECT_FALSE(alarm(desk, 20));
  }
}

// What the sensor shows before anything can flow is its zero, and no load.
TEST(Precharge, IsNotFailedByASensorWhoseZeroIsOff) {
  for (const auto& [load_A, failed] : {std::pair{0.5, false}, {0.504, true}}) {
    constexpr double zero_A = 1.4;
    Desk desk;
    desk.set_current_A(zero_A);
    desk.run_s(1.0);
    ASSERT_TRUE(desk.on(PACKRIG_DRIVE_PRECHARGE));
    desk.set_current_A(zero_A + load_A);
    desk.run_s(5.0);
    EXPECT_EQ(alarm(desk, 20), failed) << load_A;
    EXPECT_EQ(desk.discharge_on(), !failed) << load_A;
  }
}

// The preset recloses after 5 s; each time the short stands, the comparator latches again.
TEST(StandingShort, IsGivenUpAfterThreeReclosings) {
  for (const auto& [input, drive, path_switch] :
       {std::tuple{PACKRIG_INPUT_SHORT_DISCHARGE, discharge, 0x1E}, {PACKRIG_INPUT_SHORT_CHARGE, charge, 0x1D}}) {
    Desk desk = settled();
    int trips = 0;
    for (int i = 0; i < 6000; ++i) {
      if (desk.on(drive)) {
        desk.codes.inputs = static_cast<std::uint16_t>(desk.codes.inputs | input);
        desk.interrupt();
        ++trips;
        EXPECT_EQ(alarm(desk, 24), trips > 1) << "the first release has not failed";
      }
      desk.run_s(0.01);
    }
    EXPECT_EQ(trips, 4) << "one and three reclosings";
    EXPECT_TRUE(alarm(desk, 24));
    const auto& firmware = *static_cast<const bms::Firmware*>(desk.state());
    const bms::Alarm tripped = drive == discharge ? bms::Alarm::discharge_short : bms::Alarm::charge_short;
    EXPECT_EQ(bms::release_left_s(firmware.settings, firmware.protections, tripped, desk.now_ns), 0)
        << "no time ends it";
    ASSERT_EQ(desk.write(static_cast<std::uint8_t>(path_switch), 0), 0);
    desk.run_s(1.0);
    ASSERT_EQ(desk.write(static_cast<std::uint8_t>(path_switch), 1), 0);
    desk.run_s(3.0);
    EXPECT_TRUE(desk.on(drive));
    EXPECT_EQ(alarms_of(desk), 0U);
  }
}

TEST(StandingShort, ThatHeldForASecondBeginsAnew) {
  Desk desk = settled();
  for (int i = 0; i < 8; ++i) {
    desk.codes.inputs |= PACKRIG_INPUT_SHORT_DISCHARGE;
    desk.interrupt();
    EXPECT_FALSE(alarm(desk, 24));
    desk.run_s(6.5);
    EXPECT_TRUE(desk.discharge_on());
  }
}

TEST(FrontEnd, ThatConvertsNothingForASecondIsLost) {
  Desk desk = settled();
  const double lost_s = desk.now_s();
  desk.front_end_answers = false;
  desk.run_s(0.9);
  EXPECT_TRUE(desk.edges.empty());
  desk.run_s(0.3);
  EXPECT_NEAR(desk.after_s(lost_s, charge, false), 1.0, 0.13);
  EXPECT_NEAR(desk.after_s(lost_s, discharge, false), 1.0, 0.13);
  EXPECT_EQ(alarms_of(desk), 1U << 10);
  desk.front_end_answers = true;
  desk.run_s(0.3);
  EXPECT_TRUE(desk.charge_on() && desk.discharge_on());
  EXPECT_EQ(alarms_of(desk), 0U);
}

TEST(CurrentSensor, AtTheEndOfItsConverterCutsBothForAMinute) {
  for (const auto& [shunt_uV, lost] : {std::pair{79999, false}, {80000, true}, {-39999, false}, {-40000, true}}) {
    Desk desk = settled();
    const double lost_s = desk.now_s();
    desk.codes.shunt_code = shunt_uV;
    desk.run_s(2.9);
    EXPECT_EQ(alarms_of(desk), 0U);
    desk.run_s(0.4);
    EXPECT_EQ(alarm(desk, 3), lost) << shunt_uV;
    EXPECT_EQ(desk.charge_on() && desk.discharge_on(), !lost) << shunt_uV;
    if (!lost) continue;
    expect_delay(desk.after_s(lost_s, charge, false), 3.0);
    desk.set_current_A(0.0);
    desk.run_s(59.0);
    EXPECT_FALSE(desk.charge_on());
    desk.run_s(2.0);
    EXPECT_TRUE(desk.charge_on() && desk.discharge_on());
  }
}

// Limits of a pack are those of a cell times the number of cells: 16 x 3600 mV and 16 x 2600 mV.
TEST(PackVoltage, RaisesItsBitWhenTheSumOfTheCellsIsBeyond) {
  for (const int over_mV : {0, 1}) {
    Desk desk = settled();
    desk.set_all_mV(16, 3600);
    desk.set_cell_mV(3, 3600 + over_mV);
    desk.run_s(4.0);
    EXPECT_EQ(alarms_of(desk), over_mV > 0 ? 1U << 4 | 1U << 5 : 0U);
    desk.set_all_mV(16, 2600);
    desk.set_cell_mV(3, 2600 - over_mV);
    desk.run_s(4.0);
    EXPECT_EQ(alarms_of(desk), over_mV > 0 ? 1U << 11 | 1U << 12 : 0U);
  }
  Desk desk = settled();
  desk.set_cell_mV(3, 4500);
  desk.run_s(4.0);
  EXPECT_EQ(alarms_of(desk), 1U << 4) << "one cell beyond, the pack not";
}

}  // namespace
}  // namespace packrig::test
