// Modbus RTU on a line that the rig simulates: reading registers (function 3). On real ports libmodbus is the master
// (rig/link/modbus_master.hpp).
// Source: Modbus over serial line V1.02 and Modbus application protocol V1.1b3, 6.3 and 7.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rig/codec/deframer.hpp"

namespace packrig::modbus_rtu {

struct Reply {
  TimeNs arrival_ns = 0;
  std::uint8_t unit = 0;
  int exception_code = 0;  // 0: answered
  std::vector<std::uint16_t> registers;
};

// `count` registers from `first`. Throws BadInput for a unit outside 1 .. 247, a count outside 1 .. 125, and registers
// beyond 0xFFFF.
std::vector<std::uint8_t> read_request(int unit, int first, int count);

// An answer to it, or its refusal.
Match match(std::span<const std::uint8_t> bytes);
// `raw` has passed match().
Reply parse(const RawFrame& raw);

}  // namespace packrig::modbus_rtu
