// The app's commands and the JK02 frames: offsets against the published layout and the DUT's captured device info.
#include <gtest/gtest.h>

#include "tests/bms/protocol/wire.hpp"

namespace packrig::test {
namespace {

Bytes command(std::uint8_t number, std::uint8_t length = 0, std::uint32_t value = 0, std::uint8_t filler = 0) {
  Bytes bytes = {0xAA, 0x55, 0x90, 0xEB, number, length};
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  while (bytes.size() < 19) bytes.push_back(filler);
  unsigned sum = 0;
  for (const std::uint8_t byte : bytes) sum += byte;
  bytes.push_back(static_cast<std::uint8_t>(sum));
  return bytes;
}

const Bytes acknowledgement = from_hex("aa5590ebc8010100000000000000000000000044");

struct TimedFrame {
  std::int64_t begin_ns;
  Bytes bytes;
};

class Bluetooth : public testing::Test {
 protected:
  Bluetooth() {
    wire.run_s(7.0);
    wire.said.clear();
  }

  // What came over the radio's line, cut where it was silent; frames that touch are cut by their headers.
  std::vector<TimedFrame> frames() const {
    std::vector<TimedFrame> found;
    std::size_t i = 0;
    std::vector<SaidByte> bytes;
    for (const SaidByte& byte : wire.said) {
      if (byte.port == port_bluetooth) bytes.push_back(byte);
    }
    while (i < bytes.size()) {
      const std::size_t length = bytes[i].value == 0x55 ? 300 : 20;
      TimedFrame frame{bytes[i].at_ns - byte_115200_ns, {}};
      for (std::size_t k = 0; k < length && i < bytes.size(); ++k, ++i) {
        EXPECT_EQ(bytes[i].at_ns, frame.begin_ns + static_cast<std::int64_t>(k + 1) * byte_115200_ns);
        frame.bytes.push_back(bytes[i].value);
      }
      found.push_back(frame);
    }
    return found;
  }
  // The frame of that type that a command brings, checked for header and sum.
  Bytes frame_of(std::uint8_t number, std::uint8_t type) {
    wire.said.clear();
    wire.send(command(number), port_bluetooth);
    wire.run_s(1.0);
    for (const TimedFrame& frame : frames()) {
      if (frame.bytes.size() != 300 || frame.bytes[4] != type) continue;
      EXPECT_EQ(Bytes(frame.bytes.begin(), frame.bytes.begin() + 4), (Bytes{0x55, 0xAA, 0xEB, 0x90}));
      unsigned sum = 0;
      for (std::size_t i = 0; i < 299; ++i) sum += frame.bytes[i];
      EXPECT_EQ(frame.bytes[299], sum & 0xFF);
      return frame.bytes;
    }
    return {};
  }

