// The tests of the sense wires with plant, harness, front end and firmware in one loop.
#include <gtest/gtest.h>

#include <limits>

#include "tests/rig/watched_board.hpp"

namespace packrig::test {
namespace {

constexpr double open_Ohm = std::numeric_limits<double>::infinity();
constexpr double good_Ohm = 0.05;
constexpr int alarm_poor_contact = 0;
constexpr int alarm_cells_lost = 2;

TEST(OpenWire, EachOneIsNamedAndOpensBothPathsAndReleasesThemWhenRepaired) {
  for (int tap = 0; tap <= 16; ++tap) {
    WatchedBoard board(round_pack());
    board.run_s(10.0);
    ASSERT_TRUE(board.closed());
    ASSERT_EQ(bms::open_wire(board.firmware().wires), -1);
    board.set_wire_Ohm(tap, open_Ohm);
    const double named_s = board.until_s(2.0, [&] { return bms::open_wire(board.firmware().wires) >= 0; });
    EXPECT_LT(named_s, 1.3) << tap;
    EXPECT_EQ(bms::open_wire(board.firmware().wires), tap);
    EXPECT_EQ(board.firmware().wires.open, 1U << tap);
    EXPECT_TRUE(board.closed()) << tap;
    const double cut_s = board.until_s(4.0, [&] { return !board.closed(); });
    EXPECT_GT(named_s + cut_s, 1.9) << tap;
    EXPECT_LT(named_s + cut_s, 3.5) << tap;
    EXPECT_TRUE(board.alarm(alarm_cells_lost)) << tap;
    board.run_s(5.0);
    EXPECT_FALSE(board.session.drive_on(Actuator::charge)) << tap;
    EXPECT_FALSE(board.session.drive_on(Actuator::discharge)) << tap;
    board.set_wire_Ohm(tap, good_Ohm);
    board.run_s(10.0);
    EXPECT_FALSE(board.alarm(alarm_cells_lost)) << tap;
    EXPECT_TRUE(board.closed()) << tap;
  }
}

TEST(OpenWire, TwoNeighboursAndTwoApartAreBothNamed) {
  const int pairs[][2] = {{3, 4}, {8, 9}, {5, 7}, {2, 13}, {1, 15}, {1, 2}, {0, 8}, {7, 16}};
  for (const auto& pair : pairs) {
    WatchedBoard board(round_pack());
    board.run_s(8.0);
    for (const int tap : pair) board.set_wire_Ohm(tap, open_Ohm);
    board.run_s(5.0);
    EXPECT_EQ(board.firmware().wires.open, 1U << pair[0] | 1U << pair[1]) << pair[0];
    EXPECT_FALSE(board.session.drive_on(Actuator::charge));
    EXPECT_FALSE(board.session.drive_on(Actuator::discharge));
  }
}

TEST(OpenWire, OneThatComesBackAtOnceOpensNothing) {
  WatchedBoard board(round_pack());
  board.run_s(10.0);
  board.set_wire_Ohm(7, open_Ohm);
  board.run_s(1.5);
  board.set_wire_Ohm(7, good_Ohm);
  board.run_s(10.0);
  EXPECT_TRUE(board.closed());
  EXPECT_FALSE(board.alarm(alarm_cells_lost));
}

TEST(OpenWire, LoadStepsAndUnequalCellsAreNone) {
  WatchedBoard board(uneven_pack());
  board.run_s(10.0);
  // 100 A in and out of 1 mOhm cells, at every phase of the tests.
  for (int i = 0; i < 60; ++i) {
    Load load;
    load.kind = i % 2 == 0 ? Load::Kind::current : Load::Kind::none;
    load.value = i % 2 == 0 ? 100.0 : 0.0;
    board.session.at(board.session.now_ns(), SetLoad{load});
    board.run_s(0.137);
    ASSERT_EQ(board.firmware().wires.open, 0U);
  }
  EXPECT_TRUE(board.closed());
}

TEST(WireResistance, IsMeasuredAtTheStartWithoutDelayingTheRelays) {
  PackDescription pack = round_pack();
  WatchedBoard board(pack);
  EXPECT_NEAR(board.until_s(1.0, [&] { return board.session.drive_on(Actuator::charge); }), 0.1, 0.026);
  board.run_s(4.0);
  ASSERT_TRUE(bms::self_tested(board.firmware().settings, board.firmware().wires));
  for (std::size_t cell = 1; cell <= 16; ++cell) {
    const double wire_Ohm = cell == 1 ? pack.harness.wire_Ohm[0] : pack.harness.wire_Ohm[cell];
    EXPECT_NEAR(board.firmware().wires.wire_mOhm[cell - 1], 1e3 * wire_Ohm, 2.5) << cell;
  }
  EXPECT_EQ(board.firmware().wires.poor, 0U);
  EXPECT_FALSE(board.alarm(alarm_poor_contact));
}

// The copy's threshold is 500 mOhm: below, just above, far above; at both ends and in between.
TEST(WireResistance, APoorContactIsNamedAndForbidsBalancingUntilItIsRepaired) {
  const struct {
    int tap;
    double wire_Ohm;
    std::uint32_t poor;
  } rows[] = {{5, 0.49, 0},         {5, 0.51, 1U << 4}, {0, 1.0, 1U},       {1, 0.6, 1U},
              {16, 0.51, 1U << 15}, {9, 1.2, 1U << 8},  {9, 10.0, 1U << 8}, {9, 100.0, 1U << 8}};
  for (const auto& row : rows) {
    PackDescription pack = uneven_pack();
    pack.harness.wire_Ohm[static_cast<std::size_t>(row.tap)] = row.wire_Ohm;
    WatchedBoard board(pack);
    board.run_s(8.0);
    EXPECT_EQ(board.firmware().wires.poor & row.poor, row.poor) << row.tap << " " << row.wire_Ohm;
    // Beyond what the converter drives, a neighbour's share is no longer told apart from the wire's own.
    if (row.wire_Ohm < 1.2) {
      EXPECT_EQ(board.firmware().wires.poor, row.poor) << row.tap << " " << row.wire_Ohm;
    }
    EXPECT_EQ(board.alarm(alarm_poor_contact), row.poor != 0);
    EXPECT_EQ(board.firmware().balancing.phase == bms::BalancePhase::idle, row.poor != 0);
    EXPECT_TRUE(board.closed());
    board.set_wire_Ohm(row.tap, good_Ohm);
    board.run_s(65.0);
    EXPECT_EQ(board.firmware().wires.poor, 0U) << row.tap << " " << row.wire_Ohm;
    EXPECT_FALSE(board.alarm(alarm_poor_contact));
    EXPECT_NE(board.firmware().balancing.phase, bms::BalancePhase::idle);
  }
}

TEST(WireResistance, AContactThatGoesBadWhileItsCellIsBalancedIsSeenAtOnce) {
  WatchedBoard board(uneven_pack());
  board.run_s(10.0);
  const int cell = board.watched->commands.balance_from;
  ASSERT_NE(cell, 0);
  board.set_wire_Ohm(cell, 1.0);
  EXPECT_LT(board.until_s(1.0, [&] { return board.alarm(alarm_poor_contact); }), 0.5);
  EXPECT_EQ(board.firmware().wires.poor, 1U << (cell - 1));
  EXPECT_EQ(board.watched->commands.balance_from, 0);
}

// A bench that imposes tap voltages shows no drop: nothing is known, nothing is wrong.
TEST(WireResistance, ImposedVoltagesReadNoResistanceAndNoAlarm) {
  WatchedBoard board(round_pack());
  for (int cell = 1; cell <= 16; ++cell) {
    board.session.at(0, Impose{{Quantity::cell_V, cell}, 3.2, 3.2, 0});
  }
  board.run_s(8.0);
  ASSERT_TRUE(bms::self_tested(board.firmware().settings, board.firmware().wires));
  for (std::size_t cell = 0; cell < 16; ++cell) EXPECT_EQ(board.firmware().wires.wire_mOhm[cell], 0);
  EXPECT_FALSE(board.alarm(alarm_poor_contact));
}

}  // namespace
}  // namespace packrig::test
