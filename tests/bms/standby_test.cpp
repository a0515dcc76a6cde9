// Smart sleep: what lets the board into standby, what it does there and what wakes it.
//
// Expected numbers: registers 0x01, 0x2D and 0x39; LFP preset (power-off 2500 mV, over-voltage 3600 mV, delay 3 s).
#include <gtest/gtest.h>

#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

using bms::PowerReason;

// Smart sleep after an hour.
Desk sleepy() {
  Desk desk = settled();
  EXPECT_EQ(desk.write(0x39, 1), 0);
  EXPECT_EQ(desk.write(0x2D, 1), 0);
  return desk;
}

// The same below 3.35 V; all cells stand at 3.3 V.
Desk in_standby() {
  Desk desk = sleepy();
  EXPECT_EQ(desk.write(0x01, 3350), 0);
  desk.run_s(3602.0);
  return desk;
}

TEST(SmartSleep, NeedsItsSwitchLowCellsAndTheWholeTime) {
  struct Row {
    int on;
    double highest_mV;
    double current_A;
    bool sleeps;
  };
  for (const Row& row : {Row{1, 3349.0, 0.0, true}, Row{0, 3349.0, 0.0, false}, Row{1, 3350.0, 0.0, false},
                         Row{1, 3349.0, 1.5, true}, Row{1, 3349.0, 1.504, false}, Row{1, 3349.0, -1.504, false}}) {
    Desk desk = settled();
    ASSERT_EQ(desk.write(0x01, 3350), 0);
    ASSERT_EQ(desk.write(0x39, 1), 0);
    desk.set_cell_mV(5, row.highest_mV);
    desk.set_current_A(row.current_A);
    desk.run_s(1.0);
    ASSERT_EQ(desk.write(0x2D, row.on), 0);
    desk.run_s(3599.0);
    EXPECT_EQ(desk.commands.power_mode, running);
    desk.run_s(2.0);
    EXPECT_EQ(desk.commands.power_mode, row.sleeps ? standby : running) << row.highest_mV << " " << row.current_A;
  }
}

TEST(SmartSleep, NeverComesWithAChargerIn) {
  Desk desk = sleepy();
  desk.plug_charger(true);
  desk.run_s(4000.0);
  EXPECT_EQ(desk.commands.power_mode, running);
  desk.plug_charger(false);
  desk.run_s(3599.0);
  EXPECT_EQ(desk.commands.power_mode, running);
  desk.run_s(2.0);
  EXPECT_EQ(desk.commands.power_mode, standby);
}

TEST(SmartSleep, CountsAnewAfterAnyActivity) {
  Desk desk = sleepy();
  desk.run_s(3000.0);
  desk.set_current_A(5.0);
  desk.run_s(1.0);
  desk.set_current_A(0.0);
  desk.run_s(3000.0);
  desk.receive(0);
  desk.run_s(3000.0);
  EXPECT_EQ(desk.commands.power_mode, running);
  desk.run_s(620.0);
  EXPECT_EQ(desk.commands.power_mode, standby);
}

TEST(SmartSleep, CountdownIsTold) {
  Desk desk = settled();
  ASSERT_EQ(desk.write(0x39, 24), 0);
  const auto left_s = [&] {
    const bms::Firmware& firmware = firmware_of(desk);
    return bms::seconds_to_sleep(firmware.settings, firmware.power, desk.now_ns);
  };
  desk.run_s(100.0);
  EXPECT_EQ(left_s(), 86400);
  ASSERT_EQ(desk.write(0x2D, 1), 0);
  desk.run_s(100.0);
  EXPECT_NEAR(left_s(), 86300, 1);
  ASSERT_EQ(desk.write(0x39, 1), 0);
  desk.run_s(3510.0);
  EXPECT_EQ(desk.commands.power_mode, standby);
  EXPECT_EQ(left_s(), 0);
}

TEST(Standby, PathsStayAndTheScanIsSlower) {
  Desk desk = in_standby();
  ASSERT_EQ(desk.commands.power_mode, standby);
  EXPECT_TRUE(desk.charge_on() && desk.discharge_on());
  EXPECT_TRUE(desk.edges.empty());
  const std::int64_t before_ns = desk.commands.next_wake_ns;
  desk.now_ns = before_ns;
  desk.codes.fresh = desk.commands.convert;
  desk.step();
  EXPECT_EQ(desk.commands.next_wake_ns - before_ns, 125'000'000);
}

TEST(Standby, ProtectsAndWakesForIt) {
  Desk desk = in_standby();
  const double imposed_s = desk.now_s();
  desk.set_cell_mV(16, 3700.0);
  desk.run_s(1.1);
  EXPECT_EQ(desk.commands.power_mode, running);
  desk.run_s(4.0);
  EXPECT_NEAR(desk.after_s(imposed_s, charge, false), 3.5, 0.5) << "a slow scan later at most";
}

TEST(Standby, ShortCircuitOpensAtItsVeryWake) {
  Desk desk = in_standby();
  desk.codes.inputs |= PACKRIG_INPUT_SHORT_DISCHARGE;
  desk.interrupt();
  EXPECT_FALSE(desk.discharge_on());
}

TEST(Standby, EachWakerWakes) {
  struct Row {
    const char* name;
    void (*wake)(Desk&);
    PowerReason reason;
  };
  const Row rows[] = {
      {"charger", [](Desk& desk) { desk.plug_charger(true); }, PowerReason::charger},
      {"button", [](Desk& desk) { desk.press(true); }, PowerReason::button},
      {"RS485", [](Desk& desk) { desk.receive(0); }, PowerReason::bus},
      {"CAN", [](Desk& desk) { desk.receive(1); }, PowerReason::bus},
      {"load", [](Desk& desk) { desk.set_current_A(1.6), desk.run_s(0.6); }, PowerReason::activity},
      {"charging", [](Desk& desk) { desk.set_current_A(-1.6), desk.run_s(0.6); }, PowerReason::activity},
  };
  for (const Row& row : rows) {
    Desk desk = in_standby();
    ASSERT_EQ(desk.commands.power_mode, standby);
    row.wake(desk);
    EXPECT_GE(desk.commands.power_mode, running) << row.name;
    EXPECT_EQ(reason_of(desk), row.reason) << row.name;
    EXPECT_LE(desk.commands.next_wake_ns, desk.now_ns + 25'000'000) << row.name;
    EXPECT_TRUE(desk.edges.empty()) << row.name << " moves no path";
  }
}

TEST(Standby, GoesOffWhenThePackRunsLow) {
  Desk desk = in_standby();
  desk.set_all_mV(16, 2400.0);
  desk.run_s(6.0);
  EXPECT_EQ(desk.commands.power_mode, off);
}

TEST(Standby, PressThatWokeDoesNothingElse) {
  Desk desk = in_standby();
  desk.press(true);
  desk.run_s(10.0);
  EXPECT_EQ(desk.commands.power_mode, running);
  desk.press(false);
  EXPECT_FALSE(bms::active(firmware_of(desk).emergency, desk.now_ns));
}

}  // namespace
}  // namespace packrig::test
