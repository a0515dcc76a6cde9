// Coulomb counter, state of charge, capacity, cycles: each limit below, at and above. Truth is computed here.
#include "models/bms/charge_counter.hpp"

#include <gtest/gtest.h>

#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

constexpr std::uint8_t soc_full_register = 0x07;
constexpr std::uint8_t soc_empty_register = 0x08;

// 16 LFP cells, 10 Ah, anchored full at the voltage of 3560 mV and resting since.
Desk full_desk() {
  Desk desk;
  EXPECT_EQ(desk.write(capacity_register, 10000), 0);
  desk.set_all_mV(16, 3570.0);
  desk.run_s(4.0);
  EXPECT_EQ(charge_of(desk).soc_percent, 100);
  desk.set_all_mV(16, 3300.0);
  desk.run_s(1.0);
  return desk;
}

void flow(Desk& desk, double current_A, double span_s) {
  desk.set_current_A(current_A);
  desk.run_s(span_s);
  desk.set_current_A(0.0);
  desk.run_s(0.2);  // the last sample stands until the next
}

TEST(Count, IsTheIntegralOfTheCurrentBothWays) {
  Desk desk = full_desk();
  flow(desk, 10.0, 360.0);  // 1 Ah
  EXPECT_NEAR(charge_of(desk).remaining_mAh, 9000.0, 1.0);
  EXPECT_EQ(charge_of(desk).soc_percent, 90);
  flow(desk, -5.0, 360.0);  // 0.5 Ah
  EXPECT_NEAR(charge_of(desk).remaining_mAh, 9500.0, 1.0);
  EXPECT_EQ(charge_of(desk).soc_percent, 95);
}

