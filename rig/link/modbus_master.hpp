// A Modbus RTU master on a serial port or pty, by libmodbus.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/time.hpp"
#include "rig/link/serial_settings.hpp"

namespace packrig {

struct ModbusReply {
  // refused: the slave answered with an exception. garbled: something came that is no answer (sum, length, address).
  enum class Kind : std::uint8_t { answered, silent, refused, garbled };
  Kind kind = Kind::silent;
  int exception_code = 0;  // of a refusal: 1 function, 2 address, 3 data; JK besides 4 for a wrong sum
  std::vector<std::uint16_t> registers;
};

class ModbusMaster {
 public:
  // A request never waits longer than this, and never for ever.
  static constexpr TimeNs longest_patience_ns = 60 * second_ns;

  // `unit` is the slave's address. Throws BadInput for a unit outside 1 .. 247, BenchFault naming the device when it
  // cannot be opened.
  ModbusMaster(const std::string& path, SerialSettings settings, int unit);
  ~ModbusMaster();

  const std::string& name() const { return path_; }

  // Function 3: `count` registers (1 .. 125) from `address`. The whole answer is there within `patience_ns` (1 us to
  // longest_patience_ns) or the slave was silent. Throws BadInput for the numbers, BenchFault when the device is gone.
  ModbusReply read_registers(int address, int count, TimeNs patience_ns);

  // Function 16: 1 .. 123 registers.
  ModbusReply write_registers(int address, std::span<const std::uint16_t> registers, TimeNs patience_ns);

  // As ByteLink::reopen; the deadline is on wall_now_ns().
  void reopen(TimeNs deadline_ns);

 private:
  class Context;
  ModbusReply failed(int error);

  std::string path_;
  SerialSettings settings_;
  int unit_;
  std::unique_ptr<Context> context_;  // none while the device is gone
};

}  // namespace packrig
