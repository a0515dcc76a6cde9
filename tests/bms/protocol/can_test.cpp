// JK CAN V2.0: rhythm, identifiers and contents against the published tables and example frames.
#include <gtest/gtest.h>

#include <map>

#include "tests/bms/protocol/wire.hpp"

namespace packrig::test {
namespace {

constexpr std::uint32_t extended = 0x80000000U;

struct CanFrame {
  std::int64_t at_ns;
  std::uint32_t id;
  Bytes data;
};

class Can : public testing::Test {
 protected:
  explicit Can(std::uint8_t count = 25) : wire(lfp, count) {
    EXPECT_EQ(wire.desk.write(0x2A, 0), 0);
    wire.run_s(20.0);
    wire.said.clear();
  }

  // Whole frames, each with one stamp for all its bytes.
  std::vector<CanFrame> frames() const {
    std::vector<CanFrame> found;
    for (std::size_t i = 0; i + 13 <= wire.said.size(); i += 13) {
      CanFrame frame{wire.said[i].at_ns, 0, {}};
      for (std::size_t k = 0; k < 13; ++k) {
        const SaidByte& byte = wire.said[i + k];
        EXPECT_EQ(byte.port, port_can);
        EXPECT_EQ(byte.at_ns, frame.at_ns);
        if (k < 4) frame.id = frame.id << 8 | byte.value;
        EXPECT_TRUE(k != 4 || byte.value == 8);
        if (k > 4) frame.data.push_back(byte.value);
      }
      found.push_back(frame);
    }
    EXPECT_EQ(wire.said.size() % 13, 0U);
    return found;
  }
  Bytes latest(std::uint32_t id) {
    wire.said.clear();
    wire.run_s(1.1);
    Bytes data;
    for (const CanFrame& frame : frames()) {
      if (frame.id == id) data = frame.data;
    }
    return data;
  }
  void send_frame(std::uint32_t id, const Bytes& data, std::int64_t byte_ns = 0) {
    Bytes bytes;
    for (int i = 3; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(id >> (8 * i)));
    bytes.push_back(static_cast<std::uint8_t>(data.size()));
    wire.run_ns(1'000'000);
    wire.send(bytes + data, port_can, byte_ns);
  }

