// Modbus RTU requests, built by hand; the check is the bitwise definition (Modbus over serial line V1.02, 6.2.2).
#pragma once

#include "tests/bms/protocol/wire.hpp"

namespace packrig::test {

inline unsigned modbus_check(const Bytes& bytes) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
  }
  return crc;
}

inline Bytes with_check(const Bytes& bytes) {
  const unsigned crc = modbus_check(bytes);
  return bytes + Bytes{static_cast<std::uint8_t>(crc), static_cast<std::uint8_t>(crc >> 8)};
}

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
