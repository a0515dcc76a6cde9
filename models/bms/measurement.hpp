// The sequential scan, and what the firmware knows about the pack from it.
#pragma once

#include <stdint.h>

#include "afe_frame.h"
#include "calibration.hpp"
#include "part.hpp"

namespace packrig::bms {

constexpr uint32_t group_count = 4;

struct Measurements {
  int32_t cell_mV[PACKRIG_AFE_CELLS];
  int32_t probe_ddegC[PACKRIG_AFE_NTCS];
  int32_t current_mA;  // positive when discharging
  int32_t shunt_uV;    // as converted, before the calibration
  int32_t board_ddegC;
  uint16_t inputs;  // PACKRIG_INPUT_*, of the last wake
  uint8_t board_readable;
  uint8_t board_seen;      // it was readable at least once since the start
  uint8_t probe_readable;  // bit per probe
  uint8_t probe_seen;      // bit per probe: it was readable at least once since the start
  uint8_t probe_faulty;    // bit per probe: shorted, or lost after it had been seen
  uint8_t current_saturated;
  uint32_t current_at_end;  // 1: the converter itself stands at an end of its range
  uint32_t open_wires;      // bit per tap, 0 first; found by the tests of the wires
  uint32_t poor_wires;      // bit per cell, 0 first; same
};

// One channel group per wake, in the order cells A, B, C, auxiliary; the rhythm stays when a group has no cells.
struct Scan {
  int64_t ended_ns;  // the last whole one; before it the start
  int64_t next_wake_ns;
  uint32_t next_group;  // 0..3: what the next wake brings
  uint16_t running;     // 0 until the first wake has set the rhythm
  uint16_t complete;    // 1: every group has been measured at least once
};

// Takes in what `codes` carries and plans the next wake, one group per `wake_ms`. True when this wake ended a scan.
bool measure(const Part& part, const Calibration& calibration, uint32_t wake_ms, const PackrigAfeCodes& codes,
             Scan& scan, Measurements& measured);

// Less than the part's flowing_mA is neither.
constexpr bool charges(const Part& part, const Measurements& measured) {
  return measured.current_mA < -part.flowing_mA;
}
constexpr bool discharges(const Part& part, const Measurements& measured) {
  return measured.current_mA > part.flowing_mA;
}

// Beyond what the sensor's zero may be off.
constexpr bool surely_charges(const Part& part, const Measurements& measured) {
  return measured.current_mA < -part.zero_mA;
}
constexpr bool surely_discharges(const Part& part, const Measurements& measured) {
  return measured.current_mA > part.zero_mA;
}

// The bit of PACKRIG_GROUP_* that the next wake shall convert.
constexpr uint32_t wanted_group(const Scan& scan) { return 1u << scan.next_group; }

}  // namespace packrig::bms
