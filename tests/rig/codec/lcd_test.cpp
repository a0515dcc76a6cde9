#include "rig/codec/lcd.hpp"

#include <gtest/gtest.h>

#include "tests/rig/codec/vectors.hpp"

namespace packrig {
namespace {

// A status frame by the published table: 52.37 V, 12.3 A out of the pack, 87 %, cells of `cell_mV`.
std::vector<std::uint8_t> status(std::size_t cell_count, int cell_mV, int pack_10mV = 5237) {
  std::vector<int> words(45, 0);
  words[0] = pack_10mV;
  words[1] = -123;
  words[2] = 3;
  words[3] = 87;
  words[5] = 31;
  words[6] = -5;
  words[8] = cell_mV;
  words[10] = 1;
  for (std::size_t i = 0; i < cell_count; ++i) words[12 + i] = cell_mV;
  words[37] = 1;  // cell over-voltage
  words[43] = 1;  // wire resistance
  std::vector<std::uint8_t> bytes = {0xA5, 0x5A, 93, 0x82, 0x10, 0x00};
  for (const int word : words) {
    bytes.push_back(static_cast<std::uint8_t>(word >> 8 & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
  }
  return bytes;
}

std::vector<RawFrame> heard(const std::vector<std::uint8_t>& bytes) {
  Deframer deframer(lcd::match, lcd::silence_ns);
  return test::frames_in(deframer, bytes, 0, 4'166'667);
}

TEST(LcdTest, ReadsTheStatus) {
  const auto frames = heard(status(16, 3273));
  ASSERT_EQ(frames.size(), 1U);
  ASSERT_TRUE(lcd::is_status(frames[0]));
  const Telemetry telemetry = lcd::telemetry_of(frames[0]);
  EXPECT_EQ(telemetry.arrival_ns, frames[0].arrival_ns);
  EXPECT_NEAR(*telemetry.pack_V, 52.37, 1e-9);
  EXPECT_NEAR(*telemetry.current_A, 12.3, 1e-9);
  EXPECT_NEAR(*telemetry.soc, 0.87, 1e-9);
  EXPECT_EQ(telemetry.board_degC, 31.0);
  EXPECT_EQ(telemetry.probe_degC[0], -5.0);
  EXPECT_EQ(telemetry.charge_on, true);
  EXPECT_EQ(telemetry.discharge_on, false);
  ASSERT_EQ(telemetry.cell_V.size(), 16U);
  EXPECT_NEAR(telemetry.cell_V[15], 3.273, 1e-9);
  AlarmSet alarms;
  alarms.add(Alarm::cell_over_voltage);
  alarms.add(Alarm::wire_resistance);
  EXPECT_EQ(telemetry.alarms, alarms);
}

TEST(LcdTest, ALongerPackThanItHasSlotsForHasNoCells) {
  EXPECT_EQ(lcd::telemetry_of(heard(status(24, 3300, 7920)).at(0)).cell_V.size(), 24U);
  EXPECT_TRUE(lcd::telemetry_of(heard(status(24, 3300, 8250)).at(0)).cell_V.empty());
}

TEST(LcdTest, OtherFramesAreNoStatus) {
  auto bytes = test::bytes_of("a55a03800100");  // a register written, as boards do
  const auto frames = heard(bytes);
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_FALSE(lcd::is_status(frames[0]));
}

TEST(LcdTest, FindsTheStatusBehindNoise) {
  auto bytes = test::bytes_of("00a5a55a");
  const auto frame = status(16, 3273);
  bytes.insert(bytes.end(), frame.begin(), frame.end());
  EXPECT_EQ(heard(bytes).size(), 1U);
}

}  // namespace
}  // namespace packrig
