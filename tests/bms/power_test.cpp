// Power modes: what switches the board off and on again; before, at and after each limit.
//
// Expected numbers: LFP preset (power-off 2500 mV, under-voltage 2600 mV, delay 3 s), LCD port of the family (button
// 1 s on, 3 s off).
#include <gtest/gtest.h>

#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

using bms::PowerReason;

constexpr std::int64_t far_ns = 3600 * ns_per_s;

Desk in_storage() {
  Desk desk = settled();
  EXPECT_EQ(desk.write(0x65, 0), 0);
  desk.run_s(1.0);
  desk.edges.clear();
  return desk;
}

TEST(PowerOff, HighestCellDecidesAfterTheDelay) {
  for (const double highest_mV : {2501.0, 2500.0, 2499.0}) {
    Desk desk = settled();
    desk.set_all_mV(16, 2400.0);
    desk.set_cell_mV(9, highest_mV);
    desk.run_s(2.9);
    EXPECT_EQ(desk.commands.power_mode, running);
    desk.run_s(2.0);
    EXPECT_EQ(desk.commands.power_mode, highest_mV < 2500.0 ? off : running) << highest_mV;
  }
}

TEST(PowerOff, OfAPartThatJudgesTheLowestCellThatOneDecides) {
  bms::Part part = bms::b2a25srp;
  const Desk desk = settled();
  const bms::Firmware& firmware = firmware_of(desk);
  const bms::CellRange cells{2499, 3300, 16 * 3200};
  for (const bms::PowerOffCell cell : {bms::PowerOffCell::highest, bms::PowerOffCell::lowest}) {
    part.power_off_cell = cell;
    bms::Power power = bms::power_after_start();
    bms::judge_power(part, firmware.settings, firmware.measured, cells, firmware.protections, {}, desk.now_ns, power);
    EXPECT_EQ(power.reason == PowerReason::power_off_voltage, cell == bms::PowerOffCell::lowest);
  }
}

TEST(PowerOff, OpensThePathsFirst) {
  Desk desk = settled();
  ASSERT_EQ(desk.write(0x02, 2500), 0);
  desk.set_all_mV(16, 2499.0);
  double opened_s = never_s;
  double gone_s = never_s;
  for (int i = 0; i < 1000; ++i) {
    desk.run_s(0.005);
    if (opened_s == never_s && !desk.charge_on() && !desk.discharge_on()) opened_s = desk.now_s();
    if (gone_s == never_s && desk.commands.power_mode == off) gone_s = desk.now_s();
  }
  EXPECT_GE(gone_s - opened_s, 0.2);
  EXPECT_LE(gone_s - opened_s, 1.0) << "counters are kept meanwhile";
  EXPECT_EQ(reason_of(desk), PowerReason::power_off_voltage);
  EXPECT_GT(desk.commands.next_wake_ns, desk.now_ns + far_ns) << "nothing runs";
  EXPECT_EQ(desk.commands.drives, 0U);
}

// A zero that is off, or a welded contact: what is counted would change for as long as it is waited for.
TEST(PowerOff, DoesNotWaitForACurrentThatGoesOn) {
  for (const double current_A : {0.64, -0.64, 30.0}) {
    Desk desk = settled();
    desk.set_current_A(current_A);
    desk.run_s(5.0);
    ASSERT_EQ(desk.write(0x65, 0), 0);
    desk.run_s(2.0);
    EXPECT_EQ(desk.commands.power_mode, storage) << current_A;
    const bms::Counters& kept = firmware_of(desk).store.counters.copy[firmware_of(desk).saving.counters.in_use].body;
    EXPECT_NEAR(static_cast<double>(kept.discharged_mAs - kept.charged_mAs), current_A * 5.2e3,
                std::fabs(current_A) * 0.3e3)
        << "5 s, and until the paths are open";
  }
}

TEST(PowerOff, ExcursionShorterThanTheDelayIsForgotten) {
  Desk desk = settled();
  for (int i = 0; i < 5; ++i) {
    desk.set_all_mV(16, 2400.0);
    desk.run_s(2.7);
    desk.set_all_mV(16, 3300.0);
    desk.run_s(1.0);
  }
  EXPECT_EQ(desk.commands.power_mode, running);
}

