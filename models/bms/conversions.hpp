// Codes of the analogue front end to the firmware's integers.
#pragma once

#include <stdint.h>

#include "calibration.hpp"
#include "part.hpp"

namespace packrig::bms {

// 5 V over 65536 counts, corrected and rounded to the nearest millivolt.
constexpr int32_t cell_mV(const Calibration& calibration, uint16_t code) {
  return static_cast<int32_t>((static_cast<uint64_t>(code) * 5000u * calibration.voltage_gain + (1ull << 31)) >> 32);
}

// Of a 10 kOhm B3435 probe [assumed: the sheet names none] in a ratiometric divider with 10 kOhm, by table.
// `code` must satisfy probe_state(code) == readable.
int32_t probe_ddegC(uint16_t code);

enum class ProbeState : uint8_t { readable, open, shorted };
ProbeState probe_state(uint16_t code);

struct Current {
  int32_t value_mA;  // positive when discharging, clipped to the part's range
  bool saturated;
};
Current shunt_current(const Part& part, const Calibration& calibration, int32_t shunt_uV);

}  // namespace packrig::bms
