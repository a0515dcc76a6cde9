// What is no request is not answered and changes nothing; the next good one is understood all the same.
#include <gtest/gtest.h>

#include "tests/bms/protocol/modbus_frames.hpp"
#include "tests/bms/protocol/nw_frames.hpp"

namespace packrig::test {
namespace {

// A request in each protocol of the UART that is answered, and what would change the board.
struct Dialect {
  std::string name;
  int protocol;
  Bytes read;
  Bytes write;  // switches charging off
};

class Resync : public testing::TestWithParam<Dialect> {
 protected:
  Resync() {
    EXPECT_EQ(wire.desk.write(uart_register, GetParam().protocol), 0);
    wire.run_s(1.0);
  }

  // No answer within half a second, and the settings as before.
  void expect_ignored(const Bytes& bytes, const std::string& what) {
    const auto before = wire.desk.store();
    EXPECT_TRUE(wire.ask(bytes).empty()) << what;
    EXPECT_EQ(wire.desk.store(), before) << what;
  }

  Wire wire;
};

TEST_P(Resync, EveryFlippedBitOfAWriteIsSeen) {
  for (std::size_t i = 0; i < GetParam().write.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = GetParam().write;
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ 1 << bit);
      expect_ignored(damaged, "byte " + std::to_string(i) + " bit " + std::to_string(bit));
    }
  }
}

TEST_P(Resync, EveryTruncatedWriteIsIgnored) {
  for (std::size_t length = 1; length < GetParam().write.size(); ++length) {
    expect_ignored({GetParam().write.begin(), GetParam().write.begin() + static_cast<std::ptrdiff_t>(length)},
                   "first " + std::to_string(length));
    expect_ignored({GetParam().write.begin() + static_cast<std::ptrdiff_t>(length), GetParam().write.end()},
                   "from " + std::to_string(length));
  }
}

TEST_P(Resync, GluedFramesAreNobodysRequest) {
  expect_ignored(GetParam().write + GetParam().write, "twice");
  expect_ignored(GetParam().read + GetParam().write, "read and write");
  expect_ignored(GetParam().write + Bytes{0x00}, "a byte behind");
  const Bytes half(GetParam().write.begin(), GetParam().write.begin() + 5);
  expect_ignored(GetParam().write + half, "half of another behind");
}

TEST_P(Resync, AGoodFrameBehindGarbageIsUnderstoodAtOnce) {
  const Bytes clean = wire.ask(GetParam().read);
  ASSERT_FALSE(clean.empty());
  const Bytes half(GetParam().write.begin(), GetParam().write.end() - 3);
  Bytes noise;
  std::uint32_t random = 1;
  for (int i = 0; i < 600; ++i)
    noise.push_back(static_cast<std::uint8_t>((random = random * 1664525 + 1013904223) >> 24));
  const std::pair<std::string, Bytes> garbage[] = {
      {"a byte", {0x4E}},
      {"half a frame", half},
      {"a header with a false length", from_hex("4e5700ff00000000")},
      {"a header longer than any frame", from_hex("4e57ffff00000000")},
      {"a write of 123 registers", from_hex("01101000007bf6")},
      {"600 bytes of noise", noise},
  };
  for (const auto& [what, bytes] : garbage) {
    wire.said.clear();
    wire.send(bytes);
    const std::int64_t asked_ns = wire.desk.now_ns;
    wire.send(GetParam().read);
    wire.run_s(0.5);
    ASSERT_EQ(wire.said_on(port_rs485).size(), clean.size()) << what;
    // one frame time, the silence that ends it and the turnaround
    EXPECT_LE(wire.said.front().at_ns - asked_ns, (GetParam().read.size() + 1) * byte_115200_ns + 8'000'000) << what;
  }
}

TEST_P(Resync, AFrameThatStopsHalfwayDoesNotBlockTheNext) {
  const Bytes half(GetParam().write.begin(), GetParam().write.begin() + 7);
  wire.said.clear();
  wire.send(half);
  wire.run_s(0.03);
  EXPECT_FALSE(wire.ask(GetParam().read).empty());
}

TEST_P(Resync, SlowBytesWithinTheTimeOutMakeAFrame) {
  wire.said.clear();
  for (const std::uint8_t byte : GetParam().read) {
    wire.send({byte});
    wire.run_s(0.015);
  }
  wire.run_s(0.5);
  EXPECT_FALSE(wire.said.empty());
}

TEST_P(Resync, BytesBeyondTheTimeOutDoNot) {
  wire.said.clear();
  for (const std::uint8_t byte : GetParam().read) {
    wire.send({byte});
    wire.run_s(0.021);
  }
  wire.run_s(0.5);
  EXPECT_TRUE(wire.said.empty());
}

TEST_P(Resync, WhatComesWhileTheBoardSpeaksIsNotHeard) {
  const std::size_t clean = wire.ask(GetParam().read).size();
  wire.said.clear();
  wire.send(GetParam().read);
  wire.run_s(0.009);
  wire.send(GetParam().write);
  wire.run_s(0.5);
  EXPECT_EQ(wire.said.size(), clean);
  EXPECT_EQ(wire.desk.read(0x1D), 1);
}

TEST_P(Resync, ForeignProbesAreIgnored) {
  const std::pair<std::string, Bytes> probes[] = {
      {"Daly", from_hex("a540900800000000000000007d")},
      {"Daly, Bluetooth", from_hex("d2030000003ed7b9")},
      {"JBD", from_hex("dda50300fffd77")},
      {"Heltec", from_hex("aa55110100001400000000000000000000000000faff")},
      {"Seplos", from_hex("7e323030303436343230303030464433370d")},
      {"Pylontech", from_hex("7e3230303234363431453030323032464433300d")},
      {"Modbus scan, address 2", modbus_read(0x1200, 1, 2)},
      {"Modbus scan, address 247", modbus_read(0x1200, 1, 247)},
      {"JK app on the wrong port", from_hex("aa5590eb9700000000000000000000000000000011")},
      {"zeros", Bytes(64, 0x00)},
      {"a break", Bytes(64, 0xFF)},
  };
  for (const auto& [what, bytes] : probes) expect_ignored(bytes, what);
  EXPECT_FALSE(wire.ask(GetParam().read).empty());
}

INSTANTIATE_TEST_SUITE_P(Dialects, Resync,
                         testing::Values(Dialect{"nw", 0, nw_read_all(), nw_write(0xAB, 0, 1)},
                                         Dialect{"modbus", 1, modbus_read(0x1200, 25),
                                                 modbus_write(0x1070, {0x0000, 0x0000})}),
                         [](const auto& dialect) { return dialect.param.name; });

}  // namespace
}  // namespace packrig::test
