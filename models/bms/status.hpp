// What the board says of itself on its ports, gathered in one place: protocols read this and nothing else.
#pragma once

#include <stdint.h>

#include "afe_frame.h"
#include "part.hpp"

namespace packrig::bms {

struct Firmware;

constexpr int32_t absent_ddegC = -2000;  // what the board shows for a probe that it cannot read

struct Status {
  int32_t cell_mV[PACKRIG_AFE_CELLS];  // of cells 1..cell_count
  int32_t cell_count;
  int32_t average_mV;
  int32_t highest_cell;  // 0-based, the first of equals
  int32_t lowest_cell;   // 0-based, the first of equals
  int32_t pack_mV;
  int32_t current_mA;                     // positive when discharging: encoders turn it round where theirs is opposite
  int32_t probe_ddegC[PACKRIG_AFE_NTCS];  // absent_ddegC: not readable
  int32_t board_ddegC;                    // likewise
  uint32_t alarms;                        // the board's 32-bit alarm word
  uint32_t drives;                        // PACKRIG_DRIVE_*
  int32_t soc_percent;
  int32_t soh_percent;
  int32_t remaining_mAh;
  int32_t full_mAh;  // learned
  int32_t cycles;
  uint32_t cycle_mAh;
  int32_t balance_mA;                     // into the cell that is worked on; negative: out of it
  uint16_t wire_mOhm[PACKRIG_AFE_CELLS];  // of cells 1..cell_count; 0: below 1 mOhm, or not measured yet
  uint32_t suspect_cells;                 // whose readings a sense wire falsifies; bit per cell, 0 first
  uint32_t charger_plugged;
  uint32_t run_time_s;   // over the board's life
  uint32_t ticks_100ms;  // since the power came
  uint32_t clock_s;      // since 2020-01-01 00:00
  uint32_t power_on_count;
  int32_t emergency_left_s;
  int32_t sleep_left_s;            // the whole time while it does not count
  int32_t discharge_limit_left_s;  // until a tripped over-current is released; 0: it is not tripped
  int32_t discharge_short_left_s;  // likewise a short circuit
  int32_t charge_limit_left_s;
  int32_t charge_short_left_s;
  uint32_t event_count;
  uint32_t chemistry;  // Chemistry
};

Status status_of(const Part& part, const Firmware& firmware, int64_t now_ns);

}  // namespace packrig::bms
