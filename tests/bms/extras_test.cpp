// Heater, dry contacts and the emergency switch.
#include <gtest/gtest.h>

#include "models/bms/dry_contacts.hpp"
#include "models/bms/firmware.hpp"
#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

constexpr std::uint32_t heater = PACKRIG_DRIVE_HEATER;
constexpr std::uint32_t dry_1 = PACKRIG_DRIVE_DRY_1;
constexpr std::uint32_t dry_2 = PACKRIG_DRIVE_DRY_2;

// Starts below 5 degC, stops above 10 degC.
Desk with_heater(double probe_degC) {
  Desk desk = settled();
  EXPECT_EQ(desk.write(0x37, 5), 0);
  EXPECT_EQ(desk.write(0x38, 10), 0);
  EXPECT_EQ(desk.write(0x27, 1), 0);
  desk.set_probe_degC(1, 30.0);
  desk.set_probe_degC(2, probe_degC);
  desk.set_input(PACKRIG_INPUT_CHARGER, true);
  desk.run_s(1.0);
  return desk;
}

TEST(Heater, StartsBelowAndStopsAboveByTheColdestProbe) {
  Desk desk = with_heater(5.5);
  EXPECT_FALSE(desk.on(heater));
  desk.set_probe_degC(2, 4.5);
  desk.run_s(0.3);
  EXPECT_TRUE(desk.on(heater));
  desk.set_probe_degC(2, 9.5);
  desk.run_s(1.0);
  EXPECT_TRUE(desk.on(heater)) << "between the two it goes on";
  desk.set_probe_degC(2, 10.5);
  desk.run_s(0.3);
  EXPECT_FALSE(desk.on(heater));
  desk.set_probe_degC(2, 6.0);
  desk.run_s(1.0);
  EXPECT_FALSE(desk.on(heater)) << "between the two it stays off";
}

TEST(Heater, StopWinsWhereTheLevelsOverlapAsABoardIsDelivered) {
  Desk desk = settled();
  ASSERT_EQ(desk.read(0x37), 60);
  ASSERT_EQ(desk.read(0x38), 50);
  ASSERT_EQ(desk.write(0x27, 1), 0);
  desk.set_input(PACKRIG_INPUT_CHARGER, true);
  for (const auto& [probe_degC, on] : {std::pair{49.5, true}, {50.5, false}, {59.5, false}, {60.5, false}}) {
    desk.set_probe_degC(1, probe_degC);
    desk.run_s(0.5);
    EXPECT_EQ(desk.on(heater), on) << probe_degC;
  }
}

TEST(Heater, NeverRunsWithoutSwitchChargerOrReadableProbe) {
  const std::pair<const char*, void (*)(Desk&)> causes[] = {
      {"switch", [](Desk& desk) { ASSERT_EQ(desk.write(0x27, 0), 0); }},
      {"charger", [](Desk& desk) { desk.set_input(PACKRIG_INPUT_CHARGER, false); }},
      {"the cold probe lost", [](Desk& desk) { desk.open_probe(2); }},
      {"another probe lost", [](Desk& desk) { desk.open_probe(1); }},
      {"probe shorted", [](Desk& desk) { desk.short_probe(3); }},
      {"probes disabled", [](Desk& desk) { ASSERT_EQ(desk.write(0x28, 1), 0); }},
  };
  for (const auto& [name, impose] : causes) {
    Desk desk = with_heater(0.0);
    ASSERT_TRUE(desk.on(heater)) << name;
    impose(desk);
    desk.run_s(0.3);
    EXPECT_FALSE(desk.on(heater)) << name;
  }
}

TEST(Heater, StopsForAnOverTemperatureAndWhenTheBoardSwitchesOff) {
  Desk hot = with_heater(0.0);
  hot.codes.board_ddegC = 1010;
  hot.run_s(4.0);
  EXPECT_FALSE(hot.on(heater));
  Desk off = with_heater(0.0);
  ASSERT_EQ(off.write(0x65, 0), 0);
  off.run_s(0.1);
  EXPECT_FALSE(off.on(heater));
}

