// The check sum of Modbus RTU by its bitwise definition (Modbus over serial line V1.02, 6.2.2).
#pragma once

#include <cstdint>
#include <vector>

namespace packrig::test {

inline unsigned modbus_check(const std::vector<std::uint8_t>& bytes) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
  }
  return crc;
}

inline std::vector<std::uint8_t> with_check(std::vector<std::uint8_t> bytes) {
  const unsigned crc = modbus_check(bytes);
  bytes.push_back(static_cast<std::uint8_t>(crc));
  bytes.push_back(static_cast<std::uint8_t>(crc >> 8));
  return bytes;
}

}  // namespace packrig::test
