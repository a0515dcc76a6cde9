// What the rules of the protections watch: one function each.
#pragma once

#include <stdint.h>

#include "drive_state.hpp"
#include "extremes.hpp"
#include "measurement.hpp"
#include "part.hpp"
#include "settings.hpp"

namespace packrig::bms {

// What stands at one wake.
struct Watched {
  const Part& part;
  const Settings& settings;
  const Measurements& measured;
  const CellRange& cells;  // at the end of a scan
  const Drives& drives;    // as they have stood since the last wake
  int64_t scanned_ns;      // when the last scan ended
  int64_t now_ns;
};

using Source = Reading (*)(const Watched& watched);

namespace source {

Reading highest_cell_mV(const Watched& watched);
Reading lowest_cell_mV(const Watched& watched);
Reading all_cells_mV(const Watched& watched);  // their sum
// A current beyond the range is no number: it lies beyond every limit that can be set.
Reading charge_mA(const Watched& watched);
Reading discharge_mA(const Watched& watched);
Reading hottest_probe_ddegC(const Watched& watched);
Reading coldest_probe_ddegC(const Watched& watched);
Reading board_ddegC(const Watched& watched);
Reading faulty_probes(const Watched& watched);

// The following are 1 while it is so, else 0.
Reading current_at_end(const Watched& watched);      // the current converter stands at its end
Reading charge_unclosed(const Watched& watched);     // driven, but its contact is open
Reading discharge_unclosed(const Watched& watched);  // the same, or precharged in vain
Reading charge_stuck(
    const Watched& watched);  // not driven, but its contact is closed or current still charges the pack
Reading discharge_stuck(const Watched& watched);  // the same, discharging it
Reading unscanned(const Watched& watched);        // no whole scan for longer than the part's front_end_ms
Reading open_wires(const Watched& watched);
Reading poor_wires(const Watched& watched);
Reading short_discharge(const Watched& watched);
Reading short_charge(const Watched& watched);

}  // namespace source
}  // namespace packrig::bms