TEST(Probes, DisabledOnesNeitherProtectNorFail) {
  Desk desk = settled();
  desk.set_probe_degC(1, 25.0);
  desk.run_s(1.0);
  ASSERT_EQ(desk.write(0x28, 1), 0);
  desk.set_current_A(-5.0);
  desk.set_probe_degC(1, 90.0);
  desk.run_s(10.0);
  desk.open_probe(1);
  desk.run_s(10.0);
  EXPECT_TRUE(desk.edges.empty());
  ASSERT_EQ(desk.write(0x28, 0), 0);
  desk.run_s(4.0);
  EXPECT_FALSE(desk.charge_on()) << "it is still lost";
}

TEST(DischargeCold, ActsOnlyWhereARealReleaseIsSet) {
  Desk desk = settled();
  desk.set_current_A(5.0);
  desk.set_probe_degC(1, -30.0);
  desk.run_s(10.0);
  EXPECT_TRUE(desk.edges.empty()) << "0 and 0, as delivered";
  ASSERT_EQ(desk.write(0x3A, -20), 0);
  ASSERT_EQ(desk.write(0x3B, -10), 0);
  for (const auto& [probe_degC, trips] : {std::pair{-19.5, false}, {-20.5, true}}) {
    Desk each = desk;
    each.set_probe_degC(1, probe_degC);
    each.run_s(0.3);
    each.edges.clear();
    each.run_s(5.0);
    EXPECT_EQ(!each.discharge_on(), trips) << probe_degC;
    if (!trips) continue;
    each.set_current_A(0.0);
    each.set_probe_degC(1, -10.5);
    each.run_s(5.0);
    EXPECT_FALSE(each.discharge_on()) << "before the release";
    each.set_probe_degC(1, -9.5);
    each.run_s(0.5);
    EXPECT_TRUE(each.discharge_on());
  }
}

TEST(DryContact, FollowsItsSource) {
  Desk desk = settled();
  ASSERT_EQ(desk.write(0x1D, 1), 0);
  ASSERT_EQ(desk.write(0xAA, 4), 0);   // cell over-voltage
  ASSERT_EQ(desk.write(0xAB, 10), 0);  // any alarm
  desk.run_s(1.0);
  EXPECT_FALSE(desk.on(dry_1) || desk.on(dry_2));
  desk.set_cell_mV(2, 2500);
  desk.run_s(4.0);
  EXPECT_FALSE(desk.on(dry_1));
  EXPECT_TRUE(desk.on(dry_2));
  desk.set_cell_mV(3, 3700);
  desk.run_s(4.0);
  EXPECT_TRUE(desk.on(dry_1) && desk.on(dry_2));
  desk.set_all_mV(16, 3300);
  desk.run_s(1.0);
  EXPECT_FALSE(desk.on(dry_1) || desk.on(dry_2));
}

TEST(DryContact, IsOffAsDelivered) {
  Desk desk = settled();
  desk.set_cell_mV(3, 3700);
  desk.run_s(4.0);
  EXPECT_FALSE(desk.on(dry_1) || desk.on(dry_2));
}

TEST(DryContact, StaysOpenForSourcesThatNothingFeeds) {
  for (const int source : {0, 1, 12, 13}) {  // off, charge below 0 %, remote control, charge above 0 %
    Desk desk = settled();
    ASSERT_EQ(desk.write(0xAA, source), 0);
    desk.set_cell_mV(3, 3700);
    desk.run_s(20.0);
    EXPECT_EQ(desk.on(dry_1), source == 13) << source;
  }
}

TEST(DryContact, FollowsTheChargeThatIsCountedWhileTheBoardStillShowsNone) {
  Desk desk = settled();
  ASSERT_EQ(desk.write(0xAA, 13), 0);  // charge above 0 %
  desk.run_s(5.0);                     // stored
  desk.restart();
  desk.run_s(10.0);
  EXPECT_TRUE(desk.on(dry_1));
}

TEST(DryContact, FollowsTheStateOfChargeWithHysteresis) {
  bms::Options options{};
  options.dry_1_source = 1;  // low
  options.dry_1 = {20, 25};
  options.dry_2_source = 13;  // high
  options.dry_2 = {90, 80};
  struct Row {
    int soc_percent;
    std::uint32_t before, after;
  };
  for (const Row& row : {Row{20, 0, 0}, Row{19, 0, dry_1}, Row{25, dry_1, dry_1}, Row{26, dry_1, 0}, Row{90, 0, 0},
                         Row{91, 0, dry_2}, Row{80, dry_2, dry_2}, Row{79, dry_2, 0}}) {
    EXPECT_EQ(bms::due_contacts(options, {0, row.soc_percent}, row.before), row.after) << row.soc_percent;
  }
}

