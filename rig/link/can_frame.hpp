// One frame on a CAN bus, classic or FD.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "models/time.hpp"

namespace packrig {

inline constexpr int can_classic_bytes_max = 8;
inline constexpr int can_fd_bytes_max = 64;

struct CanFrame {
  TimeNs at_ns = 0;         // end of the frame on the link's clock; of a received one
  std::uint32_t id = 0;     // 11 bits, or 29 when extended
  bool extended = false;    // 29-bit identifier
  bool remote = false;      // a request without data (classic only)
  bool fd = false;          // CAN FD
  bool fast_data = false;   // FD: the data at the higher bit rate (BRS)
  std::uint8_t length = 0;  // bytes of data: 0..8, of FD 0..8, 12, 16, 20, 24, 32, 48, 64
  std::array<std::uint8_t, can_fd_bytes_max> data{};

  std::span<const std::uint8_t> payload() const { return {data.data(), length}; }
};

// Throws BadInput naming the identifier or the length that no bus can carry.
void check(const CanFrame& frame);

}  // namespace packrig
