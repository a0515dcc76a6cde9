#include "models/afe/open_wire.hpp"

namespace packrig {

void feed_test_current(std::uint8_t taps, int cell_count, std::array<double, tap_count_max>& feed_A) {
  if (taps == 0) return;
  for (int tap = 0; tap <= cell_count; ++tap) {
    const bool out = tap % 2 == taps - 1;
    feed_A[static_cast<std::size_t>(tap)] += out ? -open_wire_test_A : open_wire_test_A;
  }
}

}  // namespace packrig
