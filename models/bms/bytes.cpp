#include "bytes.hpp"

namespace packrig::bms {

uint32_t crc_continued(uint32_t crc, uint32_t word) {
  // Half a byte at a time: a table of 16 words is small and five times as fast as bit by bit.
  static constexpr uint32_t of_nibble[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                             0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                             0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  crc ^= word;
  for (int nibble = 0; nibble < 8; ++nibble) crc = (crc >> 4) ^ of_nibble[crc & 0xFu];
  return crc;
}

}  // namespace packrig::bms
