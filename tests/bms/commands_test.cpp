// Calibration, clock, options and the password's reminder.
#include <gtest/gtest.h>

#include <numeric>

#include "models/bms/clock.hpp"
#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

constexpr std::uint8_t voltage_register = 0x64;
constexpr std::uint8_t current_calibration_register = 0x67;
constexpr std::uint8_t time_register = 0x6C;

TEST(VoltageCalibration, MovesEveryCellByTheSameRatio) {
  Desk desk(lfp, 16, 3300.0);
  desk.run_s(0.2);
  const std::int32_t pack_mV = 16 * firmware_of(desk).measured.cell_mV[0];
  ASSERT_EQ(desk.write(voltage_register, pack_mV + 160), 0);
  desk.run_s(0.2);
  for (int cell = 0; cell < 16; ++cell) EXPECT_EQ(firmware_of(desk).measured.cell_mV[cell], 3310);
  // Once more from there, back to where it was.
  ASSERT_EQ(desk.write(voltage_register, pack_mV), 0);
  desk.run_s(0.2);
  EXPECT_EQ(firmware_of(desk).measured.cell_mV[0], 3300);
}

// 5 % either way is the copy's own choice.
TEST(VoltageCalibration, RefusesWhatIsASlipOfTheHand) {
  for (const auto& [pack_mV, result] : {std::pair{16 * 3300 * 106 / 100, +PACKRIG_WRITE_OUT_OF_RANGE},
                                        {16 * 3300 * 104 / 100, +PACKRIG_WRITE_OK},
                                        {16 * 3300 * 96 / 100, +PACKRIG_WRITE_OK},
                                        {16 * 3300 * 94 / 100, +PACKRIG_WRITE_OUT_OF_RANGE},
                                        {0, +PACKRIG_WRITE_OUT_OF_RANGE},
                                        {-52800, +PACKRIG_WRITE_OUT_OF_RANGE},
                                        {std::numeric_limits<std::int32_t>::max(), +PACKRIG_WRITE_OUT_OF_RANGE},
                                        {std::numeric_limits<std::int32_t>::min(), +PACKRIG_WRITE_OUT_OF_RANGE}}) {
    Desk desk(lfp, 16, 3300.0);
    desk.run_s(0.2);
    EXPECT_EQ(desk.write(voltage_register, pack_mV), result) << pack_mV;
    desk.run_s(0.2);
    EXPECT_EQ(firmware_of(desk).measured.cell_mV[0] != 3300, result == PACKRIG_WRITE_OK) << pack_mV;
  }
}

TEST(VoltageCalibration, ManySmallStepsStayWithinTheLimit) {
  Desk desk(lfp, 16, 3300.0);
  desk.run_s(0.2);
  int accepted = 0;
  for (int i = 0; i < 20; ++i) {
    const auto& cell_mV = firmware_of(desk).measured.cell_mV;
    const std::int32_t pack_mV = std::accumulate(cell_mV, cell_mV + 16, 0);
    accepted += desk.write(voltage_register, pack_mV * 101 / 100) == PACKRIG_WRITE_OK ? 1 : 0;
    desk.run_s(0.2);
  }
  EXPECT_GE(accepted, 3);
  EXPECT_LE(accepted, 5);
}

TEST(VoltageCalibration, NeedsAScanAndAVoltage) {
  Desk desk;
  EXPECT_EQ(desk.write(voltage_register, 52800), PACKRIG_WRITE_NOT_NOW);
  Desk dead(lfp, 16, 0.0);
  dead.run_s(0.2);
  EXPECT_EQ(dead.write(voltage_register, 52800), PACKRIG_WRITE_NOT_NOW);
}