TEST(DryContact, BeatsWithinASecondWhereItIsIntermittent) {
  Desk desk = settled();
  ASSERT_EQ(desk.write(0xAB, 4), 0);
  ASSERT_EQ(desk.write(0x32, 1), 0);
  desk.set_cell_mV(3, 3700);
  desk.run_s(5.0);
  desk.edges.clear();
  desk.run_s(10.0);
  int edges = 0;
  for (const DriveEdge& edge : desk.edges) edges += edge.drive == dry_2 ? 1 : 0;
  EXPECT_EQ(edges, 10);
}

// The under-voltage of the LFP preset: 2600 mV.
Desk discharged() {
  Desk desk = settled();
  desk.set_cell_mV(3, 2590);
  desk.run_s(4.0);
  EXPECT_FALSE(desk.discharge_on());
  return desk;
}

TEST(EmergencySwitch, LiftsAnUnderVoltageForItsMinutes) {
  Desk desk = discharged();
  ASSERT_EQ(desk.write(0xB5, 2), 0);
  ASSERT_EQ(desk.write(0x6B, 1), 0);
  desk.run_s(0.2);
  EXPECT_TRUE(desk.discharge_on());
  const auto& firmware = *static_cast<const bms::Firmware*>(desk.state());
  EXPECT_EQ(firmware.protections.alarms, 1U << 11) << "the alarm stays";
  EXPECT_NEAR(bms::emergency_left_s(firmware.emergency, desk.now_ns), 120, 1);
  desk.run_s(119.6);
  EXPECT_TRUE(desk.discharge_on());
  desk.run_s(0.5);
  EXPECT_FALSE(desk.discharge_on());
  EXPECT_EQ(bms::emergency_left_s(firmware.emergency, desk.now_ns), 0);
}

TEST(EmergencySwitch, EndsByCommand) {
  Desk desk = discharged();
  ASSERT_EQ(desk.write(0x6B, 1), 0);
  desk.run_s(1.0);
  ASSERT_TRUE(desk.discharge_on());
  ASSERT_EQ(desk.write(0x6B, 0), 0);
  desk.run_s(0.1);
  EXPECT_FALSE(desk.discharge_on());
}

TEST(EmergencySwitch, LiftsNothingElse) {
  const std::pair<const char*, void (*)(Desk&)> causes[] = {
      {"short circuit", [](Desk& desk) { desk.codes.inputs |= PACKRIG_INPUT_SHORT_DISCHARGE, desk.interrupt(); }},
      {"over-temperature", [](Desk& desk) { desk.set_current_A(5.0), desk.set_probe_degC(1, 75.0); }},
      {"switch", [](Desk& desk) { ASSERT_EQ(desk.write(0x1E, 0), 0); }},
      {"power-off voltage", [](Desk& desk) { desk.set_all_mV(16, 2400.0); }},
  };
  for (const auto& [name, impose] : causes) {
    Desk desk = discharged();
    ASSERT_EQ(desk.write(0x6B, 1), 0);
    desk.run_s(1.0);
    ASSERT_TRUE(desk.discharge_on()) << name;
    impose(desk);
    desk.run_s(3.5);
    EXPECT_FALSE(desk.discharge_on()) << name;
  }
}

TEST(EmergencySwitch, ButtonTurnsItOnAndOffWhereItIsAllowed) {
  for (const int allowed : {0, 1}) {
    Desk desk = discharged();
    ASSERT_EQ(desk.write(0x31, allowed), 0);
    for (const bool expected : {true, false, true}) {
      desk.press(true);
      desk.run_s(0.3);
      desk.press(false);
      desk.run_s(0.2);
      EXPECT_EQ(desk.discharge_on(), expected && allowed != 0);
    }
  }
}

TEST(EmergencySwitch, RefusesWhatItDoesNotKnow) {
  Desk desk;
  EXPECT_EQ(desk.write(0x6B, 2), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(desk.write(0x6B, -1), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(desk.write(0xB5, -1), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(desk.write(0xB5, 256), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(desk.write(0xB5, 255), PACKRIG_WRITE_OK);
}

}  // namespace
}  // namespace packrig::test
