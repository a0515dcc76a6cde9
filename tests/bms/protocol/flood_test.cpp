// Each port filled to its line's rate while a cell goes beyond its limit: the trip comes when it comes on a quiet line.
#include <gtest/gtest.h>

#include "tests/bms/protocol/modbus_frames.hpp"
#include "tests/bms/protocol/nw_frames.hpp"

namespace packrig::test {
namespace {

constexpr std::uint8_t uart_register = 0xA5;
constexpr std::uint8_t port_is_rs485_register = 0x2A;

struct Flood {
  std::string name;
  int uart_protocol;
  std::uint8_t port;
  std::int64_t byte_ns;
  Bytes bytes;
  double pause_s;  // behind them
};

class FloodTest : public testing::TestWithParam<Flood> {
 protected:
  // From a cell's voltage beyond the limit to the drive.
  double trip_s(bool flooded) {
    const Flood& flood = GetParam();
    Wire board;
    EXPECT_EQ(board.desk.write(uart_register, flood.uart_protocol), 0);
    EXPECT_EQ(board.desk.write(port_is_rs485_register, flood.port == port_can ? 0 : 1), 0);
    board.run_s(7.0);
    board.said.clear();
    const double from_s = board.desk.now_s();
    board.desk.set_cell_mV(5, 3700.0);
    while (board.desk.now_s() < from_s + 4.0) {
      if (flooded) board.send(flood.bytes, flood.port, flood.byte_ns);
      board.run_s(flooded ? flood.pause_s : 0.01);
    }
    answered_ = board.said_on(flood.port).size();
    return board.desk.after_s(from_s, PACKRIG_DRIVE_CHARGE, false);
  }

  std::size_t answered_ = 0;  // bytes
};

TEST_P(FloodTest, DoesNotDelayATrip) {
  const double calm_s = trip_s(false);
  const std::size_t said_in_calm = answered_;
  ASSERT_LT(calm_s, 3.3);
  EXPECT_DOUBLE_EQ(trip_s(true), calm_s);
  // A line without a pause leaves no place for an answer.
  if (GetParam().pause_s > 0.0) {
    EXPECT_GT(answered_, said_in_calm);
  }
}

constexpr std::int64_t can_byte_ns = 20'000;  // 130 bits at 500 kbit/s over the 13 bytes of a frame at the plug
const Bytes app_asks = from_hex("aa5590eb9600000000000000000000000000000010");

INSTANTIATE_TEST_SUITE_P(
    Ports, FloodTest,
    testing::Values(Flood{"nw", 0, port_rs485, byte_115200_ns, nw_read_all() + from_hex("4e5700f0"), 0.0},
                    Flood{"nw_answered", 0, port_rs485, byte_115200_ns, nw_read_all(), 0.040},
                    Flood{"modbus", 1, port_rs485, byte_115200_ns, modbus_read(0x1200, 25) + from_hex("4e5700f0"), 0.0},
                    Flood{"modbus_answered", 1, port_rs485, byte_115200_ns, modbus_read(0x1200, 125), 0.035},
                    Flood{"can", 0, port_can, can_byte_ns, from_hex("98f0f428080000000000000000"), 0.0},
                    Flood{"bluetooth", 0, port_bluetooth, byte_115200_ns, app_asks, 0.0}),
    [](const auto& flood) { return flood.param.name; });

}  // namespace
}  // namespace packrig::test
