// 4E57 requests, built by hand from the maker's description.
#pragma once

#include "tests/bms/protocol/wire.hpp"

namespace packrig::test {

inline Bytes big_endian(unsigned value, int size) {
  Bytes bytes;
  for (int i = size - 1; i >= 0; --i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return bytes;
}

struct NwFrame {
  unsigned unit = 0;
  std::uint8_t command = 0x06;
  std::uint8_t source = 0x03;
  std::uint8_t type = 0x00;
  Bytes information = {0x00};

  Bytes bytes() const {
    const auto length = static_cast<unsigned>(2 + 4 + 3 + information.size() + 4 + 1 + 4);
    Bytes frame = Bytes{0x4E, 0x57} + big_endian(length, 2) + big_endian(unit, 4) + Bytes{command, source, type} +
                  information + Bytes{0, 0, 0, 0, 0x68};
    unsigned sum = 0;
    for (const std::uint8_t byte : frame) sum += byte;
    return frame + big_endian(sum & 0xFFFF, 4);
  }
};

inline Bytes nw_read_all() { return NwFrame{}.bytes(); }
inline Bytes nw_read_one(std::uint8_t code) {
  NwFrame frame;
  frame.command = 0x03;
  frame.information = {code};
  return frame.bytes();
}
inline Bytes nw_write(std::uint8_t code, unsigned value, int size) {
  NwFrame frame;
  frame.command = 0x02;
  frame.information = Bytes{code} + big_endian(value, size);
  return frame.bytes();
}

}  // namespace packrig::test