  Wire wire{lfp, 25};
};

std::int64_t number(const Bytes& frame, std::size_t offset, int size, bool is_signed = false) {
  std::uint64_t value = 0;
  for (int i = size - 1; i >= 0; --i) value = value << 8 | frame[offset + static_cast<std::size_t>(i)];
  if (!is_signed || (value >> (8 * size - 1)) == 0) return static_cast<std::int64_t>(value);
  return static_cast<std::int64_t>(value) - (std::int64_t{1} << (8 * size));
}

TEST_F(Bluetooth, IsSilentUntilAsked) {
  wire.run_s(5.0);
  EXPECT_TRUE(wire.said.empty());
}

TEST_F(Bluetooth, DeviceInfoIsTheCapturedOneButForItsOwnNames) {
  // Device-info frame of a real JK-B2A25S-RP; syssi/esphome-jk-bms, tests/esp32-ble-b2a25s-example-faker.yaml at
  // 2fa4323b, Apache-2.0 (measurement data).
  const Bytes captured = from_hex(
      "55aaeb9003004a4b5f42324132355352500000000000313141000000000031312e3535000000ee73090009000000424d535f"
      "3800000000000000000000003132333400000000000000000000000032353036313400003431303138333031363831003030"
      "3000496e70757420557365726461746100003132333435360000000000000000000000000000000000000000000000000000"
      "fef9ffffff2d000200000000901f00000000c0d8e73200000001000000000000000000000724000000000000000000000000"
      "0000410000000000000000000000000000000000000000000000000000000000000009000000640000005f00000000000000"
      "00000000000000000000000000000000000000000000000000000000000000000000000000fe9f21060000000000000000e6");
  const Bytes frame = frame_of(0x97, 3);
  ASSERT_EQ(frame.size(), 300U);
  ASSERT_EQ(captured.size(), 300U);
  // run time, power-on count, device name, serial number, user data 2, sum
  const std::vector<std::pair<std::size_t, std::size_t>> own = {{38, 46}, {46, 62}, {86, 97}, {134, 150}, {299, 300}};
  for (std::size_t i = 0; i < 300; ++i) {
    bool may_differ = false;
    for (const auto& [first, end] : own) may_differ |= i >= first && i < end;
    EXPECT_TRUE(may_differ || frame[i] == captured[i]) << "offset " << i;
  }
  EXPECT_EQ(number(frame, 42, 4), 1);
}

TEST_F(Bluetooth, CellFrameHasThePublishedLayout) {
  for (int cell = 1; cell <= 25; ++cell) wire.desk.set_cell_mV(cell, 3300.0 + cell);
  wire.desk.set_current_A(-20.0);
  wire.desk.set_probe_degC(1, 20.0);
  wire.desk.set_probe_degC(3, -10.0);
  wire.desk.codes.board_ddegC = 351;
  wire.desk.codes.inputs |= PACKRIG_INPUT_CHARGER;
  wire.run_s(20.0);
  const Bytes frame = frame_of(0x96, 2);
  ASSERT_EQ(frame.size(), 300U);
  for (std::size_t cell = 1; cell <= 32; ++cell) {
    EXPECT_EQ(number(frame, 4 + 2 * cell, 2), cell <= 25 ? 3300 + static_cast<int>(cell) : 0);
  }
  EXPECT_EQ(number(frame, 70, 4), 0x01FFFFFF);
  EXPECT_EQ(number(frame, 74, 2), 3313);
  EXPECT_EQ(number(frame, 76, 2), 24);
  EXPECT_EQ(frame[78], 24);
  EXPECT_EQ(frame[79], 0);
  EXPECT_EQ(number(frame, 144, 2, true), 351);
  EXPECT_EQ(number(frame, 150, 4), 82825);
  EXPECT_EQ(number(frame, 154, 4), 1656500);
  EXPECT_EQ(number(frame, 158, 4, true), 20000);
  EXPECT_NEAR(static_cast<double>(number(frame, 162, 2, true)), 200.0, 2.0);
  EXPECT_EQ(number(frame, 164, 2, true), -2000);
  EXPECT_NEAR(static_cast<double>(number(frame, 254, 2, true)), -100.0, 2.0);
  EXPECT_EQ(number(frame, 166, 4), 1 << 19);
  EXPECT_EQ(frame[198], 1);
  EXPECT_EQ(frame[199], 1);
  EXPECT_EQ(frame[214], 0xF0 | 0x01 | 0x02 | 0x08);
  EXPECT_EQ(number(frame, 234, 2), 8283);
  EXPECT_EQ(frame[245], 1);
  EXPECT_EQ(frame[275], 0);
}

// A converter that gives what is asked, through wires of 60 mOhm: the cell drawn from falls by two drops, the cells
// beside it rise by one.
TEST_F(Bluetooth, CellFrameShowsTheBalancerAndTheWires) {
  const auto run_s = [&](double span_s) {
    const std::int64_t until_ns = wire.desk.now_ns + std::llround(span_s * 1e9);
    while (wire.desk.now_ns < until_ns) {
      const PackrigAfeCommands& asked = wire.desk.commands;
      const bool draws = asked.balance_mA != 0 && asked.balance_from != 0;
      const bool gives = asked.balance_mA != 0 && asked.balance_to != 0;
      wire.desk.codes.balance_mA = static_cast<std::int16_t>(draws ? -2000 : gives ? 1950 : 0);
      for (int cell = 1; cell <= 25; ++cell) wire.desk.set_cell_mV(cell, cell == 7 ? 3330.0 : 3300.0);
      if (asked.balance_through_scan != 0 && draws) {
        const int cell = asked.balance_from;
        wire.desk.set_cell_mV(cell, (cell == 7 ? 3330.0 : 3300.0) - 240.0);
        if (cell > 1) wire.desk.set_cell_mV(cell - 1, (cell == 8 ? 3330.0 : 3300.0) + 120.0);
        if (cell < 25) wire.desk.set_cell_mV(cell + 1, (cell == 6 ? 3330.0 : 3300.0) + 120.0);
      }
      wire.run_ns(asked.next_wake_ns - wire.desk.now_ns + 1);  // up to and with one wake
    }
  };
  const auto cell_frame = [&] {
    Bytes last;
    for (const TimedFrame& frame : frames()) {
      if (frame.bytes.size() == 300 && frame.bytes[4] == 2) last = frame.bytes;
    }
    wire.said.clear();
    return last;
  };
  // Another number of cells makes the board test its wires anew, now with a converter.
  ASSERT_EQ(wire.desk.write(0x1C, 24), 0);
  run_s(1.0);
  ASSERT_EQ(wire.desk.write(0x1C, 25), 0);
  wire.send(command(0x96), port_bluetooth);
  run_s(20.0);
  Bytes frame = cell_frame();
  ASSERT_EQ(frame.size(), 300U);
  for (std::size_t cell = 1; cell <= 32; ++cell) {
    EXPECT_NEAR(static_cast<double>(number(frame, 78 + 2 * cell, 2)), cell <= 25 ? 60.0 : 0.0, cell <= 25 ? 1.0 : 0.0);
  }
  EXPECT_EQ(number(frame, 146, 4), 0);
  EXPECT_EQ(number(frame, 170, 2, true), -2000);
  EXPECT_EQ(frame[172], 2);
  run_s(45.0);
  frame = cell_frame();
  EXPECT_EQ(number(frame, 170, 2, true), 1950);
  EXPECT_EQ(frame[172], 1);
}

TEST_F(Bluetooth, CellFrameCountsDownToTheReleases) {
  ASSERT_EQ(wire.desk.write(0x0D, 2), 0);
  ASSERT_EQ(wire.desk.write(0x10, 2), 0);
  EXPECT_EQ(number(frame_of(0x96, 2), 202, 2), 0);
  const auto shown = [&](double current_A, std::size_t offset) {
    wire.desk.set_current_A(current_A);
    while (wire.desk.charge_on() && wire.desk.discharge_on()) wire.run_s(0.1);
    wire.desk.set_current_A(0.0);
    const double tripped_s = wire.desk.now_s();
    const Bytes frame = frame_of(0x96, 2);  // the first cell frame within the second that follows
    const double left_s = 60.0 - (wire.desk.now_s() - tripped_s);
    EXPECT_GE(number(frame, offset, 2), left_s);
    EXPECT_LE(number(frame, offset, 2), left_s + 2.2);
    wire.run_s(70.0);
    EXPECT_EQ(number(frame_of(0x96, 2), offset, 2), 0);
  };
  shown(250.0, 202);
  shown(-30.0, 206);
  EXPECT_EQ(number(frame_of(0x96, 2), 270, 4), 86400);
}

TEST_F(Bluetooth, SettingsFrameIsTheStoreItself) {
  ASSERT_EQ(wire.desk.write(0x04, 3650), 0);
  Bytes frame = frame_of(0x96, 1);
  ASSERT_EQ(frame.size(), 300U);
  Bytes stored = wire.desk.store();
  frame[5] = stored[5] = 0;
  frame[299] = stored[299] = 0;
  EXPECT_EQ(frame, stored);
}

TEST_F(Bluetooth, RepliesComeAtTheMeasuredTimes) {
  wire.send(command(0x97), port_bluetooth);
  const std::int64_t device_ns = wire.desk.now_ns;
  wire.run_s(1.0);
  wire.send(command(0x96), port_bluetooth);
  const std::int64_t asked_ns = wire.desk.now_ns;
  wire.run_s(3.0);
  const auto found = frames();
  ASSERT_GE(found.size(), 8U);
  constexpr std::int64_t ms = 1'000'000;
  const std::int64_t expected_ns[] = {device_ns + 160 * ms, device_ns + 240 * ms, asked_ns + 170 * ms,
                                      asked_ns + 240 * ms,  asked_ns + 730 * ms,  asked_ns + 1275 * ms,
                                      asked_ns + 1820 * ms, asked_ns + 2365 * ms};
  const int types[] = {3, -1, 1, -1, 2, 2, 2, 2};
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(found[i].begin_ns, expected_ns[i]) << i;
    if (types[i] < 0) {
      EXPECT_EQ(found[i].bytes, acknowledgement);
    } else {
      EXPECT_EQ(found[i].bytes[4], types[i]) << i;
    }
  }
  // The counter numbers the cell frames; the others carry the number of the next one.
  EXPECT_EQ(found[2].bytes[5], found[4].bytes[5]);
  for (std::size_t i = 5; i < 8; ++i) EXPECT_EQ(found[i].bytes[5], found[i - 1].bytes[5] + 1);
}

TEST_F(Bluetooth, AskingAgainKeepsTheRhythmOfTheStream) {
  wire.send(command(0x96), port_bluetooth);
  wire.run_s(2.0);
  wire.send(command(0x96), port_bluetooth);
  wire.run_s(3.0);
  std::vector<std::int64_t> cells_ns;
  for (const TimedFrame& frame : frames()) {
    if (frame.bytes[4] == 2) cells_ns.push_back(frame.begin_ns);
  }
  ASSERT_GE(cells_ns.size(), 7U);
  for (std::size_t i = 1; i < cells_ns.size(); ++i) EXPECT_EQ(cells_ns[i] - cells_ns[i - 1], 545'000'000);
}

TEST_F(Bluetooth, CapturedWriteOfThePortSwitchIsUnderstood) {
  // syssi/esphome-jk-bms, docs/btsnoops/can, Apache-2.0: register 0x2A = 1, filler as the app sends it
  ASSERT_EQ(wire.desk.write(0x2A, 0), 0);
  wire.send(from_hex("aa5590eb2a0401000000183a498a9f9960df3176"), port_bluetooth);
  const std::int64_t asked_ns = wire.desk.now_ns;
  wire.run_s(0.5);
  EXPECT_EQ(wire.desk.read(0x2A), 1);
  const auto found = frames();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].bytes, acknowledgement);
  EXPECT_EQ(found[0].begin_ns - asked_ns, 120'000'000);
}

