// Modbus RTU requests, built by hand.
#pragma once

#include "tests/bms/protocol/wire.hpp"
#include "tests/modbus_check.hpp"

namespace packrig::test {

inline Bytes word(unsigned value) { return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)}; }

inline Bytes modbus_read(unsigned first, unsigned count, std::uint8_t address = 1) {
  return with_check(Bytes{address, 0x03} + word(first) + word(count));
}

inline Bytes modbus_write(unsigned first, const std::vector<unsigned>& words, std::uint8_t address = 1) {
  const auto count = static_cast<unsigned>(words.size());
  Bytes bytes = Bytes{address, 0x10} + word(first) + word(count) + Bytes{static_cast<std::uint8_t>(2 * count)};
  for (const unsigned value : words) bytes = bytes + word(value);
  return with_check(bytes);
}

}  // namespace packrig::test