TEST(PowerOff, StartingBelowItNothingEverCloses) {
  Desk desk(lfp, 16, 2499.0);
  desk.run_s(10.0);
  EXPECT_TRUE(desk.edges.empty());
  EXPECT_EQ(desk.commands.power_mode, off);
  EXPECT_GT(desk.commands.next_wake_ns, desk.now_ns + far_ns);
}

TEST(PowerOff, ChargerKeepsTheBoardOnAndChargesUntilItIsTakenOut) {
  Desk desk(lfp, 16, 2499.0);
  desk.set_input(PACKRIG_INPUT_CHARGER, true);
  desk.run_s(30.0);
  EXPECT_EQ(desk.commands.power_mode, running);
  EXPECT_TRUE(desk.charge_on());
  EXPECT_FALSE(desk.discharge_on());
  desk.plug_charger(false);
  desk.run_s(2.8);
  EXPECT_EQ(desk.commands.power_mode, running);
  desk.run_s(1.0);
  EXPECT_EQ(desk.commands.power_mode, off);
}

TEST(PowerOff, ButtonOnAPackThatIsTooLowClosesNothing) {
  Desk desk(lfp, 16, 2499.0);
  desk.run_s(1.0);
  desk.press(true);
  desk.run_s(1.1);
  EXPECT_EQ(desk.commands.power_mode, running);
  desk.press(false);
  desk.run_s(1.0);
  EXPECT_EQ(desk.commands.power_mode, off);
  EXPECT_TRUE(desk.edges.empty());
}

TEST(PowerOff, WrongNumberOfCellsIsNoLowPack) {
  Desk desk(lfp, 16, 0.0);
  desk.run_s(30.0);
  EXPECT_EQ(desk.commands.power_mode, running) << "so that it can tell of it";
}

TEST(Storage, ChargerWakesAtOnceAndEverythingIsBack) {
  Desk desk = in_storage();
  ASSERT_EQ(desk.commands.power_mode, storage);
  EXPECT_EQ(desk.commands.drives, 0U);
  EXPECT_GT(desk.commands.next_wake_ns, desk.now_ns + far_ns);
  desk.run_s(30 * 86400.0);
  desk.plug_charger(true);
  EXPECT_EQ(desk.commands.power_mode, running);
  EXPECT_EQ(reason_of(desk), PowerReason::charger);
  const double woken_s = desk.now_s();
  desk.run_s(1.0);
  EXPECT_NEAR(desk.after_s(woken_s, charge, true), 0.1, 1e-6) << "after one scan";
  desk.set_cell_mV(3, 3700.0);
  const double imposed_s = desk.now_s();
  desk.run_s(5.0);
  expect_delay(desk.after_s(imposed_s, charge, false), 3.0);
}

TEST(Storage, ChargerThatWasInBeforeDoesNotWake) {
  Desk desk = settled();
  desk.plug_charger(true);
  ASSERT_EQ(desk.write(0x65, 0), 0);
  desk.run_s(10.0);
  EXPECT_EQ(desk.commands.power_mode, storage);
  desk.plug_charger(false);
  EXPECT_EQ(desk.commands.power_mode, storage);
  desk.plug_charger(true);
  EXPECT_EQ(desk.commands.power_mode, running);
}

TEST(Storage, ChargerPutInWhileThePathsOpenKeepsTheBoardOn) {
  Desk desk = settled();
  ASSERT_EQ(desk.write(0x65, 0), 0);
  desk.run_s(0.1);
  ASSERT_FALSE(desk.charge_on());
  desk.plug_charger(true);
  desk.run_s(1.0);
  EXPECT_EQ(desk.commands.power_mode, running);
  EXPECT_TRUE(desk.charge_on());
}

TEST(Storage, NoBusWakes) {
  Desk desk = in_storage();
  for (std::uint8_t port = 0; port < 4; ++port) desk.receive(port);
  EXPECT_EQ(desk.commands.power_mode, storage);
  EXPECT_GT(desk.commands.next_wake_ns, desk.now_ns + far_ns);
}

TEST(Button, OneSecondSwitchesOn) {
  for (const double press_s : {0.999, 1.001}) {
    Desk desk = in_storage();
    desk.press(true);
    EXPECT_EQ(desk.commands.power_mode, storage);
    desk.run_s(press_s);
    desk.press(false);
    desk.run_s(1.0);
    EXPECT_EQ(desk.commands.power_mode, press_s > 1.0 ? running : storage) << press_s;
    EXPECT_EQ(desk.charge_on(), press_s > 1.0);
  }
}