  Wire wire;
};

class CanEightCells : public Can {
 protected:
  CanEightCells() : Can(8) {}
};

TEST_F(Can, EveryFrameKeepsItsPeriod) {
  wire.run_s(10.0);
  std::map<std::uint32_t, int> seen;
  std::int64_t last_ns = 0;
  for (const CanFrame& frame : frames()) {
    EXPECT_GT(frame.at_ns, last_ns);
    last_ns = frame.at_ns;
    ++seen[frame.id];
  }
  std::map<std::uint32_t, int> expected = {{0x02F4, 500},
                                           {0x04F4, 100},
                                           {0x05F4, 20},
                                           {extended | 0x18F128F4, 100},
                                           {extended | 0x18F228F4, 20},
                                           {extended | 0x18F328F4, 100},
                                           {extended | 0x18F428F4, 20},
                                           {extended | 0x18F528F4, 20},
                                           {extended | 0x1806E5F4, 20}};
  for (std::uint32_t group = 0; group < 7; ++group) expected[extended | (0x18E028F4 + (group << 16))] = 10;
  for (const auto& [id, count] : expected) EXPECT_NEAR(seen[id], count, 1) << std::hex << id;
  EXPECT_EQ(seen.size(), expected.size());
}

TEST_F(Can, AFrameTakesItsBitsAt250And500Kilobits) {
  for (const auto& [protocol, bit_ns] : {std::pair{0, 4000}, std::pair{6, 2000}}) {
    ASSERT_EQ(wire.desk.write(0xA6, protocol), 0);
    wire.run_s(2.0);
    wire.said.clear();
    wire.run_s(2.0);
    const auto found = frames();
    bool back_to_back = false;
    for (std::size_t i = 1; i < found.size(); ++i) {
      const std::int64_t bits = (found[i].id & extended) != 0 ? 131 : 111;
      const std::int64_t apart_ns = found[i].at_ns - found[i - 1].at_ns;
      EXPECT_GE(apart_ns, bits * bit_ns);
      back_to_back |= apart_ns == bits * bit_ns;
    }
    EXPECT_TRUE(back_to_back);
  }
}

TEST_F(Can, PackFrameFollowsThePublishedRealOne) {
  // 53.1 V, +1.8 A while charging: bytes 13 02 B2 0F of a frame seen on a real bus
  wire.desk.set_all_mV(25, 53100.0 / 25);
  wire.desk.set_current_A(-1.8);
  const Bytes data = latest(0x02F4);
  ASSERT_EQ(data.size(), 8U);
  EXPECT_EQ(Bytes(data.begin(), data.begin() + 4), from_hex("1302b20f"));
  EXPECT_EQ(Bytes(data.begin() + 5, data.end()), from_hex("000000"));
}

TEST_F(Can, ExtremeCellsFollowThePublishedRealFrame) {
  // 3327 mV of cell 6, 3324 mV of cell 1: FF 0C 06 FC 0C 01 00 00
  wire.desk.set_all_mV(25, 3325.5);
  wire.desk.set_cell_mV(6, 3327.0);
  wire.desk.set_cell_mV(1, 3324.0);
  EXPECT_EQ(latest(0x04F4), from_hex("ff0c06fc0c010000"));
}

TEST_F(Can, TemperaturesAreOffsetBy50) {
  EXPECT_EQ(latest(0x05F4), from_hex("ff00ff00ff000000"));
  EXPECT_EQ(latest(extended | 0x18F228F4), from_hex("00ffffffffff0000"));
  wire.desk.set_probe_degC(1, 22.0);
  wire.desk.set_probe_degC(3, -3.0);
  EXPECT_EQ(latest(0x05F4), from_hex("48012f033c000000"));
  EXPECT_EQ(latest(extended | 0x18F228F4), from_hex("0548ff2fffff0000"));
  wire.desk.set_probe_degC(2, 35.0);  // higher than the one before it, and no new lowest
  EXPECT_EQ(latest(0x05F4), from_hex("55022f0344000000"));
}

TEST_F(Can, CellsComeByFoursAndTheTwentyFifthAlone) {
  for (int cell = 1; cell <= 25; ++cell) wire.desk.set_cell_mV(cell, 3000.0 + 10.0 * cell);
  EXPECT_EQ(latest(extended | 0x18E028F4), from_hex("c20bcc0bd60be00b"));
  EXPECT_EQ(latest(extended | 0x18E628F4), from_hex("b20c000000000000"));
}

TEST_F(CanEightCells, OnlyFramesWithCellsAreSent) {
  wire.run_s(2.0);
  for (const CanFrame& frame : frames()) {
    if ((frame.id & ~0x000F0000U) != (extended | 0x18E028F4)) continue;
    EXPECT_LE(frame.id >> 16 & 0xF, 1U);
  }
  EXPECT_EQ(latest(extended | 0x18E128F4), from_hex("e40ce40ce40ce40c"));
}

TEST_F(Can, SwitchesFaultsAndAlarmsShowATrip) {
  EXPECT_EQ(latest(extended | 0x18F528F4), from_hex("0300000000000000"));
  EXPECT_EQ(latest(extended | 0x18F328F4), from_hex("0000000000000000"));
  EXPECT_TRUE(latest(0x07F4).empty());
  EXPECT_EQ(latest(extended | 0x1806E5F4)[4], 0);
  wire.desk.set_cell_mV(3, 3700.0);
  wire.run_s(4.0);
  EXPECT_EQ(latest(extended | 0x18F528F4), from_hex("0200000000000000"));
  EXPECT_EQ(latest(extended | 0x18F328F4), from_hex("1000000000000000"));
  EXPECT_EQ(latest(0x07F4), from_hex("0100000000000000"));
  EXPECT_EQ(latest(extended | 0x1806E5F4)[4], 1);
}

TEST_F(Can, SwitchesTellOfTheBalancer) {
  wire.desk.set_cell_mV(3, 3400.0);
  EXPECT_EQ(latest(extended | 0x18F528F4), from_hex("0300000000000000"));
  wire.desk.codes.balance_mA = -1950;
  EXPECT_EQ(latest(extended | 0x18F528F4), from_hex("0700000000000000"));
}

TEST_F(Can, ChargeRequestIsMostSignificantByteFirst) {
  // 25 x 3.56 V = 89.0 V, 25.0 A
  EXPECT_EQ(latest(extended | 0x1806E5F4), from_hex("037a00fa00000000"));
  ASSERT_EQ(wire.desk.write(0x09, 3360), 0);
  ASSERT_EQ(wire.desk.write(0x0C, 20000), 0);
  // 84.0 V, 20.0 A: the vendor's example 03 48 00 C8
  EXPECT_EQ(latest(extended | 0x1806E5F4), from_hex("034800c800000000"));
}

TEST_F(Can, AControlFrameSetsTheSwitchesItMasks) {
  send_frame(extended | 0x18F0F428, from_hex("0100010100000000"));
  EXPECT_EQ(wire.desk.read(0x1D), 0);
  EXPECT_EQ(wire.desk.read(0x1E), 1);
  send_frame(extended | 0x18F0F428, from_hex("0701000000000000"));
  EXPECT_EQ(wire.desk.read(0x1D), 1);
  EXPECT_EQ(wire.desk.read(0x1E), 0);
  EXPECT_EQ(wire.desk.read(0x1F), 0);
}

TEST_F(Can, WhatIsNoControlFrameChangesNothing) {
  const auto before = wire.desk.store();
  send_frame(0x18F0F428, from_hex("0700000000000000"));             // standard
  send_frame(extended | 0x18F0F429, from_hex("0700000000000000"));  // another identifier
  send_frame(extended | 0x18F0F428, from_hex("07000000"));          // short
  send_frame(extended | 0x18F0F428, from_hex("0802000000000000"));  // unknown bit
  send_frame(extended | 0x18F0F428, from_hex("0702000000000000"));  // neither on nor off
  EXPECT_EQ(wire.desk.store(), before);
}

TEST_F(Can, AGapEndsWhatIsNoFrame) {
  wire.send(from_hex("98f0f42809"), port_can, 0);  // longer than any frame
  wire.send(Bytes(20, 0x00), port_can, 0);
  wire.run_s(0.01);
  wire.send(from_hex("98f0f4"), port_can, 0);
  wire.run_s(0.01);
  send_frame(extended | 0x18F0F428, from_hex("0100000000000000"));
  EXPECT_EQ(wire.desk.read(0x1D), 0);
}

}  // namespace
}  // namespace packrig::test
