// How the 4E57 protocol writes currents, temperatures, alarms and states, and what it lets itself be told.
#include <gtest/gtest.h>

#include <optional>

#include "tests/bms/protocol/nw_frames.hpp"

namespace packrig::test {
namespace {

// The number behind a code, asked for alone; nothing when the board does not answer.
std::optional<unsigned> read_number(Wire& wire, std::uint8_t code) {
  const Bytes reply = wire.ask(nw_read_one(code));
  if (reply.size() < 22 || reply[8] != 0x03 || reply[11] != code) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = 12; i < reply.size() - 9; ++i) value = value << 8 | reply[i];
  return value;
}

TEST(NwReadOne, AnswersWithCodeAndDataAlone) {
  Wire wire;
  wire.run_s(1.0);
  // 23 bytes: 4E 57 + 21 behind them; sum 4E+57+15+03+01+90+0E+10+68 = 1D4
  EXPECT_EQ(wire.ask(nw_read_one(0x90)), from_hex("4e57001500000000030001900e100000000068000001d4"));
}

TEST(NwReadOne, UnknownCodesAreNotAnswered) {
  Wire wire;
  wire.run_s(1.0);
  for (const std::uint8_t code : {0x01, 0x78, 0x88, 0x8D, 0xBB, 0xBF, 0xC1, 0xFF}) {
    EXPECT_TRUE(wire.ask(nw_read_one(code)).empty()) << int{code};
  }
}

struct CurrentRow {
  double discharge_A;
  unsigned raw;
};

TEST(NwCurrent, CarriesItsSignInBit15AndTensOfMilliamperes) {
  const CurrentRow rows[] = {{20.0, 0x07D0}, {-20.0, 0x87D0},          {0.0, 0x0000}, {0.012, 0x0001}, {-0.012, 0x8001},
                             {300.0, 30000}, {-150.0, 0x8000 + 15000}, {320.0, 30000}};
  for (const CurrentRow& row : rows) {
    Wire wire;
    wire.desk.set_current_A(row.discharge_A);
    wire.run_s(1.0);
    EXPECT_EQ(read_number(wire, 0x84), row.raw) << row.discharge_A;
  }
}

TEST(NwTemperature, FollowsTheVendorsRule) {
  const std::pair<int, unsigned> rows[] = {{0, 0},      {4, 0},      {5, 1},      {986, 99},  {1000, 100},
                                           {1100, 100}, {-4, 0},     {-5, 101},   {-10, 101}, {-20, 102},
                                           {-394, 139}, {-400, 140}, {-2000, 300}};
  for (const auto& [board_ddegC, raw] : rows) {
    Wire wire;
    wire.desk.codes.board_ddegC = static_cast<std::int16_t>(board_ddegC);
    wire.run_s(1.0);
    EXPECT_EQ(read_number(wire, 0x80), raw) << board_ddegC;
  }
}

TEST(NwTemperature, ProbesOneAndTwoAreBoxAndBattery) {
  Wire wire;
  wire.desk.set_probe_degC(1, 40.0);
  wire.desk.set_probe_degC(2, -10.0);
  wire.desk.set_probe_degC(3, 20.0);
  wire.run_s(1.0);
  EXPECT_EQ(read_number(wire, 0x81), 40U);
  EXPECT_EQ(read_number(wire, 0x82), 110U);
  wire.desk.open_probe(2);
  wire.run_s(0.2);
  EXPECT_EQ(read_number(wire, 0x82), 300U);
}

TEST(NwAlarm, CellOverVoltageIsBit10AndOpensTheChargeBit) {
  Wire wire;
  wire.run_s(7.0);
  EXPECT_EQ(read_number(wire, 0x8C), 0x0003U);
  wire.desk.set_cell_mV(3, 3650.0);
  wire.run_s(4.0);
  EXPECT_EQ(read_number(wire, 0x8B), 0x0400U);
  EXPECT_EQ(read_number(wire, 0x8C), 0x0002U);
}

TEST(NwAlarm, CellUnderVoltageIsBit3AsCaptured) {
  Wire wire;
  wire.run_s(7.0);
  wire.desk.set_cell_mV(3, 2500.0);
  wire.run_s(4.0);
  EXPECT_EQ(read_number(wire, 0x8B), 0x0008U);
  EXPECT_EQ(read_number(wire, 0x8C), 0x0001U);
}

TEST(NwAlarm, CurrentsHaveBits5And6) {
  for (const auto& [current_A, bit] : {std::pair{-30.0, 0x0020U}, std::pair{250.0, 0x0040U}}) {
    Wire wire;
    ASSERT_EQ(wire.desk.write(0x10, 2), 0);
    ASSERT_EQ(wire.desk.write(0x0D, 2), 0);
    wire.run_s(7.0);
    wire.desk.set_current_A(current_A);
    wire.run_s(3.0);
    EXPECT_EQ(read_number(wire, 0x8B), bit);
  }
}

// As boards with 2 and 15 % of charge, whose limit 0xB1 was at 20: the captures hold no alarm.
TEST(NwAlarm, ALowChargeIsNoneAsCaptured) {
  Wire wire(lfp, 16, 2900.0);
  wire.run_s(20.0);
  EXPECT_EQ(read_number(wire, 0xB1), 20U);
  EXPECT_LT(*read_number(wire, 0x85), 20U);
  EXPECT_EQ(read_number(wire, 0x8B), 0U);
}

TEST(NwState, TellsOfTheBalancer) {
  Wire wire;
  wire.desk.set_cell_mV(3, 3400.0);
  wire.run_s(20.0);
  EXPECT_EQ(read_number(wire, 0x8C), 0x0003U);
  wire.desk.codes.balance_mA = -1950;
  wire.run_s(0.5);
  EXPECT_EQ(read_number(wire, 0x8C), 0x0007U);
}

// Code, size, value on the wire, register, value on the board.
struct WriteRow {
  std::uint8_t code;
  int size;
  unsigned wire_value;
  std::uint8_t register_number;
  std::int32_t board_value;
};

TEST(NwWrite, ReachesTheRegisterAndIsAnsweredWithTheCode) {
  const WriteRow rows[] = {{0x90, 2, 3650, 0x04, 3650},  {0x91, 2, 3500, 0x05, 3500},  {0x93, 2, 2610, 0x02, 2610},
                           {0x94, 2, 2700, 0x03, 2700},  {0x97, 2, 120, 0x0F, 120000}, {0x98, 2, 10, 0x10, 10},
                           {0x99, 2, 50, 0x0C, 50000},   {0x9A, 2, 12, 0x0D, 12},      {0x9B, 2, 3200, 0x22, 3200},
                           {0x9C, 2, 20, 0x06, 20},      {0x9E, 2, 95, 0x1A, 950},     {0x9F, 2, 75, 0x1B, 750},
                           {0xA3, 2, 65, 0x14, 650},     {0xA4, 2, 66, 0x16, 660},     {0xA5, 2, 0xFFF1, 0x18, -150},
                           {0xA6, 2, 0xFFFB, 0x19, -50}, {0xA9, 1, 12, 0x1C, 12},      {0xAA, 4, 330, 0x20, 330000},
                           {0xAB, 1, 0, 0x1D, 0},        {0xAC, 1, 0, 0x1E, 0},        {0xB3, 1, 1, 0x2C, 1}};
  for (const WriteRow& row : rows) {
    SCOPED_TRACE(int{row.code});
    Wire wire;
    wire.run_s(1.0);
    NwFrame expected;
    expected.command = 0x02;
    expected.source = 0;
    expected.type = 1;
    expected.information = {row.code};
    EXPECT_EQ(wire.ask(nw_write(row.code, row.wire_value, row.size)), expected.bytes());
    EXPECT_EQ(wire.desk.read(row.register_number), row.board_value);
  }
}

TEST(NwWrite, WhatTheBoardRefusesIsNotAnsweredAndChangesNothing) {
  const std::vector<Bytes> refused = {
      nw_write(0x90, 4351, 2),        // above the range
      nw_write(0x90, 3550, 2),        // at its own release
      nw_write(0x90, 0, 2),           //
      nw_write(0x97, 65535, 2),       // -1 A
      nw_write(0xAA, 0x7FFFFFFF, 4),  // Ah that no mAh can hold
      nw_write(0xAA, 0x80000000, 4),  //
      nw_write(0xA9, 7, 1),           // fewer cells than LFP may have
      nw_write(0xA9, 26, 1),          //
      nw_write(0xAB, 2, 1),           // no switch
      nw_write(0x9D, 0, 1),           // firmware 11 ignores it
      nw_write(0x90, 3650, 1),        // wrong sizes
      nw_write(0x90, 3650, 4),        //
      nw_write(0xAB, 0, 2),           //
      nw_write(0x83, 5000, 2),        // read only
      nw_write(0x79, 0, 1),           //
      nw_write(0x88, 0, 2),           // unknown
      nw_write(0x00, 0, 1),           //
  };
  for (const Bytes& request : refused) {
    Wire wire;
    wire.run_s(1.0);
    const auto before = wire.desk.store();
    EXPECT_TRUE(wire.ask(request).empty()) << testing::PrintToString(request);
    EXPECT_EQ(wire.desk.store(), before) << testing::PrintToString(request);
  }
}

TEST(NwPassword, IsAnsweredWithItsCodeAndIsNotNeeded) {
  Wire wire;
  wire.run_s(1.0);
  NwFrame request;
  NwFrame expected;
  for (const std::uint8_t command : {0x01, 0x05}) {
    request.command = expected.command = command;
    request.information = {0x00, 0x00};
    expected.information = {0x00};
    expected.source = 0;
    expected.type = 1;
    EXPECT_EQ(wire.ask(request.bytes()), expected.bytes());
  }
}

}  // namespace
}  // namespace packrig::test
