// The 4E57 protocol on the RS485 port: what is asked by hand-made frames, and what comes back byte by byte.
#include <gtest/gtest.h>

#include <map>

#include "tests/bms/protocol/nw_frames.hpp"

namespace packrig::test {
namespace {

// Sizes behind each code but 0x79, and the order in which every public capture carries them.
const std::vector<std::pair<int, int>> captured_order = {
    {0x80, 2}, {0x81, 2}, {0x82, 2}, {0x83, 2},  {0x84, 2}, {0x85, 1}, {0x86, 1},  {0x87, 2}, {0x89, 4},  {0x8A, 2},
    {0x8B, 2}, {0x8C, 2}, {0x8E, 2}, {0x8F, 2},  {0x90, 2}, {0x91, 2}, {0x92, 2},  {0x93, 2}, {0x94, 2},  {0x95, 2},
    {0x96, 2}, {0x97, 2}, {0x98, 2}, {0x99, 2},  {0x9A, 2}, {0x9B, 2}, {0x9C, 2},  {0x9D, 1}, {0x9E, 2},  {0x9F, 2},
    {0xA0, 2}, {0xA1, 2}, {0xA2, 2}, {0xA3, 2},  {0xA4, 2}, {0xA5, 2}, {0xA6, 2},  {0xA7, 2}, {0xA8, 2},  {0xA9, 1},
    {0xAA, 4}, {0xAB, 1}, {0xAC, 1}, {0xAD, 2},  {0xAE, 1}, {0xAF, 1}, {0xB0, 2},  {0xB1, 1}, {0xB2, 10}, {0xB3, 1},
    {0xB4, 8}, {0xB5, 4}, {0xB6, 4}, {0xB7, 15}, {0xB8, 1}, {0xB9, 4}, {0xBA, 24}, {0xC0, 1}};

struct Reply {
  bool well_formed = false;
  std::uint8_t command = 0;
  std::vector<int> cell_mV;
  std::map<int, Bytes> registers;

