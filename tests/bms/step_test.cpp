// Boot, scan rhythm, precharge, state as a value, and steps on arbitrary codes.
#include <gtest/gtest.h>

#include <random>

#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

TEST(Scan, FourGroupsTwentyFiveMillisecondsApart) {
  Desk desk(lfp, 8);
  desk.interrupt();
  const std::uint32_t order[] = {PACKRIG_GROUP_CELLS_A, PACKRIG_GROUP_CELLS_B, PACKRIG_GROUP_CELLS_C,
                                 PACKRIG_GROUP_AUX};
  for (int i = 0; i < 12; ++i) {
    // Beside the auxiliary group, cells may be converted to test the wires; never in another group's slot.
    EXPECT_EQ(desk.commands.convert & (i % 4 == 3 ? PACKRIG_GROUP_AUX : ~0U), order[i % 4]);
    EXPECT_EQ(desk.commands.next_wake_ns, (i + 1) * 25'000'000LL);
    desk.now_ns = desk.commands.next_wake_ns;
    desk.codes.fresh = desk.commands.convert;
    desk.step();
  }
}

TEST(Scan, GroupThatWasNotConvertedIsAskedForAgain) {
  Desk desk;
  desk.interrupt();
  desk.now_ns = desk.commands.next_wake_ns;
  desk.interrupt();
  EXPECT_EQ(desk.commands.convert, PACKRIG_GROUP_CELLS_A);
  EXPECT_EQ(desk.commands.next_wake_ns, 50'000'000);
}

TEST(Boot, NothingClosesBeforeACompleteScan) {
  Desk desk;
  desk.run_s(0.0999);
  EXPECT_EQ(desk.commands.drives, 0U);
  desk.run_s(0.0002);
  EXPECT_TRUE(desk.charge_on());
}

TEST(Precharge, RunsForItsTimeThenHandsOver) {
  for (const int precharge_s : {0, 1, 5, 255}) {
    Desk desk;
    ASSERT_EQ(desk.write(0x25, precharge_s), 0);
    desk.run_s(precharge_s + 1.0);
    EXPECT_TRUE(desk.discharge_on());
    EXPECT_FALSE(desk.on(PACKRIG_DRIVE_PRECHARGE));
    EXPECT_NEAR(desk.after_s(0.0, PACKRIG_DRIVE_DISCHARGE, true), 0.1 + precharge_s, 1e-9);
    if (precharge_s == 0) {
      EXPECT_EQ(desk.edges.size(), 2U);
    } else {
      EXPECT_NEAR(desk.after_s(0.0, PACKRIG_DRIVE_PRECHARGE, true), 0.1, 1e-9);
      EXPECT_NEAR(desk.after_s(0.0, PACKRIG_DRIVE_PRECHARGE, false), 0.1 + precharge_s, 1e-9);
    }
  }
}

TEST(Precharge, IsBrokenOffAndStartsAnewWhenTheDischargeIsCut) {
  Desk desk;
  desk.run_s(3.0);
  ASSERT_TRUE(desk.on(PACKRIG_DRIVE_PRECHARGE));
  ASSERT_EQ(desk.write(0x1E, 0), 0);
  desk.run_s(1.0);
  EXPECT_FALSE(desk.on(PACKRIG_DRIVE_PRECHARGE));
  ASSERT_EQ(desk.write(0x1E, 1), 0);
  desk.run_s(4.9);
  EXPECT_FALSE(desk.discharge_on());
  desk.run_s(0.2);
  EXPECT_TRUE(desk.discharge_on());
}

TEST(Switches, OpenTheirOwnPathAndCannotOverrideAProtection) {
  Desk desk;
  desk.settle();
  ASSERT_EQ(desk.write(0x1D, 0), 0);
  desk.run_s(0.1);
  EXPECT_FALSE(desk.charge_on());
  EXPECT_TRUE(desk.discharge_on());
  ASSERT_EQ(desk.write(0x1D, 1), 0);
  desk.set_cell_mV(1, 3700);
  desk.run_s(5.0);
  ASSERT_FALSE(desk.charge_on());
  ASSERT_EQ(desk.write(0x1D, 0), 0);
  desk.run_s(1.0);
  ASSERT_EQ(desk.write(0x1D, 1), 0);
  desk.run_s(1.0);
  EXPECT_FALSE(desk.charge_on());
}

TEST(State, CopyHasTheSameFuture) {
  Desk original;
  original.settle();
  original.set_cell_mV(7, 3650);
  original.run_s(2.0);  // in the middle of a delay
  Desk copy;
  copy.run_s(0.001);
  std::memcpy(copy.state(), original.state(), original.state_size());
  copy.codes = original.codes;
  copy.commands = original.commands;
  copy.now_ns = original.now_ns;
  copy.edges = original.edges;
  original.run_s(30.0);
  copy.run_s(30.0);
  EXPECT_EQ(std::memcmp(copy.state(), original.state(), original.state_size()), 0);
  ASSERT_EQ(copy.edges.size(), original.edges.size());
  EXPECT_EQ(copy.edges.size(), 1U);
  EXPECT_EQ(copy.edges[0].at_s, original.edges[0].at_s);
}

TEST(State, FitsASmallMicrocontroller) { EXPECT_LT(Desk().state_size(), 8192U); }

TEST(Version, ForeignLayoutTurnsEverythingOff) {
  Desk desk;
  desk.settle();
  desk.codes.version = PACKRIG_AFE_VERSION + 1;
  desk.interrupt();
  EXPECT_EQ(desk.commands.drives, 0U);
  EXPECT_EQ(desk.commands.version, PACKRIG_AFE_VERSION);
  EXPECT_GT(desk.commands.next_wake_ns, desk.now_ns);
}

// Whatever the codes, a step stays inside its bounds (the sanitizer build watches) and asks for a later wake.
TEST(Step, SurvivesArbitraryCodes) {
  std::mt19937 random(20250624);
  for (const std::uint8_t count : {8, 25}) {
    Desk desk(lfp, count);
    desk.interrupt();
    for (int i = 0; i < 20000; ++i) {
      for (auto& code : desk.codes.cell_code) code = static_cast<std::uint16_t>(random());
      for (auto& code : desk.codes.ntc_code) code = static_cast<std::uint16_t>(random());
      desk.codes.shunt_code = static_cast<std::int32_t>(random());
      desk.codes.inputs = static_cast<std::uint16_t>(random());
      desk.codes.board_ddegC = static_cast<std::int16_t>(random());
      desk.codes.fresh = random() % 16;
      desk.now_ns += random() % 40'000'000;
      desk.step();
      ASSERT_GT(desk.commands.next_wake_ns, desk.now_ns);
      ASSERT_EQ(desk.commands.drives & ~(PACKRIG_DRIVE_CHARGE | PACKRIG_DRIVE_DISCHARGE | PACKRIG_DRIVE_PRECHARGE), 0U);
      ASSERT_FALSE(desk.discharge_on() && desk.on(PACKRIG_DRIVE_PRECHARGE));
      ASSERT_EQ(desk.commands.bus_count, 0U);
    }
  }
}

}  // namespace
}  // namespace packrig::test
