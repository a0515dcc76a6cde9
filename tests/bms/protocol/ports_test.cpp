// One UART, one CAN and the bit that chooses between them; the display.
#include <gtest/gtest.h>

#include "tests/bms/protocol/modbus_frames.hpp"
#include "tests/bms/protocol/nw_frames.hpp"

namespace packrig::test {
namespace {

constexpr std::uint8_t port_register = 0x2A;
constexpr std::uint8_t can_register = 0xA6;

TEST(Ports, Rs485AnswersFromTheStartAndCanIsSilent) {
  Wire wire;
  wire.run_s(2.0);
  EXPECT_TRUE(wire.said.empty());
  EXPECT_EQ(wire.ask(nw_read_all()).size(), 291U);
  EXPECT_TRUE(wire.said_on(port_can).empty());
}

TEST(Ports, NothingIsHeardOrSaidWhileTheBoardBoots) {
  Wire wire;
  wire.run_s(0.25);
  wire.send(nw_read_all());
  wire.run_s(1.0);
  EXPECT_TRUE(wire.said.empty());
  EXPECT_EQ(wire.ask(nw_read_all()).size(), 291U);
}

// Found by the fuzzer: the display's frame is laid out ahead, and a restart began the next one in its midst.
TEST(Ports, ARestartDoesNotSpeakIntoWhatWasBeingSaid) {
  for (const auto& [uart, rs485] : {std::pair{10, 1}, std::pair{0, 0}}) {
    Wire wire;
    ASSERT_EQ(wire.desk.write(uart_register, uart), 0);
    ASSERT_EQ(wire.desk.write(port_register, rs485), 0);
    wire.run_s(20.001);  // the store has kept the choice; between two wakes: bytes are laid out up to the next one
    ASSERT_EQ(wire.desk.write(0x66, 0), 0);
    wire.send({0x00}, port_bluetooth);
    wire.run_s(3.0);
    ASSERT_FALSE(wire.said.empty());
    for (std::size_t i = 1; i < wire.said.size(); ++i) EXPECT_GE(wire.said[i].at_ns, wire.said[i - 1].at_ns);
  }
}

TEST(Ports, TheControlBitExchangesThem) {
  Wire wire;
  wire.run_s(1.0);
  ASSERT_EQ(wire.desk.write(port_register, 0), 0);
  EXPECT_TRUE(wire.ask(nw_read_all()).empty());
  EXPECT_FALSE(wire.said_on(port_can).empty());
  ASSERT_EQ(wire.desk.write(port_register, 1), 0);
  wire.run_s(0.1);
  EXPECT_EQ(wire.ask(nw_read_all()).size(), 291U);
  EXPECT_TRUE(wire.said_on(port_can).empty());
}

TEST(Ports, TheUartSpeaksOneProtocolAtATime) {
  Wire wire;
  wire.run_s(1.0);
  EXPECT_TRUE(wire.ask(modbus_read(0x1200, 1)).empty());
  ASSERT_EQ(wire.desk.write(uart_register, 1), 0);
  EXPECT_TRUE(wire.ask(nw_read_all()).empty());
  EXPECT_EQ(wire.ask(modbus_read(0x1200, 1)).size(), 7U);
}

TEST(Ports, OnlyOfferedProtocolsCanBeSelected) {
  for (int number = 0; number < 24; ++number) {
    Wire wire;
    const bool offered = number == 0 || number == 1 || number == 2 || number == 10 || number == 13;
    EXPECT_EQ(wire.desk.write(uart_register, number) == 0, offered) << number;
    EXPECT_EQ(wire.desk.write(can_register, number) == 0, number == 0 || number == 6) << number;
  }
}

TEST(Ports, AnOfferedProtocolThatNobodyHasDescribedIsSilent) {
  Wire wire;
  ASSERT_EQ(wire.desk.write(uart_register, 2), 0);
  wire.run_s(1.0);
  EXPECT_TRUE(wire.ask(nw_read_all()).empty());
  EXPECT_TRUE(wire.ask(modbus_read(0x1200, 1)).empty());
}

TEST(Lcd, ShowsTheStatusOnceASecondAt2400Baud) {
  Wire wire(lfp, 25);
  ASSERT_EQ(wire.desk.write(uart_register, 10), 0);
  for (int cell = 1; cell <= 25; ++cell) wire.desk.set_cell_mV(cell, 3300.0 + cell);
  wire.desk.set_probe_degC(1, -5.0);
  wire.desk.codes.board_ddegC = 268;
  wire.run_s(7.0);
  wire.desk.set_current_A(25.0);  // once the relays have closed
  wire.run_s(2.0);
  wire.said.clear();
  wire.run_s(3.0);
  const Bytes bytes = wire.said_on(port_lcd);
  EXPECT_EQ(bytes.size(), wire.said.size());
  ASSERT_NEAR(static_cast<double>(bytes.size()), 3 * 96.0, 96.0);
  std::size_t begin = 0;
  while (begin + 1 < bytes.size() && (bytes[begin] != 0xA5 || bytes[begin + 1] != 0x5A)) ++begin;
  ASSERT_LE(begin + 97, bytes.size());
  EXPECT_EQ(wire.said[begin + 1].at_ns - wire.said[begin].at_ns, 4'166'667);
  EXPECT_EQ(wire.said[begin + 96].at_ns - wire.said[begin].at_ns, 1'000'000'000);
  const auto at = [&](std::size_t offset) { return bytes[begin + 6 + offset] << 8 | bytes[begin + 7 + offset]; };
  EXPECT_EQ(
      Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.begin() + static_cast<std::ptrdiff_t>(begin) + 6),
      from_hex("a55a5d821000"));
  EXPECT_EQ(at(0), 8283);
  EXPECT_EQ(static_cast<std::int16_t>(at(2)), -250);
  EXPECT_EQ(at(8), 24);
  EXPECT_EQ(at(10), 27);
  EXPECT_EQ(static_cast<std::int16_t>(at(12)), -5);
  EXPECT_EQ(at(14), 0);
  EXPECT_EQ(at(16), 3313);
  EXPECT_EQ(at(18), 1);
  EXPECT_EQ(at(20), 1);
  EXPECT_EQ(at(22), 1);
  for (std::size_t cell = 1; cell <= 24; ++cell) EXPECT_EQ(at(22 + 2 * cell), 3300 + static_cast<int>(cell));
  for (std::size_t offset = 72; offset < 90; offset += 2) EXPECT_EQ(at(offset), 0);
}

TEST(Lcd, KeepsItsSecondWhereItDoesNotMeetTheScan) {
  Wire wire;
  wire.run_s(7.0133);
  ASSERT_EQ(wire.desk.write(uart_register, 10), 0);
  wire.send({0x00}, port_bluetooth);  // a wake between two of the scan's: the first frame begins with it
  const std::int64_t begun_ns = wire.desk.now_ns;
  wire.run_s(3.0);
  ASSERT_GE(wire.said.size(), 3 * 96U);
  for (std::size_t frame = 0; frame < 3; ++frame) {
    EXPECT_EQ(wire.said[96 * frame].at_ns, begun_ns + static_cast<std::int64_t>(frame) * ns_per_s + 4'166'667);
  }
}

TEST(Lcd, WaitsForTheEndOfAReply) {
  Wire wire;
  wire.run_s(1.0);
  wire.send(nw_read_all());
  wire.run_s(0.015);
  ASSERT_EQ(wire.desk.write(uart_register, 10), 0);
  wire.run_s(1.0);
  EXPECT_EQ(wire.said_on(port_rs485).size(), 291U);
  ASSERT_GT(wire.said.size(), 291U);
  EXPECT_EQ(wire.said[291].port, port_lcd);
  EXPECT_GE(wire.said[291].at_ns, wire.said[290].at_ns + 4'166'667);
}

TEST(Lcd, WarnsOfATrip) {
  Wire wire;
  ASSERT_EQ(wire.desk.write(uart_register, 10), 0);
  wire.desk.set_cell_mV(2, 3700.0);
  wire.run_s(9.0);
  wire.said.clear();
  wire.run_s(2.5);
  const Bytes bytes = wire.said_on(port_lcd);
  std::size_t begin = 0;
  while (begin + 1 < bytes.size() && (bytes[begin] != 0xA5 || bytes[begin + 1] != 0x5A)) ++begin;
  ASSERT_LE(begin + 96, bytes.size());
  EXPECT_EQ(bytes[begin + 6 + 15], 1);  // a warning
  EXPECT_EQ(bytes[begin + 6 + 21], 0);  // charging is cut
  EXPECT_EQ(bytes[begin + 6 + 75], 1);  // over-charge
}

}  // namespace
}  // namespace packrig::test
