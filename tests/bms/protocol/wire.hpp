// A board on the desk with a host on one of its ports: bytes with their times, frames built here by hand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bms/desk.hpp"

namespace packrig::test {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t port_rs485 = 0;
constexpr std::uint8_t port_can = 1;
constexpr std::uint8_t port_bluetooth = 2;
constexpr std::uint8_t port_lcd = 3;
constexpr std::uint8_t uart_register = 0xA5;
constexpr std::int64_t byte_115200_ns = 86'806;  // ten bits

inline Bytes from_hex(const std::string& hex) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

inline Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

struct SaidByte {
  std::int64_t at_ns;
  std::uint8_t port;
  std::uint8_t value;
};

class Wire {
 public:
  explicit Wire(std::uint8_t chemistry = lfp, std::uint8_t count = 16, double cell_mV = 3300.0,
                const PackrigFirmwareApi* api = packrig_firmware())
      : desk(chemistry, count, cell_mV, api) {
    desk.run_s(0.0);
    take();
  }

  // Sends bytes back to back, the first one beginning now, and stops at the end of the last one.
  void send(const Bytes& bytes, std::uint8_t port = port_rs485, std::int64_t byte_ns = byte_115200_ns) {
    for (const std::uint8_t value : bytes) {
      run_ns(byte_ns);
      desk.codes.bus[0] = {0, port, value, 0};
      desk.codes.bus_count = 1;
      // A byte may come at the very wake for which a conversion is due.
      desk.codes.fresh = desk.now_ns == desk.commands.next_wake_ns ? desk.commands.convert : 0;
      desk.step();
      desk.codes.bus_count = 0;
      take();
    }
  }

  void run_ns(std::int64_t span_ns) {
    const std::int64_t until_ns = desk.now_ns + span_ns;
    while (desk.commands.next_wake_ns < until_ns) {
      desk.now_ns = desk.commands.next_wake_ns;
      desk.codes.fresh = desk.commands.convert;
      desk.step();
      take();
    }
    desk.now_ns = until_ns;
  }
  void run_s(double span_s) { run_ns(std::llround(span_s * 1e9)); }

  // What the board has said on a port so far.
  Bytes said_on(std::uint8_t port) const {
    Bytes bytes;
    for (const SaidByte& byte : said) {
      if (byte.port == port) bytes.push_back(byte.value);
    }
    return bytes;
  }

  // The answer to a request within half a second.
  Bytes ask(const Bytes& request, std::uint8_t port = port_rs485) {
    said.clear();
    send(request, port);
    run_s(0.5);
    return said_on(port);
  }

  Desk desk;
  std::vector<SaidByte> said;

 private:
  void take() {
    for (std::size_t i = 0; i < desk.commands.bus_count; ++i) {
      const PackrigBusByte& byte = desk.commands.bus[i];
      said.push_back({desk.now_ns + byte.offset_ns, byte.port, byte.value});
    }
  }
};

}  // namespace packrig::test