TEST_F(Bluetooth, WritesReachEveryKindOfRegister) {
  const std::tuple<int, int, std::int64_t> rows[] = {{0x04, 4, 3620}, {0x18, 4, -150},   {0x1D, 4, 0},   {0x39, 1, 48},
                                                     {0x37, 1, -5},   {0x20, 4, 280000}, {0x01, 1, 3400}};
  for (const auto& [register_number, length, value] : rows) {
    wire.said.clear();
    wire.send(command(static_cast<std::uint8_t>(register_number), static_cast<std::uint8_t>(length),
                      static_cast<std::uint32_t>(value), 0x5A),
              port_bluetooth);
    wire.run_s(0.5);
    EXPECT_EQ(wire.desk.read(static_cast<std::uint8_t>(register_number)), value);
    EXPECT_EQ(wire.said_on(port_bluetooth), acknowledgement) << register_number;
  }
}

TEST_F(Bluetooth, WhatIsRefusedIsNotAcknowledged) {
  const auto before = wire.desk.store();
  Bytes wrong_sum = command(0x04, 4, 3650);
  wrong_sum[19] ^= 1;
  Bytes wrong_header = command(0x04, 4, 3650);
  wrong_header[3] ^= 1;
  for (const Bytes& bytes : {command(0x04, 4, 4351), command(0x04, 4, 3550), command(0x23, 4, 1), wrong_sum,
                             wrong_header, Bytes(19, 0xAA)}) {
    wire.said.clear();
    wire.send(bytes, port_bluetooth);
    wire.run_s(0.5);
    EXPECT_TRUE(wire.said.empty());
  }
  EXPECT_EQ(wire.desk.store(), before);
}

