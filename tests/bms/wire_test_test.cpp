// The tests of the sense wires as the firmware sees them: what it asks for, and what it makes of the codes. The harness
// is played here, in whole millivolts and milliamperes.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

#include "models/bms/c_abi.hpp"
#include "models/bms/firmware.hpp"
#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

constexpr std::uint32_t every_cell = PACKRIG_GROUP_CELLS_A | PACKRIG_GROUP_CELLS_B | PACKRIG_GROUP_CELLS_C;
constexpr std::uint8_t count_register = 0x1C;

class SenseWires : public testing::Test {
 protected:
  using Cells = std::array<double, 26>;  // by number, [0] unused

  // One wake, on the cells as they read then.
  void wake(const Cells& cell_mV) {
    for (int cell = 1; cell <= count; ++cell) desk.set_cell_mV(cell, cell_mV[static_cast<std::size_t>(cell)]);
    desk.now_ns = desk.commands.next_wake_ns;
    desk.codes.fresh = desk.commands.convert;
    desk.step();
  }
  bool tests_wires() const { return (desk.commands.convert & every_cell) == every_cell; }
  bool measures() const { return tests_wires() && desk.commands.balance_through_scan != 0; }

  // Lets time pass with `tested` on the cells in the slots of the wire tests and all at rest otherwise.
  void run_s(double span_s) {
    if (!started) desk.interrupt();
    started = true;
    const std::int64_t until_ns = desk.now_ns + std::llround(span_s * 1e9);
    while (desk.commands.next_wake_ns < until_ns) {
      Cells cell_mV;
      cell_mV.fill(rest_mV);
      desk.codes.balance_mA = 0;
      if (tests_wires()) tested(cell_mV);
      wake(cell_mV);
    }
    desk.now_ns = until_ns;
  }
  // A converter that draws what is asked through wires of wire_mOhm.
  void draw_through_wires(Cells& cell_mV) {
    if (!measures()) return;
    const auto cell = static_cast<std::size_t>(desk.commands.balance_from);
    desk.codes.balance_mA = static_cast<std::int16_t>(-drawn_mA);
    const double upper_mV = wire_mOhm[cell] * drawn_mA * 1e-3;
    const double lower_mV = wire_mOhm[cell - 1] * drawn_mA * 1e-3;
    cell_mV[cell] -= upper_mV + lower_mV;
    if (cell > 1) cell_mV[cell - 1] += lower_mV;
    if (static_cast<int>(cell) < count) cell_mV[cell + 1] += upper_mV;
    for (double& one_mV : cell_mV) one_mV = std::min(one_mV, 4999.9);  // full scale
  }
  const bms::WireTest& wires() const { return static_cast<const bms::Firmware*>(desk.state())->wires; }
  const bms::Firmware& firmware() const { return *static_cast<const bms::Firmware*>(desk.state()); }

  int count = 8;
  Desk desk{lfp, 8};
  bool started = false;
  double rest_mV = 3300.0;
  int drawn_mA = 1950;
  Cells wire_mOhm{};
  std::function<void(Cells&)> tested = [](Cells&) {};
};

TEST_F(SenseWires, EveryTestLiesInTheSlotOfTheAuxiliaryGroupAndCostsNoWake) {
  int slots = 0;
  int even = 0;
  int odd = 0;
  desk.interrupt();
  for (int i = 0; i < 400; ++i) {
    const std::uint32_t own = 1U << (i % 4);
    ASSERT_EQ(desk.commands.next_wake_ns, (i + 1) * 25'000'000LL);
    ASSERT_EQ(desk.commands.convert & own, own);
    if (own != PACKRIG_GROUP_AUX) {
      ASSERT_EQ(desk.commands.convert, own);
      ASSERT_EQ(desk.commands.open_wire_taps, 0);
      ASSERT_EQ(desk.commands.balance_from, 0);
    } else if (tests_wires()) {
      ++slots;
      even += desk.commands.open_wire_taps == 1 ? 1 : 0;
      odd += desk.commands.open_wire_taps == 2 ? 1 : 0;
    }
    Cells cell_mV;
    cell_mV.fill(rest_mV);
    wake(cell_mV);
  }
  // Ten seconds: ten tests of two slots for open wires, one slot for each of 8 cells.
  EXPECT_EQ(even, 10);
  EXPECT_EQ(odd, 10);
  EXPECT_EQ(slots, 20 + 8);
}

TEST_F(SenseWires, WhatIsReadUnderTestIsNeverACellVoltage) {
  tested = [](Cells& cell_mV) { cell_mV.fill(0.0); };
  run_s(20.0);
  EXPECT_TRUE(desk.charge_on());
  EXPECT_TRUE(desk.discharge_on());
  EXPECT_EQ(firmware().measured.cell_mV[3], 3300);
}