TEST(CurrentCalibration, TeachesTheZeroAndTheGain) {
  Desk desk;
  desk.codes.shunt_code = 100;  // 0.4 A that are not there
  desk.run_s(0.2);
  ASSERT_EQ(desk.write(current_calibration_register, 0), 0);
  desk.run_s(0.2);
  EXPECT_EQ(firmware_of(desk).measured.current_mA, 0);
  desk.codes.shunt_code = 100 + 25000;  // 100 A
  desk.run_s(0.2);
  ASSERT_EQ(desk.write(current_calibration_register, 101000), 0);
  desk.run_s(0.2);
  EXPECT_NEAR(firmware_of(desk).measured.current_mA, 101000, 4);
  desk.codes.shunt_code = 100 - 25000;
  desk.run_s(0.2);
  EXPECT_NEAR(firmware_of(desk).measured.current_mA, -101000, 8);
}

TEST(CurrentCalibration, HoldsWithoutPower) {
  Desk desk;
  desk.codes.shunt_code = -200;
  desk.run_s(0.2);
  ASSERT_EQ(desk.write(current_calibration_register, 0), 0);
  desk.run_s(10.0);
  desk.restart();
  desk.run_s(0.2);
  EXPECT_EQ(firmware_of(desk).measured.current_mA, 0);
}

// The sheet's 1.5 A, 375 uV, either way.
TEST(CurrentCalibration, RefusesAZeroBeyondTheSheetsError) {
  for (const int shunt_uV : {374, 375, 376, -374, -375, -376}) {
    Desk desk;
    desk.codes.shunt_code = shunt_uV;
    desk.run_s(0.2);
    EXPECT_EQ(desk.write(current_calibration_register, 0),
              std::abs(shunt_uV) > 375 ? PACKRIG_WRITE_OUT_OF_RANGE : PACKRIG_WRITE_OK)
        << shunt_uV;
  }
}

TEST(CurrentCalibration, RefusesWhatItCannotCompare) {
  const struct {
    double current_A;
    std::int32_t value, result;
  } rows[] = {{100.0, 106000, PACKRIG_WRITE_OUT_OF_RANGE},
              {100.0, 94000, PACKRIG_WRITE_OUT_OF_RANGE},
              {100.0, -100000, PACKRIG_WRITE_OUT_OF_RANGE},
              {-100.0, -104000, PACKRIG_WRITE_OK},
              {-100.0, 100000, PACKRIG_WRITE_OUT_OF_RANGE},
              {0.500, 500, PACKRIG_WRITE_NOT_NOW},
              {0.504, 504, PACKRIG_WRITE_OK},
              {-0.500, -500, PACKRIG_WRITE_NOT_NOW},
              {-0.504, -504, PACKRIG_WRITE_OK},
              {310.0, 300000, PACKRIG_WRITE_NOT_NOW}};
  for (const auto& row : rows) {
    Desk desk;
    EXPECT_EQ(desk.write(current_calibration_register, row.value), PACKRIG_WRITE_NOT_NOW) << "no scan yet";
    desk.set_current_A(row.current_A);
    desk.run_s(0.2);
    EXPECT_EQ(desk.write(current_calibration_register, row.value), row.result) << row.current_A << " " << row.value;
  }
}

TEST(Time, IsSetCountsAndIsKept) {
  Desk desk;
  desk.run_s(1.01);
  ASSERT_EQ(desk.write(time_register, 172'800'000), 0);
  desk.run_s(100.0);
  EXPECT_EQ(firmware_of(desk).clock.time_s, 172'800'100U);
  EXPECT_EQ(firmware_of(desk).clock.run_time_s, 101U);
  desk.restart();
  // What was not stored yet is lost with the power: the copy has no battery for its clock.
  EXPECT_NEAR(firmware_of(desk).clock.time_s, 172'800'000.0, 5.0);
}

