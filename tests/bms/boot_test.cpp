// What a board does before it closes a path for the first time: wait for the rules, count the cells.
#include <gtest/gtest.h>

#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

constexpr std::uint32_t precharge = PACKRIG_DRIVE_PRECHARGE;

Desk without_precharge(std::uint8_t count = 16) {
  Desk desk(lfp, count);
  EXPECT_EQ(desk.write(0x25, 0), 0);
  return desk;
}

// LFP preset: over-voltage 3600 mV, under-voltage 2600 mV, both after 3 s.
TEST(FirstClosing, ChargePathNeverClosesOntoACellAboveItsLimit) {
  for (const double cell_mV : {3599.0, 3600.0, 3601.0, 4200.0}) {
    Desk desk = without_precharge();
    desk.set_cell_mV(7, cell_mV);
    desk.run_s(20.0);
    const bool beyond = cell_mV > 3600.0;
    EXPECT_EQ(desk.after_s(0.0, charge, true) == never_s, beyond) << cell_mV;
    EXPECT_NEAR(desk.after_s(0.0, discharge, true), 0.1, 1e-9) << "the other path is free";
  }
}

TEST(FirstClosing, DischargePathNeverClosesNorPrechargesOntoACellBelowItsLimit) {
  for (const double cell_mV : {2601.0, 2600.0, 2599.0, 1500.0}) {
    Desk desk;  // with precharge
    desk.set_cell_mV(7, cell_mV);
    desk.run_s(20.0);
    const bool beyond = cell_mV < 2600.0;
    EXPECT_EQ(desk.after_s(0.0, discharge, true) == never_s, beyond) << cell_mV;
    EXPECT_EQ(desk.after_s(0.0, precharge, true) == never_s, beyond) << cell_mV;
    EXPECT_NEAR(desk.after_s(0.0, charge, true), 0.1, 1e-9) << "the other path is free";
  }
}

TEST(FirstClosing, ComesAsSoonAsTheCellIsBackWithinTheDelay) {
  Desk desk = without_precharge();
  desk.set_cell_mV(7, 3700.0);
  desk.run_s(1.0);
  ASSERT_FALSE(desk.charge_on());
  desk.set_cell_mV(7, 3599.0);  // it has not tripped, so the release at 3550 mV does not matter
  desk.run_s(0.2);
  EXPECT_TRUE(desk.charge_on());
}

TEST(FirstClosing, OnceClosedAPathStaysForTheDelayOfItsProtection) {
  Desk desk = without_precharge();
  desk.settle();
  desk.set_cell_mV(7, 3700.0);
  desk.run_s(2.8);
  EXPECT_TRUE(desk.charge_on());
  desk.run_s(0.5);
  EXPECT_FALSE(desk.charge_on());
}

TEST(FirstClosing, WaitsAsWellWhenTheSwitchComesLater) {
  Desk desk = without_precharge();
  ASSERT_EQ(desk.write(0x1D, 0), 0);
  desk.run_s(5.0);
  desk.set_cell_mV(7, 3700.0);
  desk.run_s(0.3);
  ASSERT_EQ(desk.write(0x1D, 1), 0);
  desk.run_s(10.0);
  EXPECT_EQ(desk.after_s(0.0, charge, true), never_s);
}

TEST(CellNumber, BothPathsStayOpenUnlessItIsTheSetting) {
  for (const int connected : {14, 15, 16, 17, 18}) {
    Desk desk = without_precharge(16);
    desk.set_all_mV(25, 0.0);
    desk.set_all_mV(connected, 3300.0);
    desk.run_s(10.0);
    const bool fits = connected == 16;
    EXPECT_EQ(desk.charge_on() && desk.discharge_on(), fits) << connected;
    EXPECT_EQ(desk.edges.empty(), !fits) << connected;
  }
}

// 500 mV is the copy's own choice: whoever reads more is a cell.
TEST(CellNumber, CountsWhatReadsMoreThanHalfAVolt) {
  for (const double cell_mV : {499.0, 500.0, 501.0}) {
    Desk desk = without_precharge();
    desk.set_cell_mV(3, cell_mV);
    desk.run_s(1.0);
    // A cell that counts is an under-voltage: charging stays possible.
    EXPECT_EQ(desk.charge_on(), cell_mV > 500.0) << cell_mV;
    EXPECT_FALSE(desk.discharge_on());
  }
}

TEST(CellNumber, ACellThatFailsLaterIsAnUnderVoltage) {
  Desk desk;
  desk.settle();
  const double imposed_s = desk.now_s();
  desk.set_cell_mV(16, 0.0);
  desk.run_s(10.0);
  expect_delay(desk.after_s(imposed_s, discharge, false), 3.0);
  EXPECT_TRUE(desk.charge_on());
}

TEST(CellNumber, IsCountedAnewWhenTheSettingChanges) {
  for (const int setting : {15, 16, 17}) {
    Desk desk = without_precharge(16);
    desk.settle();
    ASSERT_EQ(desk.write(0x1C, setting), 0);
    desk.run_s(0.2);
    EXPECT_EQ(desk.charge_on() && desk.discharge_on(), setting == 16) << setting;
    EXPECT_EQ(desk.charge_on() || desk.discharge_on(), setting == 16) << setting;
    ASSERT_EQ(desk.write(0x1C, 16), 0);
    desk.run_s(0.2);
    EXPECT_TRUE(desk.charge_on() && desk.discharge_on()) << setting;
  }
}

TEST(CellNumber, IsCountedAnewWhenALoadedFrameChangesIt) {
  Desk other(lfp, 20);
  Desk desk = without_precharge(16);
  desk.settle();
  ASSERT_EQ(desk.load(other.store()), 0);
  desk.run_s(0.2);
  EXPECT_FALSE(desk.charge_on() || desk.discharge_on());
}

TEST(CellNumber, OnceItFitsThePathsCloseByTheSameRuleAsAtFirst) {
  Desk desk = without_precharge(16);
  desk.settle();
  ASSERT_EQ(desk.write(0x1C, 15), 0);
  desk.run_s(1.0);
  ASSERT_FALSE(desk.charge_on());
  desk.edges.clear();
  desk.set_cell_mV(16, 3700.0);  // not judged while the setting is 15
  desk.run_s(5.0);
  ASSERT_EQ(desk.write(0x1C, 16), 0);
  desk.run_s(20.0);
  EXPECT_EQ(desk.after_s(0.0, charge, true), never_s);
  EXPECT_TRUE(desk.discharge_on());
}

}  // namespace
}  // namespace packrig::test