TEST_F(SenseWires, ResistanceOfEachIsThatOfItsUpperWireAndOfTheFirstTheWorseOfTwo) {
  wire_mOhm = {70, 60, 55, 50, 45, 50, 55, 60, 70};
  tested = [this](Cells& cell_mV) { draw_through_wires(cell_mV); };
  run_s(5.0);
  const int expected_mOhm[] = {70, 55, 50, 45, 50, 55, 60, 70};
  for (std::size_t cell = 0; cell < 8; ++cell) EXPECT_NEAR(wires().wire_mOhm[cell], expected_mOhm[cell], 1) << cell;
  EXPECT_TRUE(bms::self_tested(firmware().settings, wires()));
  EXPECT_EQ(wires().wire_mOhm[8], 0);
}

// The neighbour above is at full scale, so its rise is clipped; what is left of the own fall tells.
TEST_F(SenseWires, ABadWireBelowAFullCellIsMeasuredByTheCellItself) {
  rest_mV = 4200.0;
  wire_mOhm = {50, 50, 50, 600, 50, 50, 50, 50, 50};
  tested = [this](Cells& cell_mV) { draw_through_wires(cell_mV); };
  ASSERT_EQ(desk.write(0x04, 4350), 0);
  run_s(5.0);
  EXPECT_NEAR(wires().wire_mOhm[2], 600, 2);
  EXPECT_EQ(wires().poor, 1U << 2);
}

TEST_F(SenseWires, PoorFromBeyondFiveHundredMilliohm) {
  const struct {
    double wire_mOhm;
    bool poor;
  } rows[] = {{499, false}, {500, false}, {502, true}, {1000, true}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.wire_mOhm);
    desk = Desk(lfp, 8);
    started = false;
    wire_mOhm.fill(50.0);
    wire_mOhm[5] = row.wire_mOhm;
    drawn_mA = 2000;
    tested = [this](Cells& cell_mV) { draw_through_wires(cell_mV); };
    run_s(5.0);
    EXPECT_EQ(wires().poor, row.poor ? 1U << 4 : 0U);
    EXPECT_EQ((firmware().protections.alarms & 1U) != 0, row.poor);
    EXPECT_EQ(bms::suspect_cells(wires()), row.poor ? 1U << 4 : 0U);
    EXPECT_TRUE(desk.charge_on());
  }
}

TEST_F(SenseWires, TestedAgainEachMinuteWhileOneIsPoorAndNotOtherwise) {
  wire_mOhm.fill(50.0);
  wire_mOhm[5] = 900.0;
  int measured = 0;
  tested = [this, &measured](Cells& cell_mV) {
    measured += measures() ? 1 : 0;
    draw_through_wires(cell_mV);
  };
  run_s(10.0);
  EXPECT_EQ(measured, 8);
  run_s(52.0);
  EXPECT_GT(measured, 8);
  wire_mOhm[5] = 50.0;
  run_s(65.0);
  EXPECT_EQ(measured, 24);
  EXPECT_EQ(wires().poor, 0U);
  run_s(200.0);
  EXPECT_EQ(measured, 24);
}

TEST_F(SenseWires, ACurrentThatMovesOrATooSmallOneMeasuresNothing) {
  wire_mOhm.fill(300.0);
  double pack_A = 0.0;
  double step_A = 2.1;
  tested = [&](Cells& cell_mV) {
    draw_through_wires(cell_mV);
    desk.set_current_A(pack_A += step_A);
  };
  run_s(5.0);
  EXPECT_TRUE(bms::self_tested(firmware().settings, wires()));
  EXPECT_EQ(wires().wire_mOhm[0], 0);

  for (const double down_A : {-2.1, 1.9}) {
    desk = Desk(lfp, 8);
    started = false;
    pack_A = 0.0;
    step_A = down_A;
    run_s(5.0);
    EXPECT_EQ(wires().wire_mOhm[0] == 0, down_A < 0.0) << down_A;
  }
  for (const int small_mA : {499, 500}) {
    desk = Desk(lfp, 8);
    started = false;
    step_A = 0.0;
    drawn_mA = small_mA;
    run_s(5.0);
    EXPECT_EQ(wires().wire_mOhm[3] == 0, small_mA == 499);
  }
}