TEST(Time, SecondsRunFor136YearsAndTicksWrapSafely) {
  bms::Clock clock{};
  bms::advance(clock, 0);
  const std::int64_t years_s = 136LL * 365 * 86400;  // of 2^32 = 4294967296
  std::int64_t now_ns = 0;
  for (int i = 0; i < 136; ++i) {
    now_ns += 365LL * 86400 * ns_per_s;
    bms::advance(clock, now_ns);
  }
  EXPECT_EQ(clock.time_s, static_cast<std::uint32_t>(years_s));
  EXPECT_EQ(clock.run_time_s, static_cast<std::uint32_t>(years_s));
  EXPECT_EQ(clock.tick_count, static_cast<std::uint32_t>(years_s * 10));  // it has wrapped nine times
  const std::uint32_t before = clock.tick_count;
  bms::advance(clock, now_ns + 3 * ns_per_s + 250'000'000);
  EXPECT_EQ(clock.tick_count - before, 32U);
}

TEST(Time, OddStepsLoseNothing) {
  bms::Clock clock{};
  std::int64_t now_ns = 77;
  bms::advance(clock, now_ns);
  for (int i = 0; i < 1'000'000; ++i) {
    now_ns += 1 + i % 3'333'333;
    bms::advance(clock, now_ns);
  }
  EXPECT_EQ(clock.run_time_s, static_cast<std::uint32_t>((now_ns - 77) / ns_per_s));
  EXPECT_EQ(clock.since_on_ns, now_ns - 77);
}

TEST(Time, AStepBackIsNoTime) {
  bms::Clock clock{};
  bms::advance(clock, 5 * ns_per_s);
  bms::advance(clock, 2 * ns_per_s);
  EXPECT_EQ(clock.since_on_ns, 0);
  bms::advance(clock, 3 * ns_per_s);
  EXPECT_EQ(clock.run_time_s, 1U);
}

struct OptionRow {
  std::uint8_t number;
  std::vector<std::int32_t> accepted, refused;
};

TEST(Options, AcceptWhatTheBoardOffers) {
  const OptionRow rows[] = {
      // The captured board's masks: 0x2407 on UART 1, 0x41 on CAN.
      {0xA5, {0, 1, 2, 10, 13}, {3, 9, 11, 12, 14, 31, 32, 255, -1}},
      {0xA6, {0, 6}, {1, 5, 7, 31, 32, -1}},
      {0xA9, {0, 14}, {-1, 15}},
      {0xAA, {0, 14}, {-1, 15}},
      {0xAB, {0, 14}, {-1, 15}},
      {0xB3, {0, 255}, {-1, 256}},
      {0xB4, {0, 255}, {-1, 256}},
      {0xB5, {0, 255}, {-1, 256}},
      {0xB7, {0, 100}, {-1, 101}},
  };
  for (const OptionRow& row : rows) {
    Desk desk;
    for (const std::int32_t value : row.accepted) {
      EXPECT_EQ(desk.write(row.number, value), PACKRIG_WRITE_OK) << int{row.number} << " " << value;
      EXPECT_EQ(desk.read(row.number), value);
    }
    const std::int32_t last = row.accepted.back();
    for (const std::int32_t value : row.refused) {
      EXPECT_EQ(desk.write(row.number, value), PACKRIG_WRITE_OUT_OF_RANGE) << int{row.number} << " " << value;
      EXPECT_EQ(desk.read(row.number), last);
    }
    desk.run_s(10.0);
    desk.restart();
    EXPECT_EQ(desk.read(row.number), last) << "kept without power";
  }
}

TEST(Password, IsRemindedOfWhileItIsTheDeliveredOne) {
  Desk desk;
  const auto reminded = [&] { return (bms::alarm_word(bms::b2a25srp, firmware_of(desk)) >> 19 & 1U) != 0; };
  EXPECT_TRUE(reminded());
  std::strcpy(firmware_of(desk).options.setup_password, "123457");
  EXPECT_FALSE(reminded());
  std::strcpy(firmware_of(desk).options.setup_password, "1234567");
  EXPECT_FALSE(reminded());
  std::strcpy(firmware_of(desk).options.setup_password, "123456");
  EXPECT_TRUE(reminded());
}

}  // namespace
}  // namespace packrig::test