  unsigned number(int code) const {
    unsigned value = 0;
    for (const std::uint8_t byte : registers.at(code)) value = value << 8 | byte;
    return value;
  }
  std::string text(int code) const {
    const Bytes& bytes = registers.at(code);
    return {bytes.begin(), bytes.end()};
  }
};

// Checks the envelope and splits the full block, code by code in the captured order.
Reply split(const Bytes& frame, std::size_t count) {
  Reply reply;
  if (frame.size() != 243 + 3 * count) return reply;
  unsigned sum = 0;
  for (std::size_t i = 0; i + 4 < frame.size(); ++i) sum += frame[i];
  const auto at = [&](std::size_t i) { return frame[i]; };
  EXPECT_EQ(Bytes(frame.begin(), frame.begin() + 2), (Bytes{0x4E, 0x57}));
  EXPECT_EQ(at(2) << 8 | at(3), static_cast<int>(frame.size() - 2));
  EXPECT_EQ(Bytes(frame.begin() + 4, frame.begin() + 8), (Bytes{0, 0, 0, 0}));
  EXPECT_EQ(at(9), 0);
  EXPECT_EQ(at(10), 1);
  EXPECT_EQ(Bytes(frame.end() - 9, frame.end() - 4), (Bytes{0, 0, 0, 0, 0x68}));
  EXPECT_EQ(Bytes(frame.end() - 4, frame.end()), big_endian(sum & 0xFFFF, 4));
  reply.command = at(8);
  std::size_t i = 11;
  EXPECT_EQ(at(i++), 0x79);
  EXPECT_EQ(at(i++), 3 * count);
  for (std::size_t cell = 1; cell <= count; ++cell, i += 3) {
    EXPECT_EQ(at(i), cell);
    reply.cell_mV.push_back(at(i + 1) << 8 | at(i + 2));
  }
  for (const auto& [code, size] : captured_order) {
    EXPECT_EQ(at(i), code);
    const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    reply.registers[code] = Bytes(begin, begin + size);
    i += static_cast<std::size_t>(size) + 1;
  }
  EXPECT_EQ(i, frame.size() - 9);
  reply.well_formed = true;
  return reply;
}

TEST(NwRequest, IsTheOneThatEveryClientSends) {
  EXPECT_EQ(nw_read_all(), from_hex("4e5700130000000006030000000000006800000129"));
}

TEST(NwReadAll, CarriesEveryRegisterInTheOrderOfTheCapturesFor7To25Cells) {
  for (std::uint8_t count = 7; count <= 25; ++count) {
    SCOPED_TRACE(int{count});
    Wire wire(li_ion, count, 3700.0);
    for (int cell = 1; cell <= count; ++cell) wire.desk.set_cell_mV(cell, 3600.0 + 10.0 * cell);
    wire.run_s(1.0);
    const Reply reply = split(wire.ask(nw_read_all()), count);
    ASSERT_TRUE(reply.well_formed);
    EXPECT_EQ(reply.command, 0x06);
    int sum_mV = 0;
    for (int cell = 1; cell <= count; ++cell) {
      EXPECT_EQ(reply.cell_mV[static_cast<std::size_t>(cell - 1)], 3600 + 10 * cell);
      sum_mV += 3600 + 10 * cell;
    }
    EXPECT_NEAR(reply.number(0x83), sum_mV / 10.0, 1.0);
    EXPECT_EQ(reply.number(0x8A), count);
    EXPECT_EQ(reply.number(0xA9), count);
    EXPECT_EQ(reply.number(0x8E), 420U * count);
    EXPECT_EQ(reply.number(0x8F), 282U * count);
  }
}

TEST(NwReadAll, HoldsThePresetOfThePart) {
  Wire wire(lfp, 16);
  wire.desk.set_probe_degC(1, 25.0);
  wire.desk.set_probe_degC(2, 30.0);
  wire.desk.codes.board_ddegC = 412;
  wire.run_s(7.0);
  const Reply reply = split(wire.ask(nw_read_all()), 16);
  ASSERT_TRUE(reply.well_formed);
  const std::pair<int, unsigned> expected[] = {
      {0x80, 41},   {0x81, 25},   {0x82, 30},   {0x84, 0},      {0x86, 2},      {0x8C, 3},   {0x90, 3600}, {0x91, 3550},
      {0x92, 3},    {0x93, 2600}, {0x94, 2650}, {0x95, 3},      {0x96, 300},    {0x97, 200}, {0x98, 300},  {0x99, 25},
      {0x9A, 30},   {0x9B, 3000}, {0x9C, 10},   {0x9D, 1},      {0x9E, 100},    {0x9F, 80},  {0xA0, 70},   {0xA1, 60},
      {0xA2, 20},   {0xA3, 70},   {0xA4, 70},   {0xA5, 0xFFEC}, {0xA6, 0xFFF6}, {0xAA, 100}, {0xAB, 1},    {0xAC, 1},
      {0xAD, 1000}, {0xAE, 1},    {0xAF, 0},    {0xB0, 10},     {0xB1, 20},     {0xB3, 0},   {0xB8, 0},    {0xC0, 1}};
  for (const auto& [code, value] : expected) EXPECT_EQ(reply.number(code), value) << std::hex << code;
  EXPECT_EQ(reply.text(0xB2), std::string("123456\0\0\0\0", 10));
  EXPECT_EQ(reply.text(0xB4), "Input Us");
  EXPECT_EQ(reply.text(0xB5), "2506");
  EXPECT_EQ(reply.text(0xB7), "11A_S11.55_____");
  EXPECT_EQ(reply.text(0xBA), std::string("Input UserdaJK_B2A25SRP\0", 24));
}

TEST(NwReadAll, CommandThreeWithCodeZeroAsksForTheSame) {
  Wire wire(lfp, 8);
  wire.run_s(1.0);
  const Reply reply = split(wire.ask(nw_read_one(0x00)), 8);
  ASSERT_TRUE(reply.well_formed);
  EXPECT_EQ(reply.command, 0x03);
}

TEST(NwTiming, ReplyBeginsAfterTheTurnaroundAndIsContinuous) {
  Wire wire(lfp, 25);
  wire.run_s(1.0);
  for (int shift_us = 0; shift_us < 25000; shift_us += 500) {  // against every phase of the scan
    wire.run_s(0.4 + 1e-6 * shift_us);
    wire.said.clear();
    wire.send(nw_read_all());
    const std::int64_t asked_ns = wire.desk.now_ns;
    wire.run_s(0.1);
    ASSERT_EQ(wire.said.size(), 318U);
    for (std::size_t i = 0; i < wire.said.size(); ++i) {
      EXPECT_EQ(wire.said[i].port, port_rs485);
      EXPECT_EQ(wire.said[i].at_ns, asked_ns + 8'000'000 + static_cast<std::int64_t>(i + 1) * byte_115200_ns);
    }
  }
}

}  // namespace
}  // namespace packrig::test
