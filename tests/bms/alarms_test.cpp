// The alarm word, bit by bit as the vendor's Modbus map V1.1 numbers it (syssi/esphome-jk-bms, docs/pb2a16s20p).
#include <gtest/gtest.h>

#include <functional>

#include "tests/bms/inside.hpp"

namespace packrig::test {
namespace {

TEST(Alarms, EachProtectionRaisesItsOwnBitAndClearsIt) {
  struct Row {
    int bit;
    std::function<void(Desk&)> impose;
  };
  const Row rows[] = {
      {1, [](Desk& desk) { desk.codes.board_ddegC = 1010; }},
      {4, [](Desk& desk) { desk.set_cell_mV(3, 3700); }},
      {6, [](Desk& desk) { desk.set_current_A(-40.0); }},
      {7, [](Desk& desk) { desk.codes.inputs = PACKRIG_INPUT_SHORT_CHARGE; }},
      {8, [](Desk& desk) { desk.set_current_A(-5.0), desk.set_probe_degC(2, 72.0); }},
      {9, [](Desk& desk) { desk.set_current_A(-5.0), desk.set_probe_degC(2, -22.0); }},
      {11, [](Desk& desk) { desk.set_cell_mV(3, 2500); }},
      {13, [](Desk& desk) { desk.set_current_A(220.0); }},
      {10, [](Desk& desk) { desk.front_end_answers = false; }},
      {14, [](Desk& desk) { desk.codes.inputs = PACKRIG_INPUT_SHORT_DISCHARGE; }},
      {15, [](Desk& desk) { desk.set_current_A(5.0), desk.set_probe_degC(2, 72.0); }},
      {27, [](Desk& desk) { desk.set_current_A(5.0), desk.set_probe_degC(2, -22.0); }},
      {16, [](Desk& desk) { desk.hold_contact(PACKRIG_INPUT_CHARGE_FEEDBACK, false); }},
      {20, [](Desk& desk) { desk.hold_contact(PACKRIG_INPUT_DISCHARGE_FEEDBACK, false); }},
      {22, [](Desk& desk) { desk.open_probe(2); }},
  };
  for (const Row& row : rows) {
    Desk desk;
    ASSERT_EQ(desk.write(0x0D, 2), 0);
    ASSERT_EQ(desk.write(0x10, 2), 0);
    ASSERT_EQ(desk.write(0x3A, -20), 0);
    ASSERT_EQ(desk.write(0x3B, -10), 0);
    desk.set_probe_degC(2, 25.0);
    desk.codes.board_ddegC = 250;
    desk.settle();
    EXPECT_EQ(firmware_of(desk).protections.alarms, 0U);
    const PackrigAfeCodes quiet = desk.codes;
    row.impose(desk);
    for (int i = 0; i < 40; ++i) {
      desk.run_s(0.1);
      if (!desk.charge_on() || !desk.discharge_on()) desk.set_current_A(0.0);  // an open path ends its current
    }
    EXPECT_EQ(firmware_of(desk).protections.alarms, 1U << row.bit) << "bit " << row.bit;
    desk.codes = quiet;
    desk.front_end_answers = true;
    desk.release_contacts();
    desk.run_s(61.0);
    EXPECT_EQ(firmware_of(desk).protections.alarms, 0U) << "bit " << row.bit;
  }
}

TEST(Alarms, WrongNumberOfCellsIsBitTwo) {
  Desk desk(lfp, 16);
  desk.set_cell_mV(16, 0.0);
  desk.run_s(0.0999);
  EXPECT_EQ(firmware_of(desk).protections.alarms, 0U) << "not counted yet";
  desk.run_s(0.0002);
  EXPECT_EQ(firmware_of(desk).protections.alarms, 1U << 2);
  desk.set_cell_mV(16, 3300.0);
  desk.run_s(0.1);
  EXPECT_EQ(firmware_of(desk).protections.alarms, 0U);
}

TEST(Saturation, IsFlaggedBeyondTheSheetsRange) {
  for (const auto& [shunt_uV, saturated] : {std::pair{75000, 0}, {75001, 1}, {-37500, 0}, {-37501, 1}}) {
    Desk desk;
    desk.codes.shunt_code = shunt_uV;
    desk.run_s(0.2);
    EXPECT_EQ(firmware_of(desk).measured.current_saturated, saturated) << shunt_uV;
  }
}

}  // namespace
}  // namespace packrig::test
