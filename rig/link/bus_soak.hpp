// A saturated line for as long as wanted, in simulated time: what was sent must arrive, once and in order.
#pragma once

#include <cstdint>

#include "models/time.hpp"

namespace packrig {

struct BusSoak {
  std::uint64_t sent_count = 0;  // frames of 300 bytes, as JK's longest, without a gap between them
  std::uint64_t received_count = 0;
  std::uint64_t lost_count = 0;          // numbers that never came
  std::uint64_t out_of_order_count = 0;  // came after a later number, or twice
  std::uint64_t damaged_count = 0;       // a byte other than sent
  std::uint64_t dropped_count = 0;       // bytes that came to a full buffer
  TimeNs lasted_ns = 0;
};

// Frames for `duration_ns` at 115200 baud; the last is waited for. Throws BadInput unless it is 1 ms to 100 days.
BusSoak soak_bus(TimeNs duration_ns);

}  // namespace packrig
