// When the firmware balances, which cell, for how long, and why not. The converter is played here.
#include <gtest/gtest.h>

#include <functional>

#include "models/bms/firmware.hpp"
#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

using bms::BalanceBlock;

constexpr std::uint8_t trigger_register = 0x06;
constexpr std::uint8_t current_register = 0x13;
constexpr std::uint8_t switch_register = 0x1F;
constexpr std::uint8_t start_register = 0x22;

// 8 LFP cells of 3300 mV; cell 3 the highest, cell 6 the lowest.
class Balancing : public testing::Test {
 protected:
  void set_difference_mV(double difference_mV, double high_mV = 3300.0) {
    desk.set_all_mV(8, high_mV - difference_mV / 2.0);
    desk.set_cell_mV(3, high_mV);
    desk.set_cell_mV(6, high_mV - difference_mV);
  }
  // Lets time pass, with a converter that gives what is asked.
  void run_s(double span_s) {
    const std::int64_t until_ns = desk.now_ns + std::llround(span_s * 1e9);
    while (desk.now_ns < until_ns) {
      const auto asked_mA = static_cast<std::int16_t>(desk.commands.balance_mA);
      if (desk.commands.balance_from != 0) desk.codes.balance_mA = static_cast<std::int16_t>(-asked_mA);
      if (desk.commands.balance_to != 0) desk.codes.balance_mA = asked_mA;
      if (asked_mA == 0 || faded) desk.codes.balance_mA = 0;
      desk.run_s(0.025);
    }
  }
  const bms::Firmware& firmware() const { return *static_cast<const bms::Firmware*>(desk.state()); }
  BalanceBlock blocked() const { return firmware().balancing.blocked; }
  int from() const { return desk.commands.balance_from; }
  int to() const { return desk.commands.balance_to; }
  double until_s(double within_s, const std::function<bool()>& holds) {
    const double from_s = desk.now_s();
    while (!holds() && desk.now_s() - from_s < within_s) run_s(0.025);
    return desk.now_s() - from_s;
  }

  Desk desk{lfp, 8};
  bool faded = false;
};

TEST_F(Balancing, StartsBeyondTheTriggerOnly) {
  const struct {
    double difference_mV;
    bool balances;
  } rows[] = {{8, false}, {10, false}, {11.1, true}, {12, true}};
  run_s(8.0);
  for (const auto& row : rows) {
    set_difference_mV(row.difference_mV);
    run_s(0.3);
    EXPECT_EQ(from(), row.balances ? 3 : 0) << row.difference_mV;
    EXPECT_EQ(blocked(), row.balances ? BalanceBlock::none : BalanceBlock::even) << row.difference_mV;
  }
  ASSERT_EQ(desk.write(trigger_register, 50), 0);
  run_s(0.3);
  EXPECT_EQ(from(), 0);
  set_difference_mV(52.0);
  run_s(0.3);
  EXPECT_EQ(from(), 3);
}

TEST_F(Balancing, StartsAboveTheStartVoltageAndStopsBelowIt) {
  ASSERT_EQ(desk.write(start_register, 3200), 0);
  run_s(8.0);
  const struct {
    double high_mV;
    bool balances;
  } rows[] = {{3198, false}, {3200, false}, {3202, true}, {3200, true}, {3198, false}, {3200, false}};
  for (const auto& row : rows) {
    set_difference_mV(30.0, row.high_mV);
    run_s(0.3);
    EXPECT_EQ(from() != 0, row.balances) << row.high_mV;
    if (!row.balances) {
      EXPECT_EQ(blocked(), BalanceBlock::below_start);
    }
  }
}

TEST_F(Balancing, AlternatesFortyThreeSecondsOutAndTwentyTwoIn) {
  run_s(8.0);
  set_difference_mV(30.0);
  until_s(1.0, [&] { return from() == 3; });
  EXPECT_EQ(desk.commands.balance_mA, 2000);
  for (int cycle = 0; cycle < 3; ++cycle) {
    EXPECT_NEAR(until_s(60.0, [&] { return to() != 0; }), 43.0, 0.15);
    EXPECT_EQ(to(), 6);
    EXPECT_EQ(from(), 0);
    EXPECT_NEAR(until_s(60.0, [&] { return from() != 0; }), 22.0, 0.15);
    EXPECT_EQ(from(), 3);
    EXPECT_EQ(to(), 0);
  }
}

TEST_F(Balancing, APhaseEndsWhenTheConvertersCurrentHasFaded) {
  run_s(8.0);
  set_difference_mV(30.0);
  until_s(1.0, [&] { return from() == 3; });
  run_s(5.0);
  faded = true;
  EXPECT_LT(until_s(5.0, [&] { return to() == 6; }), 0.3);
  faded = false;
  run_s(2.0);
  EXPECT_EQ(to(), 6);
  faded = true;
  EXPECT_LT(until_s(5.0, [&] { return from() == 3; }), 0.3);
  // A converter that gives nothing at all is not tried more often than once a second.
  EXPECT_NEAR(until_s(5.0, [&] { return to() == 6; }), 1.0, 0.15);
}

TEST_F(Balancing, APhaseEndsWhenItsCellIsNoLongerTheOneThatSticksOut) {
  run_s(8.0);
  set_difference_mV(30.0);
  until_s(1.0, [&] { return from() == 3; });
  desk.set_cell_mV(3, 3275);
  desk.set_cell_mV(5, 3300);
  run_s(0.2);
  EXPECT_EQ(to(), 6);
  desk.set_cell_mV(6, 3295);
  desk.set_cell_mV(2, 3250);
  run_s(0.2);
  EXPECT_EQ(from(), 5);
}

