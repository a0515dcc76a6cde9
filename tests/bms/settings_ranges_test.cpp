// What a setting accepts: every register and every number of the frame at its limits, pairs that depend on each other.
#include <gtest/gtest.h>

#include "models/bms/settings.hpp"
#include "tests/bms/settings_frame.hpp"

namespace packrig::test {
namespace {

// Of a register's two ends, those for which its partner leaves room: a release can never stand at the end of the range
// that its protection has as well.
enum class Ends { both, low, high };

// Offsets, sizes and ranges of the clients (syssi/esphome-jk-bms), written out again; `soc_full` 4350 and the two
// request voltages are the copy's own choice. The cell count, which depends on the chemistry, has a test of its own.
struct RangeRow {
  std::uint8_t register_number;
  std::size_t offset, size;  // in the frame; size 0: a bit of the control word, which cannot hold another value
  std::int32_t low, high;
  Ends ends = Ends::both;
};
constexpr RangeRow ranges[] = {
    {0x01, 6, 4, 3, 3650},
    {0x02, 10, 4, 1200, 4350, Ends::low},
    {0x03, 14, 4, 1200, 4350, Ends::high},
    {0x04, 18, 4, 1200, 4350, Ends::high},
    {0x05, 22, 4, 1200, 4350, Ends::low},
    {0x06, 26, 4, 3, 1000},
    {0x07, 30, 4, 3, 4350, Ends::high},
    {0x08, 34, 4, 3, 3650},
    {0x09, 38, 4, 0, 4350},
    {0x0A, 42, 4, 0, 4350},
    {0x0B, 46, 4, 1200, 4350, Ends::low},
    {0x0C, 50, 4, 1000, 600000},
    {0x0D, 54, 4, 2, 600},
    {0x0E, 58, 4, 2, 600},
    {0x0F, 62, 4, 1000, 1200000},
    {0x10, 66, 4, 2, 600},
    {0x11, 70, 4, 2, 600},
    {0x12, 74, 4, 2, 600},
    {0x13, 78, 4, 300, 15000},
    {0x14, 82, 4, 300, 800, Ends::high},
    {0x15, 86, 4, 300, 800, Ends::low},
    {0x16, 90, 4, 300, 800, Ends::high},
    {0x17, 94, 4, 300, 800, Ends::low},
    {0x18, 98, 4, -450, 200, Ends::low},
    {0x19, 102, 4, -450, 200, Ends::high},
    {0x1A, 106, 4, 500, 1100, Ends::high},
    {0x1B, 110, 4, 500, 1100, Ends::low},
    {0x1D, 118, 4, 0, 1},
    {0x1E, 122, 4, 0, 1},
    {0x1F, 126, 4, 0, 1},
    {0x20, 130, 4, 2000, 20000000},
    {0x21, 134, 4, 0, 1000000},
    {0x22, 138, 4, 1200, 4250},
    {0x25, 274, 4, 0, 255},
    {0x27, 282, 0, 0, 1},
    {0x28, 282, 0, 0, 1},
    {0x29, 282, 0, 0, 1},
    {0x2A, 282, 0, 0, 1},
    {0x2B, 282, 0, 0, 1},
    {0x2C, 282, 0, 0, 1},
    {0x2D, 282, 0, 0, 1},
    {0x2E, 282, 0, 0, 1},
    {0x2F, 282, 0, 0, 1},
    {0x30, 282, 0, 0, 1},
    {0x31, 282, 0, 0, 1},
    {0x32, 282, 0, 0, 1},
    {0x33, 282, 0, 0, 1},
    {0x34, 282, 0, 0, 1},
    {0x35, 282, 0, 0, 1},
    {0x36, 282, 0, 0, 1},
    {0x37, 284, 1, -40, 100},
    {0x38, 285, 1, -40, 100},
    {0x39, 286, 1, 1, 100},
    {0x3A, 296, 1, -40, 100},
    {0x3B, 297, 1, -40, 100},
};

// Partners as far apart as they go where two registers may be equal, so that each end can be reached.
Desk with_room() {
  Desk desk;
  for (const auto& [register_number, value] :
       {std::pair{0x0B, 1200}, {0x07, 4350}, {0x08, 3}, {0x3A, -40}, {0x3B, 100}}) {
    EXPECT_EQ(desk.write(static_cast<std::uint8_t>(register_number), value), PACKRIG_WRITE_OK);
  }
  return desk;
}

TEST(Range, EveryRegisterAtBelowAndAboveItsLimits) {
  for (const RangeRow& row : ranges) {
    SCOPED_TRACE(testing::Message() << "register " << int{row.register_number});
    for (const std::int32_t outside : {row.low - 1, row.high + 1, std::numeric_limits<std::int32_t>::min(),
                                       std::numeric_limits<std::int32_t>::max()}) {
      Desk desk = with_room();
      const auto before = desk.store();
      EXPECT_EQ(desk.write(row.register_number, outside), PACKRIG_WRITE_OUT_OF_RANGE) << outside;
      EXPECT_EQ(desk.store(), before);
    }
    for (const auto& [limit, unreachable] : {std::pair{row.low, Ends::high}, {row.high, Ends::low}}) {
      Desk desk = with_room();
      const auto before = desk.store();
      if (row.ends == unreachable) {
        EXPECT_EQ(desk.write(row.register_number, limit), PACKRIG_WRITE_INCONSISTENT) << limit;
        EXPECT_EQ(desk.store(), before);
      } else {
        EXPECT_EQ(desk.write(row.register_number, limit), PACKRIG_WRITE_OK) << limit;
        EXPECT_EQ(desk.read(row.register_number), limit);
      }
    }
  }
}

TEST(Range, EveryNumberOfAFrameBelowAndAboveItsLimits) {
  for (const RangeRow& row : ranges) {
    if (row.size == 0) continue;
    for (const std::int32_t outside : {row.low - 1, row.high + 1}) {
      Desk desk;
      const auto before = desk.store();
      auto frame = before;
      for (std::size_t i = 0; i < row.size; ++i) {
        frame[row.offset + i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(outside) >> 8 * i);
      }
      set_sum(frame);
      EXPECT_EQ(desk.load(frame), PACKRIG_WRITE_OUT_OF_RANGE) << "offset " << row.offset << " " << outside;
      EXPECT_EQ(desk.store(), before);
    }
  }
}

// `lower` must stay below `upper`: written from both sides, at the partner's value and one away.
struct PairRow {
  std::uint8_t lower, upper;
};
constexpr PairRow pairs[] = {{0x02, 0x03}, {0x05, 0x04}, {0x08, 0x07}, {0x15, 0x14},
                             {0x17, 0x16}, {0x18, 0x19}, {0x1B, 0x1A}};

TEST(Consistency, ReleaseMustLieOnTheSafeSideOfItsProtectionAndEmptyBelowFull) {
  for (const PairRow& row : pairs) {
    SCOPED_TRACE(testing::Message() << "registers " << int{row.lower} << " < " << int{row.upper});
    Desk desk;
    const auto before = desk.store();
    const std::int32_t lower = desk.read(row.lower);
    const std::int32_t upper = desk.read(row.upper);
    EXPECT_EQ(desk.write(row.lower, upper), PACKRIG_WRITE_INCONSISTENT);
    EXPECT_EQ(desk.write(row.lower, upper + 1), PACKRIG_WRITE_INCONSISTENT);
    EXPECT_EQ(desk.write(row.upper, lower), PACKRIG_WRITE_INCONSISTENT);
    EXPECT_EQ(desk.write(row.upper, lower - 1), PACKRIG_WRITE_INCONSISTENT);
    EXPECT_EQ(desk.store(), before);
    EXPECT_EQ(desk.write(row.lower, upper - 1), PACKRIG_WRITE_OK);
  }
}

TEST(Consistency, PowerOffMayLieAtTheUnderVoltageButNotAboveIt) {
  Desk desk;
  const std::int32_t under_mV = desk.read(0x02);
  const std::int32_t power_off_mV = desk.read(0x0B);
  ASSERT_LT(power_off_mV, under_mV);
  EXPECT_EQ(desk.write(0x0B, under_mV + 1), PACKRIG_WRITE_INCONSISTENT);
  EXPECT_EQ(desk.write(0x0B, under_mV), PACKRIG_WRITE_OK);
  EXPECT_EQ(desk.write(0x02, under_mV - 1), PACKRIG_WRITE_INCONSISTENT);
  EXPECT_EQ(desk.write(0x0B, power_off_mV), PACKRIG_WRITE_OK);
  EXPECT_EQ(desk.write(0x02, power_off_mV - 1), PACKRIG_WRITE_INCONSISTENT);
  EXPECT_EQ(desk.write(0x02, power_off_mV), PACKRIG_WRITE_OK);
}

// 0 and 0 in the captured frame: they may be equal.
TEST(Consistency, DischargeUnderTemperatureMayLieAtItsReleaseButNotAboveIt) {
  Desk desk;
  ASSERT_EQ(desk.read(0x3A), 0);
  ASSERT_EQ(desk.read(0x3B), 0);
  EXPECT_EQ(desk.write(0x3A, 1), PACKRIG_WRITE_INCONSISTENT);
  EXPECT_EQ(desk.write(0x3B, -1), PACKRIG_WRITE_INCONSISTENT);
  EXPECT_EQ(desk.write(0x3A, -20), PACKRIG_WRITE_OK);
  EXPECT_EQ(desk.write(0x3B, -20), PACKRIG_WRITE_OK);
  EXPECT_EQ(desk.write(0x3B, -21), PACKRIG_WRITE_INCONSISTENT);
}

TEST(Frame, NumbersWithoutARegisterHaveRangesToo) {
  Desk desk(lfp, 25);
  const struct {
    std::size_t offset;
    std::uint32_t value;
    std::int32_t result;
  } rows[] = {{142, 1000000, PACKRIG_WRITE_OK},
              {142, 1000001, PACKRIG_WRITE_OUT_OF_RANGE},
              {266, 1000000, PACKRIG_WRITE_OK},
              {266, 1000001, PACKRIG_WRITE_OUT_OF_RANGE},
              {270, 255, PACKRIG_WRITE_OK},
              {270, 256, PACKRIG_WRITE_OUT_OF_RANGE},
              {270, 0xFFFFFFFF, PACKRIG_WRITE_OUT_OF_RANGE},
              {278, 0xFFFFFFFF, PACKRIG_WRITE_OK}};
  for (const auto& row : rows) {
    auto frame = desk.store();
    for (std::size_t i = 0; i < 4; ++i) frame[row.offset + i] = static_cast<std::uint8_t>(row.value >> 8 * i);
    set_sum(frame);
    const auto before = desk.store();
    EXPECT_EQ(desk.load(frame), row.result) << row.offset << " " << row.value;
    EXPECT_EQ(desk.store(), row.result == PACKRIG_WRITE_OK ? frame : before);
  }
}

// Header and counter, what nobody has published, and the sum are not.
TEST(Frame, KnowsTheBytesOfItsNumbers) {
  const struct {
    std::size_t first, end;
    bool known;
  } rows[] = {{0, 6, false},     {6, 278, true},   {278, 282, false}, {282, 287, true},
              {287, 296, false}, {296, 298, true}, {298, 300, false}};
  for (const auto& row : rows) {
    for (std::size_t offset = row.first; offset < row.end; ++offset) {
      EXPECT_EQ(bms::is_known(offset), row.known) << offset;
    }
  }
}

TEST(Consistency, TheSheetsSpanIsReachedInTheRightOrder) {
  Desk desk;
  ASSERT_EQ(desk.write(0x04, 4350), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x05, 4349), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x05, 1200), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x04, 1201), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x0B, 1200), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x02, 1200), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x03, 4350), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x02, 4349), PACKRIG_WRITE_OK);
}

}  // namespace
}  // namespace packrig::test