TEST_F(SenseWires, AnotherNumberOfCellsForgetsAndTestsAnew) {
  wire_mOhm.fill(50.0);
  wire_mOhm[8] = 900.0;
  tested = [this](Cells& cell_mV) { draw_through_wires(cell_mV); };
  run_s(5.0);
  ASSERT_EQ(wires().poor, 1U << 7);
  ASSERT_EQ(desk.write(count_register, 9), 0);
  run_s(1.0);  // the ninth is not there: a wrong number, and nothing is tested
  EXPECT_EQ(wires().poor, 0U);
  EXPECT_EQ(wires().wire_mOhm[0], 0);
  EXPECT_FALSE(bms::self_tested(firmware().settings, wires()));
  EXPECT_FALSE(tests_wires());
  count = 9;
  wire_mOhm.fill(60.0);
  run_s(5.0);
  EXPECT_TRUE(bms::self_tested(firmware().settings, wires()));
  EXPECT_NEAR(wires().wire_mOhm[8], 60, 1);
}

// The ninth cell is there already when the setting takes it in, so that no scan finds a wrong number.
TEST_F(SenseWires, AnotherNumberThatFitsAtOnceIsTestedAnew) {
  wire_mOhm.fill(50.0);
  wire_mOhm[8] = 900.0;
  tested = [this](Cells& cell_mV) { draw_through_wires(cell_mV); };
  run_s(5.0);
  ASSERT_EQ(wires().poor, 1U << 7);
  count = 9;
  wire_mOhm[8] = 50.0;
  run_s(1.0);
  ASSERT_EQ(wires().poor, 1U << 7) << "not tested again yet";
  while (firmware().scan.next_group != 3) run_s(0.025);
  ASSERT_EQ(desk.write(count_register, 9), 0);
  run_s(0.03);
  EXPECT_TRUE(desk.charge_on());
  EXPECT_EQ(wires().poor, 0U);
  EXPECT_FALSE(bms::self_tested(firmware().settings, wires()));
  run_s(5.0);
  EXPECT_TRUE(bms::self_tested(firmware().settings, wires()));
}

constexpr bms::Part with_a_lowest_wire() {
  bms::Part part = bms::b2a25srp;
  part.wire_low_mOhm = 10;
  return part;
}
constexpr bms::Part lowest_wire_part = with_a_lowest_wire();

TEST_F(SenseWires, TooLittleIsPoorWhereThePartSaysSo) {
  drawn_mA = 2000;
  tested = [this](Cells& cell_mV) { draw_through_wires(cell_mV); };
  for (const double low_mOhm : {9.0, 10.0, 11.0}) {
    desk = Desk(lfp, 8, 3300.0, &bms::CAbi<lowest_wire_part>::api);
    started = false;
    wire_mOhm.fill(50.0);
    wire_mOhm[5] = low_mOhm;
    run_s(5.0);
    EXPECT_EQ(wires().poor, low_mOhm < 10.0 ? 1U << 4 : 0U) << low_mOhm;
  }
}

// By cell: what it reads more (less) with the current out of the even taps than out of the odd ones.
TEST_F(SenseWires, AnOpenOneIsToldByItsTwoCellsMovingApart) {
  const struct {
    const char* what;
    std::array<double, 9> half_mV;  // by number: this more out of the even taps, this less out of the odd ones
    std::uint32_t open;
  } rows[] = {
      {"all stand", {}, 0},
      {"tap 3", {0, 0, 0, 1000, -1000}, 1U << 3},
      {"tap 4", {0, 0, 0, 0, -1000, 1000}, 1U << 4},
      {"taps 3 and 4", {0, 0, 0, 667, -1333, 667}, 3U << 3},
      {"taps 3 and 5, tap 4 stands", {0, 0, 0, 1000, -1000, 1000, -1000}, 5U << 3},
      {"too little", {0, 0, 0, 149, -149}, 0},
      {"enough", {0, 0, 0, 151, -151}, 1U << 3},
      {"all cells together: a load step", {0, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}, 0},
      {"one cell alone", {0, 0, 0, 1000}, 0},
      {"the wrong way round", {0, 0, 0, -1000, 1000}, 0},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    desk = Desk(lfp, 8);
    started = false;
    tested = [&](Cells& cell_mV) {
      if (desk.commands.open_wire_taps == 0) return;
      const double sign = desk.commands.open_wire_taps == 1 ? 1.0 : -1.0;
      for (std::size_t cell = 1; cell <= 8; ++cell) cell_mV[cell] += sign * row.half_mV[cell];
    };
    run_s(1.5);
    EXPECT_EQ(wires().open, row.open);
    run_s(3.0);
    EXPECT_EQ(desk.charge_on(), row.open == 0);
    EXPECT_EQ((firmware().protections.alarms >> 2 & 1U) != 0, row.open != 0);
  }
}

