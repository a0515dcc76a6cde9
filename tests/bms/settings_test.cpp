// The settings: the captured frame, damaged ones, numbers of cells, presets.
#include "models/bms/settings.hpp"

#include <gtest/gtest.h>

#include <string>

#include "models/bms/part_b2a25srp.hpp"
#include "tests/bms/settings_frame.hpp"

namespace packrig::test {
namespace {

// Settings frame of a real JK-B2A25S-RP, hardware 11A, firmware 11.55. Origin: syssi/esphome-jk-bms,
// tests/esp32-ble-b2a25s-example-faker.yaml at 2fa4323b, Apache-2.0 (measurement data).
const std::string captured_dut =
    "55aaeb90019eac0d0000280a00005a0a0000100e0000de0d000005000000e80d00003c0a00000000000000000000c4090000"
    "a86100001e0000003c00000040420f002c0100003c00000005000000d0070000bc02000058020000bc0200005802000038ff"
    "ffff9cffffffe803000020030000190000000000000000000000010000001009050000000000b80b00000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000010000000500000020a1070000003c3218fef9ffffff2900020000000031";

std::vector<std::uint8_t> bytes_of(const std::string& hex) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

TEST(Frame, CapturedOneLoadsAndIsStoredByteForByte) {
  const auto frame = bytes_of(captured_dut);
  ASSERT_EQ(frame.size(), 300U);
  Desk desk(lfp, 25);
  ASSERT_EQ(desk.load(frame), PACKRIG_WRITE_OK);
  EXPECT_EQ(desk.store(), frame);
}

// The right-hand side is what the source's own comments say the frame holds.
TEST(Frame, CapturedOneReadsAsItsSourceSays) {
  Desk desk(lfp, 25);
  ASSERT_EQ(desk.load(bytes_of(captured_dut)), PACKRIG_WRITE_OK);
  const std::pair<std::uint8_t, std::int32_t> expected[] = {
      {0x01, 3500},    {0x02, 2600}, {0x03, 2650}, {0x04, 3600},   {0x05, 3550},  {0x06, 5},    {0x07, 3560},
      {0x08, 2620},    {0x09, 0},    {0x0A, 0},    {0x0B, 2500},   {0x0C, 25000}, {0x0D, 30},   {0x0E, 60},
      {0x0F, 1000000}, {0x10, 300},  {0x11, 60},   {0x12, 5},      {0x13, 2000},  {0x14, 700},  {0x15, 600},
      {0x16, 700},     {0x17, 600},  {0x18, -200}, {0x19, -100},   {0x1A, 1000},  {0x1B, 800},  {0x1C, 25},
      {0x1D, 0},       {0x1E, 0},    {0x1F, 1},    {0x20, 330000}, {0x21, 0},     {0x22, 3000}, {0x25, 5},
      {0x27, 0},       {0x2A, 0},    {0x2C, 0},    {0x39, 24}};
  for (const auto& [register_number, value] : expected) {
    EXPECT_EQ(desk.read(register_number), value) << "register " << int{register_number};
  }
}

TEST(Frame, CapturedOneKeepsBothPathsOpen) {
  Desk desk(lfp, 25);
  ASSERT_EQ(desk.load(bytes_of(captured_dut)), PACKRIG_WRITE_OK);
  desk.run_s(20.0);
  EXPECT_EQ(desk.commands.drives, 0U);
}

TEST(Frame, DamagedOnesAreRefusedAndChangeNothing) {
  Desk desk(lfp, 25);
  const auto before = desk.store();
  const auto good = bytes_of(captured_dut);
  auto frame = good;
  frame[18] ^= 1;
  EXPECT_EQ(desk.load(frame), PACKRIG_WRITE_BAD_FRAME) << "sum";
  for (const std::size_t offset : {0U, 1U, 2U, 3U, 4U}) {
    frame = good;
    frame[offset] ^= 0x02;
    set_sum(frame);
    EXPECT_EQ(desk.load(frame), PACKRIG_WRITE_BAD_FRAME) << "header byte " << offset;
  }
  frame = good;
  frame.pop_back();
  EXPECT_EQ(desk.load(frame), PACKRIG_WRITE_BAD_FRAME) << "length";
  frame = good;
  frame[114] = 26;
  set_sum(frame);
  EXPECT_EQ(desk.load(frame), PACKRIG_WRITE_OUT_OF_RANGE) << "26 cells";
  frame = good;
  frame[22] = 0x10;  // release = protection
  frame[23] = 0x0E;
  set_sum(frame);
  EXPECT_EQ(desk.load(frame), PACKRIG_WRITE_INCONSISTENT);
  EXPECT_EQ(desk.store(), before);
}

TEST(Frame, IsStoredIntoItsLengthOnly) {
  const Desk desk(lfp, 25);
  for (const std::size_t length : {0U, 299U, 301U}) {
    std::vector<std::uint8_t> frame(301, 0x77);
    EXPECT_EQ(desk.api().store_settings(desk.state(), frame.data(), length), PACKRIG_WRITE_BAD_FRAME) << length;
    EXPECT_EQ(frame, std::vector<std::uint8_t>(301, 0x77));
  }
}

TEST(Frame, WriteTouchesItsOwnBytesAndTheSumOnly) {
  Desk desk(lfp, 25);
  const auto before = bytes_of(captured_dut);
  ASSERT_EQ(desk.load(before), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x04, 3650), PACKRIG_WRITE_OK);  // 0x0E42 at 18
  ASSERT_EQ(desk.write(0x18, -300), PACKRIG_WRITE_OK);  // two's complement at 98
  ASSERT_EQ(desk.write(0x36, 1), PACKRIG_WRITE_OK);     // bit 15 of the word at 282
  ASSERT_EQ(desk.write(0x37, -40), PACKRIG_WRITE_OK);   // s8 at 284
  auto expected = before;
  expected[18] = 0x42;
  expected[98] = 0xD4;
  expected[99] = 0xFE;
  expected[283] = 0x80;
  expected[284] = 0xD8;
  set_sum(expected);
  EXPECT_EQ(desk.store(), expected);
}

TEST(Register, UnknownOnesAreRefused) {
  Desk desk;
  const auto before = desk.store();
  for (const std::uint8_t register_number : {0x00, 0x23, 0x24, 0x26, 0x3C, 0x40, 0xA4, 0xFF}) {
    std::int32_t value = 77;
    EXPECT_EQ(desk.write(register_number, 1), PACKRIG_WRITE_UNKNOWN_REGISTER) << int{register_number};
    EXPECT_EQ(desk.api().read(desk.state(), register_number, &value), PACKRIG_WRITE_UNKNOWN_REGISTER);
    EXPECT_EQ(value, 77);
  }
  EXPECT_EQ(desk.store(), before);
}

TEST(CellCount, FollowsTheChemistry) {
  const struct { std::uint8_t chemistry, low; } rows[] = {{lfp, 8}, {li_ion, 7}, {lto, 12}};
  for (const auto& row : rows) {
    EXPECT_EQ(Desk(row.chemistry, static_cast<std::uint8_t>(row.low - 1)).init_result, PACKRIG_WRITE_OUT_OF_RANGE);
    EXPECT_EQ(Desk(row.chemistry, row.low).init_result, PACKRIG_WRITE_OK);
    EXPECT_EQ(Desk(row.chemistry, 25).init_result, PACKRIG_WRITE_OK);
    Desk desk(row.chemistry, 16);
    EXPECT_EQ(desk.write(0x1C, row.low - 1), PACKRIG_WRITE_OUT_OF_RANGE);
    EXPECT_EQ(desk.write(0x1C, 26), PACKRIG_WRITE_OUT_OF_RANGE);
    EXPECT_EQ(desk.read(0x1C), 16);
    EXPECT_EQ(desk.write(0x1C, row.low), PACKRIG_WRITE_OK);
    EXPECT_EQ(desk.write(0x1C, 25), PACKRIG_WRITE_OK);
  }
  Desk desk(lfp, 16);
  EXPECT_EQ(desk.api().init(desk.state(), 3, 16), PACKRIG_WRITE_OUT_OF_RANGE) << "unknown chemistry";
}

TEST(Preset, HoldsWhatRealBoardsHold) {
  struct Row {
    std::uint8_t register_number;
    std::int32_t lfp_value, li_ion_value, lto_value;
  };
  const Row rows[] = {{0x02, 2600, 2820, 1800}, {0x03, 2650, 2850, 2000}, {0x04, 3600, 4200, 2700},
                      {0x05, 3550, 4180, 2400}, {0x0B, 2500, 2800, 1700}, {0x0C, 25000, 25000, 25000},
                      {0x0D, 30, 30, 30},       {0x0E, 60, 60, 60},       {0x0F, 200000, 200000, 200000},
                      {0x10, 300, 300, 300},    {0x11, 60, 60, 60},       {0x12, 5, 5, 5},
                      {0x14, 700, 700, 700},    {0x15, 600, 600, 600},    {0x18, -200, -200, -200},
                      {0x19, -100, -100, -100}, {0x1A, 1000, 1000, 1000}, {0x1B, 800, 800, 800},
                      {0x1D, 1, 1, 1},          {0x1E, 1, 1, 1},          {0x21, 1500, 1500, 1500}};
  const std::uint8_t commands[] = {0x69, 0x68, 0x6A};
  for (const std::uint8_t chemistry : {lfp, li_ion, lto}) {
    Desk fresh(chemistry, 16);
    Desk commanded(chemistry == lfp ? lto : lfp, 16);
    EXPECT_EQ(commanded.write(commands[chemistry], 0), PACKRIG_WRITE_OK);
    for (const Row& row : rows) {
      const std::int32_t expected = chemistry == lfp      ? row.lfp_value
                                    : chemistry == li_ion ? row.li_ion_value
                                                          : row.lto_value;
      EXPECT_EQ(fresh.read(row.register_number), expected) << int{row.register_number};
      EXPECT_EQ(commanded.read(row.register_number), expected) << int{row.register_number};
    }
  }
}

// The maker's manual of the 24S generation prints other numbers than 11.x boards hold. A part may be flashed with them.
TEST(Preset, TheManualsTableMakesAPartOfItsOwn) {
  bms::Part part = bms::b2a25srp;
  part.presets = bms::manual_presets;
  part.preset_count = std::size(bms::manual_presets);
  const struct {
    std::uint8_t register_number;
    std::int32_t lfp_value, li_ion_value, lto_value;
  } rows[] = {{0x02, 2600, 2900, 1800}, {0x03, 3000, 3200, 2000}, {0x04, 3600, 4200, 2700}, {0x05, 3400, 4100, 2400},
              {0x06, 10, 10, 10},       {0x0B, 2500, 2800, 1700}, {0x0D, 30, 30, 30},       {0x0E, 60, 60, 60},
              {0x10, 30, 30, 30},       {0x11, 60, 60, 60},       {0x12, 60, 60, 60},       {0x14, 600, 600, 600},
              {0x15, 550, 550, 550},    {0x16, 600, 600, 600},    {0x17, 550, 550, 550},    {0x18, -200, -200, -200},
              {0x19, -100, -100, -100}, {0x1A, 750, 750, 750},    {0x1B, 700, 700, 700}};
  for (const std::uint8_t chemistry : {lfp, li_ion, lto}) {
    bms::Settings settings{};
    ASSERT_EQ(bms::reset_settings(part, chemistry, 16, settings), PACKRIG_WRITE_OK);
    for (const auto& row : rows) {
      const std::int32_t values[] = {row.lfp_value, row.li_ion_value, row.lto_value};
      EXPECT_EQ(bms::setting(settings, row.register_number), values[chemistry]) << int{row.register_number};
    }
  }
}

TEST(Preset, CommandKeepsCountCapacityAndSwitchesAndMovesTheCellCountLimits) {
  Desk desk(lfp, 8);
  ASSERT_EQ(desk.write(0x20, 123456), PACKRIG_WRITE_OK);
  ASSERT_EQ(desk.write(0x1D, 0), PACKRIG_WRITE_OK);
  const auto before = desk.store();
  EXPECT_EQ(desk.write(0x6A, 0), PACKRIG_WRITE_OUT_OF_RANGE) << "LTO needs 12 cells";
  EXPECT_EQ(desk.store(), before);
  EXPECT_EQ(desk.write(0x1C, 7), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(desk.write(0x68, 0), PACKRIG_WRITE_OK);
  EXPECT_EQ(desk.write(0x1C, 7), PACKRIG_WRITE_OK) << "Li-ion takes 7";
  EXPECT_EQ(desk.read(0x20), 123456);
  EXPECT_EQ(desk.read(0x1D), 0);
}

TEST(Preset, FactoryFrameDiffersFromTheCaptureOnlyInKnownSettings) {
  Desk desk(lfp, 25);
  const auto captured = bytes_of(captured_dut);
  const auto factory = desk.store();
  // counter, trigger 10, discharge 200 A, switches, capacity, short delay, port of the bus, sum
  const std::vector<std::pair<std::size_t, std::size_t>> known = {{5, 6},     {26, 30},   {62, 66},   {118, 126},
                                                                  {130, 134}, {134, 138}, {282, 283}, {299, 300}};
  for (std::size_t i = 0; i < 300; ++i) {
    bool may_differ = false;
    for (const auto& [first, end] : known) may_differ |= i >= first && i < end;
    if (may_differ) continue;
    EXPECT_EQ(factory[i], captured[i]) << "offset " << i;
  }
}

}  // namespace
}  // namespace packrig::test