TEST_F(Balancing, ReportsTheConvertersCurrentWithItsSign) {
  run_s(8.0);
  set_difference_mV(30.0);
  run_s(2.0);
  EXPECT_EQ(firmware().balancing.current_mA, -2000);
  EXPECT_EQ(firmware().balancing.cell, 3);
  run_s(44.0);
  EXPECT_EQ(firmware().balancing.current_mA, 2000);
  EXPECT_EQ(firmware().balancing.cell, 6);
  ASSERT_EQ(desk.write(switch_register, 0), 0);
  run_s(0.2);
  EXPECT_EQ(firmware().balancing.current_mA, 0);
  EXPECT_EQ(firmware().balancing.cell, 0);
  EXPECT_EQ(desk.commands.balance_mA, 0);
}

TEST_F(Balancing, AsksForTheSettingAndNeverForMoreThanTheRating) {
  const struct {
    int setting_mA;
    int asked_mA;
  } rows[] = {{300, 300}, {1999, 1999}, {2000, 2000}, {2001, 2000}, {15000, 2000}};
  run_s(8.0);
  set_difference_mV(30.0);
  for (const auto& row : rows) {
    ASSERT_EQ(desk.write(current_register, row.setting_mA), 0);
    run_s(0.3);
    EXPECT_EQ(desk.commands.balance_mA, row.asked_mA);
  }
}

TEST_F(Balancing, HeedsItsSwitch) {
  ASSERT_EQ(desk.write(switch_register, 0), 0);
  run_s(8.0);
  set_difference_mV(30.0);
  run_s(1.0);
  EXPECT_EQ(from(), 0);
  EXPECT_EQ(blocked(), BalanceBlock::switched_off);
  ASSERT_EQ(desk.write(switch_register, 1), 0);
  run_s(0.2);
  EXPECT_EQ(from(), 3);
}

TEST_F(Balancing, WaitsForTheSelfTestOfTheWires) {
  set_difference_mV(30.0);
  run_s(0.6);
  EXPECT_EQ(blocked(), BalanceBlock::not_ready);
  EXPECT_LT(until_s(5.0, [&] { return blocked() == BalanceBlock::none; }), 1.5);
}

TEST_F(Balancing, GoesOnInAnOverVoltageAndWhileCurrentFlows) {
  run_s(8.0);
  set_difference_mV(100.0, 3650.0);
  run_s(5.0);
  EXPECT_FALSE(desk.charge_on());
  EXPECT_EQ(from(), 3);
  desk.set_current_A(50.0);
  run_s(0.2);
  EXPECT_EQ(from(), 3);
}

TEST_F(Balancing, IsForbiddenByAFaultUntilItHasGone) {
  run_s(8.0);
  set_difference_mV(900.0, 3300.0);  // cell 6 at 2.4 V, below the under-voltage
  run_s(2.0);
  EXPECT_EQ(from(), 3);
  run_s(2.0);
  EXPECT_EQ(from(), 0);
  EXPECT_EQ(blocked(), BalanceBlock::fault);
  set_difference_mV(30.0);
  run_s(0.3);
  EXPECT_EQ(from(), 3);
}

TEST_F(Balancing, KeepsToTheTemperaturesOfChargingWithOrWithoutACurrent) {
  run_s(8.0);
  set_difference_mV(30.0);
  const struct {
    double probe_degC;
    bool balances;
  } rows[] = {{25, true},  {69, true},   {71, false},  {61, false}, {59, true},
              {-19, true}, {-21, false}, {-11, false}, {-9, true}};
  for (const auto& row : rows) {
    desk.set_probe_degC(2, row.probe_degC);
    run_s(0.3);
    EXPECT_EQ(from() != 0, row.balances) << row.probe_degC;
    if (!row.balances) {
      EXPECT_EQ(blocked(), BalanceBlock::temperature) << row.probe_degC;
    }
  }
}

TEST_F(Balancing, AHotBoardForbidsIt) {
  run_s(8.0);
  set_difference_mV(30.0);
  desk.codes.board_ddegC = 1010;
  run_s(5.0);
  EXPECT_EQ(blocked(), BalanceBlock::fault);
  EXPECT_EQ(from(), 0);
}

// A start voltage that the over-voltage always forestalls is told apart from one that is not reached yet.
TEST(BalancingConflict, IsReportedWhereTheStartVoltageCanNeverBeReached) {
  const struct {
    int start_mV;
    BalanceBlock blocked;
  } rows[] = {{2500, BalanceBlock::below_start},
              {2699, BalanceBlock::below_start},
              {2700, BalanceBlock::conflict},
              {3000, BalanceBlock::conflict}};
  for (const auto& row : rows) {
    Desk desk(lto, 12, 2300.0);
    desk.set_cell_mV(4, 2350.0);
    ASSERT_EQ(desk.write(start_register, row.start_mV), 0);
    desk.run_s(5.0);
    EXPECT_EQ(static_cast<const bms::Firmware*>(desk.state())->balancing.blocked, row.blocked) << row.start_mV;
    EXPECT_EQ(desk.commands.balance_from, 0);
  }
}

TEST_F(Balancing, StopsWhenTheFrontEndSpeaksAnotherLayout) {
  run_s(8.0);
  set_difference_mV(30.0);
  run_s(1.0);
  ASSERT_EQ(from(), 3);
  desk.codes.version = PACKRIG_AFE_VERSION + 1;
  desk.interrupt();
  EXPECT_EQ(from(), 0);
  EXPECT_EQ(desk.commands.balance_mA, 0);
  EXPECT_EQ(desk.commands.open_wire_taps, 0);
}

}  // namespace
}  // namespace packrig::test