TEST_F(Bluetooth, AValueOfNoLengthIsZero) {
  wire.send(command(0x1D, 4, 0), port_bluetooth);
  wire.run_s(0.3);
  ASSERT_EQ(wire.desk.read(0x1D), 0);
  wire.send(command(0x1D, 0, 1), port_bluetooth);
  wire.run_s(0.3);
  EXPECT_EQ(wire.desk.read(0x1D), 0);
  wire.send(command(0x1D, 1, 1), port_bluetooth);
  wire.run_s(0.3);
  EXPECT_EQ(wire.desk.read(0x1D), 1);
}

// 20 A into the pack, of which the board reads 19.9: on the wire charging is positive.
TEST_F(Bluetooth, TheTrueCurrentIsPositiveWhenCharging) {
  const auto shown_mA = [&] { return number(frame_of(0x96, 2), 158, 4, true); };
  wire.desk.set_current_A(-19.9);
  wire.run_s(0.3);
  ASSERT_EQ(shown_mA(), 19900);
  for (const std::uint32_t refused : {static_cast<std::uint32_t>(-20000), 0x80000000U, 0x7FFFFFFFU}) {
    wire.send(command(0x67, 4, refused), port_bluetooth);
    wire.run_s(0.3);
    EXPECT_EQ(shown_mA(), 19900) << refused;
  }
  wire.send(command(0x67, 4, 20000), port_bluetooth);
  wire.run_s(0.3);
  EXPECT_NEAR(static_cast<double>(shown_mA()), 20000.0, 1.0);
}

TEST_F(Bluetooth, ACommandBehindGarbageIsUnderstood) {
  wire.send(from_hex("41540d0aaa5590ebaa5590") + command(0x97), port_bluetooth);
  wire.run_s(0.5);
  EXPECT_EQ(frames().size(), 2U);
}

TEST_F(Bluetooth, LogbookBeginsWithTheLatestEvent) {
  ASSERT_EQ(wire.desk.write(0x69, 0), 0);
  wire.run_s(1.0);
  const Bytes frame = frame_of(0xA1, 5);
  ASSERT_EQ(frame.size(), 300U);
  EXPECT_EQ(number(frame, 6, 4), 2);
  EXPECT_EQ(frame[15], 0x44);  // preset LFP
  EXPECT_EQ(frame[20], 0x01);  // boot
  EXPECT_EQ(frame[25], 0x00);
}

}  // namespace
}  // namespace packrig::test
