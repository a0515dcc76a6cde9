// What a user has taught the board about its own measurements.
#pragma once

#include <stdint.h>

namespace packrig::bms {

constexpr uint32_t unit_gain = 65536;

// The cell frame shows them as a reference of about 3 V (offset 226: 3 V times the gain) and as a current correction
// of about 1000 (offset 220: per mille).
struct Calibration {
  uint32_t voltage_gain;      // of the cells, 65536 = 1
  uint32_t current_gain;      // 65536 = 1
  int32_t current_offset_uV;  // at the shunt, taken off before the gain
};

constexpr Calibration no_calibration = {unit_gain, unit_gain, 0};

}  // namespace packrig::bms
