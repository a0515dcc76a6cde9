#include "tests/fuzz/board_input.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "models/bms/firmware_api.h"
#include "tests/bms/protocol/modbus_frames.hpp"
#include "tests/bms/protocol/nw_frames.hpp"

namespace packrig::test {
namespace {

constexpr std::int64_t ms = 1'000'000;

void require(bool promise) {
  if (!promise) std::abort();
}

class FuzzedBoard {
 public:
  FuzzedBoard(int uart, bool rs485) {
    require(desk_.write(0xA5, uart) == 0);
    require(desk_.write(0x2A, rs485 ? 1 : 0) == 0);
    run_ns(1000 * ms);
  }

  void send(std::uint8_t port, const Bytes& bytes, std::int64_t gap_ns) {
    for (const std::uint8_t value : bytes) {
      run_ns(byte_115200_ns);
      desk_.codes.bus[0] = {0, port, value, 0};
      desk_.codes.bus_count = 1;
      desk_.codes.fresh = 0;
      step();
      desk_.codes.bus_count = 0;
    }
    run_ns(gap_ns);
  }

  void run_ns(std::int64_t span_ns) {
    const std::int64_t until_ns = desk_.now_ns + span_ns;
    if (!started_) {
      started_ = true;
      step();
    }
    while (desk_.commands.next_wake_ns < until_ns) {
      desk_.now_ns = desk_.commands.next_wake_ns;
      desk_.codes.fresh = desk_.commands.convert;
      step();
    }
    desk_.now_ns = until_ns;
  }

  void check_settings() { require(desk_.load(desk_.store()) == PACKRIG_WRITE_OK); }

 private:
  void step() {
    desk_.step();
    require(desk_.commands.next_wake_ns > desk_.now_ns);
    require(desk_.commands.bus_count <= PACKRIG_AFE_BUS_BYTES);
    for (std::size_t i = 0; i < desk_.commands.bus_count; ++i) {
      const PackrigBusByte& byte = desk_.commands.bus[i];
      require(byte.port < newest_ns_.size() && byte.offset_ns <= 1000 * ms);
      require(desk_.now_ns + byte.offset_ns >= newest_ns_[byte.port]);
      newest_ns_[byte.port] = desk_.now_ns + byte.offset_ns;
    }
  }

  Desk desk_;
  std::array<std::int64_t, 4> newest_ns_{};
  bool started_ = false;
};

// The inside of a frame, made whole.
Bytes framed(int kind, const Bytes& inside) {
  if (inside.size() < 2) return inside;
  switch (kind) {
    case 1: {
      NwFrame frame;
      frame.command = inside[0];
      frame.type = inside[1] & 1;
      frame.information = Bytes(inside.begin() + 2, inside.end());
      return frame.bytes();
    }
    case 2:
      return with_check(Bytes{1} + inside);
    case 3: {
      Bytes frame = from_hex("aa5590eb") + inside;
      frame.resize(19);
      unsigned sum = 0;
      for (const std::uint8_t byte : frame) sum += byte;
      frame.push_back(static_cast<std::uint8_t>(sum));
      return frame;
    }
    default:
      return from_hex("98f0f42808") + inside;
  }
}

}  // namespace

void feed_board(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  constexpr std::array<int, 4> protocols = {0, 1, 10, 13};
  constexpr std::array<std::uint8_t, 5> port_of_kind = {port_rs485, port_rs485, port_rs485, port_bluetooth, port_can};
  const int kind = data[0] % 5;  // 0: as it is
  const int uart = kind == 1 ? 0 : kind == 2 ? 1 : protocols[data[0] / 5 % 4];
  const bool rs485 = kind != 4 && (kind != 0 || data[0] < 0x80);
  const std::uint8_t port = kind == 0 && !rs485 ? port_can : port_of_kind[static_cast<std::size_t>(kind)];
  FuzzedBoard board(uart, rs485);
  // Pieces of the rest: a byte of length, a byte of the silence behind it in ms, then the piece.
  std::size_t at = 1;
  while (at + 2 < size) {
    const std::size_t length = std::min<std::size_t>(data[at], size - at - 2);
    const Bytes piece(data + at + 2, data + at + 2 + length);
    board.send(port, kind == 0 ? piece : framed(kind, piece), data[at + 1] * ms);
    at += 2 + length;
  }
  board.run_ns(1000 * ms);
  board.check_settings();
}

}  // namespace packrig::test
