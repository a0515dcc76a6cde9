#include "models/bms/conversions.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/bms/part_b2a25srp.hpp"

namespace packrig::bms {
namespace {

TEST(CellCode, IsRoundedToTheNearestMillivolt) {
  for (int code = 0; code <= 65535; ++code) {
    EXPECT_EQ(cell_mV(no_calibration, static_cast<std::uint16_t>(code)), std::lround(code * 5000.0 / 65536.0)) << code;
  }
}

TEST(ProbeCode, FollowsTheBetaEquationOverTheSheetsRange) {
  for (double truth_degC = -40.0; truth_degC <= 125.0; truth_degC += 0.1) {
    const double probe_Ohm = 10000.0 * std::exp(3435.0 * (1.0 / (truth_degC + 273.15) - 1.0 / 298.15));
    const auto code = static_cast<std::uint16_t>(std::lround(65535.0 * probe_Ohm / (probe_Ohm + 10000.0)));
    ASSERT_EQ(probe_state(code), ProbeState::readable);
    EXPECT_NEAR(probe_ddegC(code), truth_degC * 10.0, 2.5) << truth_degC;
  }
}

TEST(ProbeCode, IsMonotonicThroughZero) {
  int last_ddegC = 10000;
  for (int code = 2110; code <= 64199; ++code) {
    const int now_ddegC = probe_ddegC(static_cast<std::uint16_t>(code));
    EXPECT_LE(now_ddegC, last_ddegC) << code;
    EXPECT_GE(now_ddegC, -500);
    EXPECT_LE(now_ddegC, 1500);
    last_ddegC = now_ddegC;
  }
}

TEST(ProbeCode, EndsOfTheRangeAreFaultsNotTemperatures) {
  EXPECT_EQ(probe_state(65535), ProbeState::open);
  EXPECT_EQ(probe_state(64200), ProbeState::open);
  EXPECT_EQ(probe_state(64199), ProbeState::readable);
  EXPECT_EQ(probe_state(2110), ProbeState::readable);
  EXPECT_EQ(probe_state(2109), ProbeState::shorted);
  EXPECT_EQ(probe_state(0), ProbeState::shorted);
}

TEST(Shunt, IsScaledAndClippedToTheSheetsRange) {
  struct Row {
    std::int32_t shunt_uV;
    std::int32_t current_mA;
    bool saturated;
  };
  const Row rows[] = {{0, 0, false},           {250, 1000, false},         {-250, -1000, false},
                      {75000, 300000, false},  {75001, 300000, true},      {-37500, -150000, false},
                      {-37501, -150000, true}, {2147483647, 300000, true}, {-2147483647 - 1, -150000, true}};
  for (const Row& row : rows) {
    const Current current = shunt_current(b2a25srp, no_calibration, row.shunt_uV);
    EXPECT_EQ(current.value_mA, row.current_mA) << row.shunt_uV;
    EXPECT_EQ(current.saturated, row.saturated) << row.shunt_uV;
  }
}

}  // namespace
}  // namespace packrig::bms