TEST(Button, ThreeSecondsSwitchOff) {
  for (const double press_s : {2.9, 3.1}) {
    Desk desk = settled();
    desk.press(true);
    desk.run_s(press_s);
    desk.press(false);
    desk.run_s(1.0);
    EXPECT_EQ(desk.commands.power_mode, press_s > 3.0 ? storage : running) << press_s;
    EXPECT_EQ(desk.discharge_on(), press_s < 3.0);
  }
}

TEST(Button, OnePressDoesOneThing) {
  Desk desk = in_storage();
  desk.press(true);
  desk.run_s(60.0);
  EXPECT_EQ(desk.commands.power_mode, running) << "not off again";
  desk.press(false);
  desk.run_s(1.0);
  desk.press(true);
  desk.run_s(60.0);
  EXPECT_EQ(desk.commands.power_mode, storage) << "not on again";
}

TEST(Bus, HoldsTheTransceiversForTenSeconds) {
  for (std::uint8_t port = 0; port < 4; ++port) {
    Desk desk = settled();
    EXPECT_EQ(desk.commands.power_mode, running);
    desk.receive(port);
    const bool counts = port <= 1;  // RS485, CAN; Bluetooth and the display are not on the sheet's 15 mA
    EXPECT_EQ(desk.commands.power_mode, counts ? running_with_bus : running) << int{port};
    desk.run_s(9.9);
    EXPECT_EQ(desk.commands.power_mode, counts ? running_with_bus : running) << int{port};
    desk.run_s(0.2);
    EXPECT_EQ(desk.commands.power_mode, running) << int{port};
  }
}

// Codes of the JK02 logbook: what has been noted last, once.
TEST(PowerLog, SaysWhyTheBoardIsOffOrAsleep) {
  struct Row {
    const char* name;
    void (*impose)(Desk&);
    std::uint32_t code;
  };
  const Row rows[] = {
      {"voltage", [](Desk& desk) { desk.set_all_mV(16, 2400.0), desk.run_s(10.0); }, 0x02},
      {"command",
       [](Desk& desk) {
         EXPECT_EQ(desk.write(0x65, 0), 0);
         desk.run_s(2.0);
       },
       0x2C},
      {"button", [](Desk& desk) { desk.press(true), desk.run_s(5.0); }, 0x2D},
      {"emergency on",
       [](Desk& desk) {
         EXPECT_EQ(desk.write(0x6B, 1), 0);
         desk.run_s(2.0);
       },
       0x29},
      {"emergency off",
       [](Desk& desk) {
         EXPECT_EQ(desk.write(0x6B, 1), 0);
         desk.run_s(2.0);
         EXPECT_EQ(desk.write(0x6B, 0), 0);
         desk.run_s(2.0);
       },
       0x2A},
      {"emergency over",
       [](Desk& desk) {
         EXPECT_EQ(desk.write(0xB5, 1), 0);
         EXPECT_EQ(desk.write(0x6B, 1), 0);
         desk.run_s(62.0);
       },
       0x2B},
      {"sleep",
       [](Desk& desk) {
         EXPECT_EQ(desk.write(0x39, 1), 0);
         EXPECT_EQ(desk.write(0x2D, 1), 0);
         desk.run_s(3610.0);
       },
       0x38},
  };
  for (const Row& row : rows) {
    Desk desk = settled();
    desk.run_s(5.0);
    row.impose(desk);
    const bms::Firmware& firmware = firmware_of(desk);
    int noted = 0;
    bms::Event event{};
    for (std::uint32_t age = 0; bms::read_event(firmware.store.log, firmware.log, age, event); ++age) {
      noted += event.code == row.code ? 1 : 0;
    }
    EXPECT_EQ(noted, 1) << row.name;
  }
}

TEST(Supply, FrontEndThatIsBackFindsTheBoardAsItWas) {
  Desk desk = in_storage();
  desk.codes.version = PACKRIG_AFE_VERSION + 1;
  desk.interrupt();
  EXPECT_EQ(desk.commands.drives, 0U);
  EXPECT_EQ(firmware_of(desk).protections.alarms, 1U << 10);
  desk.codes.version = PACKRIG_AFE_VERSION;
  desk.run_s(1.0);
  EXPECT_EQ(desk.commands.power_mode, storage);
}

}  // namespace
}  // namespace packrig::test