TEST_F(SenseWires, AnEndIsToldByItsCellThatReadsNothingOneWay) {
  const struct {
    int count;
    std::size_t cell;
    double even_mV;
    double odd_mV;
    std::uint32_t open;
  } rows[] = {
      {8, 1, 2000, 0, 1U},      {8, 1, 0, 2000, 0}, {8, 1, 0, 0, 0},      {8, 1, 2000, 501, 0},
      {8, 8, 0, 2000, 1U << 8}, {8, 8, 2000, 0, 0}, {8, 8, 0, 0, 0},      {8, 8, 501, 2000, 0},
      {9, 9, 2000, 0, 1U << 9}, {9, 9, 0, 2000, 0}, {9, 9, 2000, 501, 0}, {8, 1, 299, 0, 0},
      {8, 8, 0, 302, 1U << 8},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.even_mV);
    count = row.count;
    desk = Desk(lfp, static_cast<std::uint8_t>(row.count));
    started = false;
    tested = [&](Cells& cell_mV) {
      if (desk.commands.open_wire_taps == 1) cell_mV[row.cell] = row.even_mV;
      if (desk.commands.open_wire_taps == 2) cell_mV[row.cell] = row.odd_mV;
    };
    run_s(1.5);
    EXPECT_EQ(wires().open, row.open) << row.cell;
  }
}

TEST_F(SenseWires, AnOpenOneStopsTheSelfTestWhichFollowsTheRepair) {
  wire_mOhm.fill(50.0);
  bool open = true;
  int measured = 0;
  tested = [&](Cells& cell_mV) {
    measured += measures() ? 1 : 0;
    draw_through_wires(cell_mV);
    const double sign = desk.commands.open_wire_taps == 1 ? 1.0 : -1.0;
    if (!open || desk.commands.open_wire_taps == 0) return;
    cell_mV[3] += sign * 1000.0;
    cell_mV[4] -= sign * 1000.0;
  };
  run_s(6.0);
  EXPECT_EQ(bms::open_wire(wires()), 3);
  EXPECT_EQ(bms::suspect_cells(wires()), 3U << 2);
  EXPECT_EQ(measured, 0);
  EXPECT_EQ(firmware().balancing.blocked, bms::BalanceBlock::open_wire);
  open = false;
  run_s(6.0);
  EXPECT_EQ(bms::open_wire(wires()), -1);
  EXPECT_EQ(measured, 8);
  EXPECT_NEAR(wires().wire_mOhm[2], 50, 1);
}

// Tap k lies between cells k and k + 1; below the first and above the last there is none.
TEST(SuspectCells, AreBothBesideAnOpenWireAndThoseOfPoorOnes) {
  bms::WireTest wires{};
  EXPECT_EQ(bms::suspect_cells(wires), 0U);
  for (std::uint32_t tap = 0; tap <= 25; ++tap) {
    wires.open = 1U << tap;
    const std::uint32_t below = tap >= 1 ? 1U << (tap - 1) : 0U;
    const std::uint32_t above = tap < 25 ? 1U << tap : 0U;
    EXPECT_EQ(bms::suspect_cells(wires), below | above) << tap;
  }
  wires.open = 1U << 3;
  wires.poor = 1U << 24 | 1U << 2;
  EXPECT_EQ(bms::suspect_cells(wires), 1U << 24 | 3U << 2);
}

TEST(SuspectCells, OfTheLastWireIsTheLastCellAloneWhateverTheirNumber) {
  for (const std::uint8_t count : {8, 24, 25}) {
    Desk desk(lfp, count);
    auto& firmware = *static_cast<bms::Firmware*>(desk.state());
    firmware.wires.open = 1U << count;
    EXPECT_EQ(bms::status_of(bms::b2a25srp, firmware, 0).suspect_cells, 1U << (count - 1)) << int{count};
  }
}

TEST_F(SenseWires, ASlotThatWasNotConvertedProvesNothing) {
  desk.interrupt();
  for (int i = 0; i < 100; ++i) {
    for (int cell = 1; cell <= count; ++cell) desk.set_cell_mV(cell, tests_wires() ? 0.0 : rest_mV);
    desk.now_ns = desk.commands.next_wake_ns;
    desk.codes.fresh = desk.commands.convert & (tests_wires() ? PACKRIG_GROUP_AUX : ~0U);
    desk.codes.balance_mA = -2000;
    desk.step();
  }
  EXPECT_EQ(wires().open, 0U);
  EXPECT_EQ(wires().poor, 0U);
  EXPECT_FALSE(bms::self_tested(firmware().settings, wires()));
}

}  // namespace
}  // namespace packrig::test