TEST(Count, LosesNothingHoweverSmallTheStepAndOddTheCurrent) {
  Desk desk = full_desk();
  bms::ChargeCounter counter{};
  bms::Measurements measured{};
  for (auto& cell_mV : measured.cell_mV) cell_mV = 3300;
  bms::Settings settings = firmware_of(desk).settings;
  const std::int64_t spans_ns[] = {1, 333'333'333, 7, 999'999'999, 1'000'000'001, 123'456'789};
  std::int64_t now_ns = 0;
  std::int64_t truth_mAns = 0;
  measured.current_mA = 12347;
  for (int i = 0; i < 60000; ++i) {
    bms::count_charge(bms::b2a25srp, lfp, settings, measured, now_ns, counter);
    now_ns += spans_ns[i % 6];
    truth_mAns += spans_ns[i % 6] * 12347;
  }
  bms::count_charge(bms::b2a25srp, lfp, settings, measured, now_ns, counter);
  EXPECT_EQ(counter.discharged.total_mAs * 1'000'000'000 + counter.discharged.fraction_mAns, truth_mAns);
  EXPECT_EQ(counter.charged.total_mAs, 0);
}

TEST(Count, ASampleStandsForYearsWithoutOverflow) {
  bms::ChargeCounter counter{};
  bms::Measurements measured{};
  Desk desk;
  measured.current_mA = -150000;
  bms::count_charge(bms::b2a25srp, lfp, firmware_of(desk).settings, measured, 0, counter);
  const std::int64_t year_s = 365 * 86400;
  bms::count_charge(bms::b2a25srp, lfp, firmware_of(desk).settings, measured, 100 * year_s * ns_per_s, counter);
  EXPECT_EQ(counter.charged.total_mAs, 150000 * 100 * year_s);
}

TEST(Count, WhatFlowsAtTheEndOfASleepIsNotChargedWithTheSleep) {
  Desk desk = full_desk();
  flow(desk, 10.0, 360.0);
  const std::uint32_t before_mAh = charge_of(desk).remaining_mAh;
  desk.now_ns += 86400 * ns_per_s;  // no wake for a day
  desk.commands.next_wake_ns = desk.now_ns;
  desk.set_current_A(-100.0);
  desk.run_s(0.11);  // the first scan after it
  EXPECT_NEAR(charge_of(desk).remaining_mAh, before_mAh, 6.0);
}

// 0.24 A is the copy's own choice.
TEST(DeadBand, EndsAtAQuarterOfAnAmpere) {
  for (const double current_A : {0.236, 0.240, -0.236, -0.240, 0.244, -0.244}) {
    Desk desk = full_desk();
    flow(desk, 10.0, 360.0);
    const std::uint32_t before_mAh = charge_of(desk).remaining_mAh;
    flow(desk, current_A, 36000.0);
    const bool counts = std::fabs(current_A) > 0.241;
    const double expected_mAh = before_mAh - (counts ? current_A * 10000.0 : 0.0);
    EXPECT_NEAR(charge_of(desk).remaining_mAh, std::min(expected_mAh, 10000.0), 2.0) << current_A;
  }
}

TEST(Saturation, CountsTheEndOfTheRangeAndIsNotLearnedFrom) {
  Desk desk = full_desk();
  flow(desk, 400.0, 36.0);  // beyond 300 A: 3 Ah are counted
  EXPECT_NEAR(charge_of(desk).remaining_mAh, 7000.0, 50.0);
  EXPECT_EQ(firmware_of(desk).charge.anchor, bms::Anchor::none);
}

TEST(Bounds, RemainingChargeStaysWithinEmptyAndFull) {
  Desk desk = full_desk();
  flow(desk, -10.0, 360.0);
  EXPECT_EQ(charge_of(desk).remaining_mAh, 10000U);
  flow(desk, 10.0, 3700.0);
  EXPECT_EQ(charge_of(desk).remaining_mAh, 0U);
  EXPECT_EQ(charge_of(desk).soc_percent, 0);
  flow(desk, -10.0, 36.0);
  EXPECT_NEAR(charge_of(desk).remaining_mAh, 100.0, 1.0) << "from empty on, not from what was overdrawn";
}

TEST(FullAnchor, IsReachedByOneCellAtTheRegistersVoltage) {
  for (const double cell_mV : {3559.0, 3560.0, 3561.0}) {
    Desk desk;
    desk.set_all_mV(16, 3300.0);
    desk.set_cell_mV(5, cell_mV);
    desk.run_s(10.0);
    EXPECT_EQ(charge_of(desk).soc_percent == 100, cell_mV > 3559.5) << cell_mV;
  }
}

TEST(FullAnchor, ComesAfterThreeSecondsWithoutABreak) {
  Desk desk;
  desk.run_s(1.0);
  desk.set_cell_mV(5, 3570.0);
  desk.run_s(2.9);
  EXPECT_NE(charge_of(desk).soc_percent, 100);
  desk.set_cell_mV(5, 3300.0);
  desk.run_s(0.2);
  desk.set_cell_mV(5, 3570.0);
  desk.run_s(2.9);
  EXPECT_NE(charge_of(desk).soc_percent, 100);
  desk.run_s(0.4);
  EXPECT_EQ(charge_of(desk).soc_percent, 100);
}

// 0.5 A is the copy's own limit of a current that counts as discharging.
TEST(FullAnchor, IsNotReachedWhileDischarging) {
  for (const double current_A : {0.496, 0.500, 0.504}) {
    Desk desk;
    desk.set_current_A(current_A);
    desk.set_cell_mV(5, 3570.0);
    desk.run_s(10.0);
    EXPECT_EQ(charge_of(desk).soc_percent == 100, current_A < 0.502) << current_A;
  }
}

// A fifth of the capacity in an hour: 2 A of 10 Ah.
TEST(FullAnchor, WaitsForAFastChargeToSlowDown) {
  for (const auto& [charge_A, full] : {std::pair{2.0, true}, {2.04, false}}) {
    Desk desk = full_desk();
    flow(desk, 10.0, 360.0);
    desk.set_all_mV(16, 3570.0);
    flow(desk, -charge_A, 10.0);
    EXPECT_EQ(charge_of(desk).soc_percent, full ? 100 : 90) << charge_A;
    flow(desk, -2.0, 4.0);
    EXPECT_EQ(charge_of(desk).soc_percent, 100);
  }
}

TEST(EmptyAnchor, IsReachedByOneCellAtTheRegistersVoltage) {
  for (const double cell_mV : {2619.0, 2620.0, 2621.0}) {
    Desk desk;
    desk.set_cell_mV(5, cell_mV);
    desk.run_s(10.0);
    EXPECT_EQ(charge_of(desk).soc_percent == 0, cell_mV < 2620.5) << cell_mV;
  }
}

TEST(EmptyAnchor, IsNotReachedWhileCharging) {
  for (const double current_A : {-0.496, -0.500, -0.504}) {
    Desk desk;
    desk.set_current_A(current_A);
    desk.set_cell_mV(5, 2610.0);
    desk.run_s(10.0);
    EXPECT_EQ(charge_of(desk).soc_percent == 0, current_A > -0.502) << current_A;
  }
}

TEST(Anchors, FollowTheirRegisters) {
  Desk desk;
  ASSERT_EQ(desk.write(soc_full_register, 3400), 0);
  ASSERT_EQ(desk.write(soc_empty_register, 3000), 0);
  desk.set_all_mV(16, 3400.0);
  desk.run_s(4.0);
  EXPECT_EQ(charge_of(desk).soc_percent, 100);
  desk.set_all_mV(16, 3000.0);
  desk.run_s(4.0);
  EXPECT_EQ(charge_of(desk).soc_percent, 0);
}

TEST(Anchors, AskAllCellsWhereThePartSaysSo) {
  bms::Part part = bms::b2a25srp;
  part.full_anchor = bms::AnchorCells::all;
  part.empty_anchor = bms::AnchorCells::all;
  const Desk desk;
  const bms::Settings& settings = firmware_of(desk).settings;
  for (const int reached : {15, 16}) {
    for (const auto& [cell_mV, soc_percent] : {std::pair{3560, 100}, {2620, 0}}) {
      bms::ChargeCounter counter{};
      counter.known = 1;
      counter.setting_mAh = counter.full_mAh = 100000;
      counter.remaining_mAs = 50000LL * 3600;
      bms::Measurements measured{};
      for (int cell = 0; cell < 16; ++cell) measured.cell_mV[cell] = cell < reached ? cell_mV : 3300;
      for (std::int64_t t_s = 0; t_s <= 4; ++t_s) {
        bms::count_charge(part, lfp, settings, measured, t_s * ns_per_s, counter);
      }
      EXPECT_EQ(bms::charge_of(counter).soc_percent, reached == 16 ? soc_percent : 50) << cell_mV;
    }
  }
}

TEST(FirstStart, EstimatesFromTheVoltageOfRestedCells) {
  struct Row {
    std::uint8_t chemistry;
    double cell_mV;
    int soc_percent;
  };
  // The curve's own points, one between two, and beyond its ends: the table is the copy's choice.
  const Row rows[] = {{lfp, 2700, 0},     {lfp, 2800, 0},   {lfp, 3000, 5},    {lfp, 3200, 10},    {lfp, 3292, 50},
                      {lfp, 3400, 100},   {lfp, 3450, 100}, {li_ion, 3000, 0}, {li_ion, 3720, 50}, {li_ion, 3765, 55},
                      {li_ion, 4155, 97}, {lto, 1900, 3},   {lto, 2280, 50},   {lto, 2590, 95}};
  for (const Row& row : rows) {
    Desk desk(row.chemistry, 16, row.cell_mV);
    desk.run_s(0.2);
    EXPECT_NEAR(charge_of(desk).soc_percent, row.soc_percent, 1) << int{row.chemistry} << " " << row.cell_mV;
  }
}

TEST(FirstStart, NothingIsKnownBeforeTheFirstScan) {
  Desk desk;
  desk.run_s(0.0999);
  EXPECT_EQ(charge_of(desk).full_mAh, 0U);
  EXPECT_EQ(charge_of(desk).soh_percent, 0);
  desk.run_s(0.0002);
  EXPECT_EQ(charge_of(desk).full_mAh, 100000U);
  EXPECT_EQ(charge_of(desk).soh_percent, 100);
}

TEST(Start, ShowsNothingForSixteenSecondsWhileItCounts) {
  Desk desk = full_desk();
  flow(desk, 10.0, 360.0);
  desk.run_s(60.0);  // stored
  desk.restart();
  const auto shown = [&] {
    const bms::Firmware& firmware = firmware_of(desk);
    return bms::shown_charge(bms::b2a25srp, firmware.charge, firmware.clock.since_on_ns);
  };
  desk.set_current_A(36.0);
  desk.run_s(15.99);
  EXPECT_EQ(shown().soc_percent, 0);
  EXPECT_EQ(shown().remaining_mAh, 0U);
  EXPECT_EQ(shown().cycle_mAh, 0U);
  EXPECT_EQ(shown().full_mAh, 10000U);
  EXPECT_LT(charge_of(desk).remaining_mAh, 8900U);
  desk.run_s(0.02);
  EXPECT_EQ(shown().soc_percent, 88);
  EXPECT_EQ(shown().remaining_mAh, charge_of(desk).remaining_mAh);
  EXPECT_GT(shown().cycle_mAh, 0U);
}

// From full to empty, and back, with a pack that is not what was set.
TEST(Learning, TakesTheChargeBetweenTheAnchorsAsCapacity) {
  for (const double truth_Ah : {8.0, 10.0, 11.0}) {
    Desk desk = full_desk();
    flow(desk, 10.0, truth_Ah * 360.0);
    desk.set_all_mV(16, 2610.0);
    desk.run_s(4.0);
    EXPECT_NEAR(charge_of(desk).full_mAh, truth_Ah * 1000.0, 3.0);
    EXPECT_EQ(charge_of(desk).soh_percent, std::min(100, static_cast<int>(truth_Ah * 10.0)));
    EXPECT_EQ(charge_of(desk).soc_percent, 0);
    desk.set_all_mV(16, 3300.0);
    flow(desk, -10.0, truth_Ah * 180.0);
    EXPECT_EQ(charge_of(desk).soc_percent, 50);
    flow(desk, -10.0, truth_Ah * 144.0);  // full 10 % too soon
    desk.set_all_mV(16, 3570.0);
    desk.run_s(4.0);
    EXPECT_NEAR(charge_of(desk).full_mAh, truth_Ah * 900.0, 3.0);
    EXPECT_EQ(charge_of(desk).remaining_mAh, charge_of(desk).full_mAh);
  }
}

TEST(Learning, RefusesWhatCannotBeTheCapacity) {
  // 50 % and 120 % of the setting are the copy's own limits.
  for (const auto& [moved_Ah, learned] : {std::pair{4.99, false}, {5.01, true}, {11.99, true}, {12.01, false}}) {
    Desk desk = full_desk();
    flow(desk, 10.0, moved_Ah * 360.0);
    desk.set_all_mV(16, 2610.0);
    desk.run_s(4.0);
    EXPECT_EQ(charge_of(desk).full_mAh != 10000U, learned) << moved_Ah;
  }
}

TEST(Learning, RefusesAnchorsTooFarApart) {
  for (const auto& [hours, learned] : {std::pair{11.9, true}, {12.1, false}}) {
    Desk desk = full_desk();
    flow(desk, 8.0, 3600.0);
    desk.run_s((hours - 1.0) * 3600.0);
    desk.set_all_mV(16, 2610.0);
    desk.run_s(4.0);
    EXPECT_EQ(charge_of(desk).full_mAh != 10000U, learned) << hours;
  }
}

TEST(Learning, NeedsBothAnchorsSinceTheStart) {
  Desk desk = full_desk();
  flow(desk, 8.0, 3600.0);
  desk.run_s(60.0);
  desk.restart();
  desk.set_all_mV(16, 2610.0);
  desk.run_s(4.0);
  EXPECT_EQ(charge_of(desk).full_mAh, 10000U);
  EXPECT_EQ(charge_of(desk).soc_percent, 0);
}

TEST(CapacitySetting, KeepsThePercentageAndForgetsWhatWasLearned) {
  Desk desk = full_desk();
  flow(desk, 10.0, 8.0 * 360.0);
  desk.set_all_mV(16, 2610.0);
  desk.run_s(4.0);
  ASSERT_NEAR(charge_of(desk).full_mAh, 8000.0, 3.0);
  desk.set_all_mV(16, 3300.0);
  flow(desk, -10.0, 4.0 * 360.0);
  ASSERT_EQ(charge_of(desk).soc_percent, 50);
  ASSERT_EQ(desk.write(capacity_register, 20000000), 0);
  desk.run_s(0.2);
  EXPECT_EQ(charge_of(desk).soc_percent, 50);
  EXPECT_EQ(charge_of(desk).full_mAh, 20000000U);
  EXPECT_EQ(charge_of(desk).soh_percent, 100);
}

TEST(CapacitySetting, ForgottenItLeavesTheStateOfHealthWhole) {
  bms::ChargeCounter counter{};
  counter.known = 1;
  counter.full_mAh = 8000;
  counter.setting_mAh = 10000;
  EXPECT_EQ(bms::charge_of(counter).soh_percent, 80);
  bms::forget_capacity(counter);  // as a factory reset does, until the next scan
  EXPECT_EQ(bms::charge_of(counter).soh_percent, 100);
}

TEST(Cycles, AreHalfOfAllChargeOverTheFullCapacity) {
  Desk desk = full_desk();
  for (int i = 0; i < 2; ++i) {
    flow(desk, 10.0, 1800.0);  // 5 Ah out, 5 Ah in
    flow(desk, -10.0, 1800.0);
  }
  EXPECT_NEAR(charge_of(desk).cycle_mAh, 10000.0, 3.0);
  flow(desk, 10.0, -0.2 + 1780.0);
  EXPECT_EQ(charge_of(desk).cycles, 1U);
  flow(desk, -10.0, 1800.0 + 3600.0);
  EXPECT_NEAR(charge_of(desk).cycle_mAh, 10000.0 + 4944.0 / 2 + 15000.0 / 2, 30.0);
  EXPECT_EQ(charge_of(desk).cycles, 1U);
  flow(desk, 10.0, 100.0);
  EXPECT_EQ(charge_of(desk).cycles, 2U);
}

}  // namespace
}  // namespace packrig::test
