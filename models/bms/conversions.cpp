#include "conversions.hpp"

#include <stddef.h>

namespace packrig::bms {
namespace {

// The divider's code from -50 to 150 degC in steps of 5 degC: 65535 R / (R + 10000 Ohm) with
// R = 10000 Ohm exp(3435 K (1 / T - 1 / 298.15 K)). Linear interpolation adds at most 0.18 K.
constexpr int32_t table_start_ddegC = -500;
constexpr int32_t table_step_ddegC = 50;
constexpr uint16_t table_code[] = {
    64199, 63678, 62998, 62126, 61029, 59678, 58047, 56120, 53893, 51377, 48603, 45614, 42468, 39232,
    35977, 32768, 29664, 26712, 23949, 21394, 19060, 16947, 15049, 13355, 11850, 10518, 9342,  8306,
    7394,  6593,  5887,  5267,  4721,  4239,  3814,  3439,  3106,  2811,  2550,  2317,  2110,
};
constexpr size_t table_length = sizeof table_code / sizeof table_code[0];

}  // namespace

ProbeState probe_state(uint16_t code) {
  if (code > table_code[0]) return ProbeState::open;
  if (code < table_code[table_length - 1]) return ProbeState::shorted;
  return ProbeState::readable;
}

int32_t probe_ddegC(uint16_t code) {
  size_t lower = 0;
  size_t upper = table_length - 1;  // at or below the code
  while (upper - lower > 1) {
    const size_t middle = (lower + upper) / 2;
    (table_code[middle] > code ? lower : upper) = middle;
  }
  const int32_t left = table_code[upper - 1];
  const int32_t right = table_code[upper];
  const int32_t part = (table_step_ddegC * (left - code) + (left - right) / 2) / (left - right);
  return table_start_ddegC + static_cast<int32_t>(upper - 1) * table_step_ddegC + part;
}

Current shunt_current(const Part& part, const Calibration& calibration, int32_t shunt_uV) {
  const int64_t from_zero_uV = static_cast<int64_t>(shunt_uV) - calibration.current_offset_uV;
  const int64_t corrected_uV = (from_zero_uV * calibration.current_gain + unit_gain / 2) >> 16;
  // Compared in microvolts, so that the product below stays within 32 bits whatever the code.
  const int32_t discharge_uV = part.discharge_range_mA / 1000 * part.shunt_uOhm;
  const int32_t charge_uV = part.charge_range_mA / 1000 * part.shunt_uOhm;
  if (corrected_uV > discharge_uV) return {part.discharge_range_mA, true};
  if (corrected_uV < -charge_uV) return {-part.charge_range_mA, true};
  return {static_cast<int32_t>(corrected_uV) * 1000 / part.shunt_uOhm, false};
}

}  // namespace packrig::bms
