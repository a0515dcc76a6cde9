// The two tests of the sense wires. Both run in the slot of the auxiliary group, in which no cell is converted for the
// protections, so they cost no wake and disturb no scan; what they convert never becomes a measured cell voltage.
//
// Open wire, about once a second: a small current out of every even tap and into the odd ones, and a scan later the
// other way round. A tap whose wire is open gives way to it.
//
//      wire      sign
//      between   with the current out of it, the cell below reads less and the one above more, by open_wire_mV
//      first     cell 1 reads more with the current out of tap 0, and nothing with the current into it
//      last      the last cell reads more with the current into its upper tap, and nothing with the current out of it
//
// A load step moves all cells the same way, so it is no sign of either.
//
// Resistance, one cell per scan: the balancer draws from the cell while it is converted. The cell above rises by the
// drop of the wire between them. Each cell stands for its upper wire, cell 1 for the worse of its two.
//
// A scan in which the pack's current moved proves nothing: what moved may have been the cells.
#pragma once

#include <stdint.h>

#include "afe_frame.h"
#include "balancing.hpp"
#include "measurement.hpp"
#include "part.hpp"
#include "settings.hpp"

namespace packrig::bms {

enum class WireSlot : uint32_t { free, even_taps, odd_taps, resistance };

struct WireTest {
  int64_t open_test_due_ns;
  int64_t self_test_due_ns;               // of the next one while a wire is poor
  uint32_t open;                          // bit per tap, 0 first: the open ones
  uint32_t poor;                          // bit per cell, 0 first: its wire has too much resistance
  uint32_t tested_count;                  // the cell count that the self-test belongs to; 0 none yet
  WireSlot slot;                          // what the slot to come is for
  int32_t slot_mA;                        // the pack's current a scan before that slot
  uint32_t slot_cell;                     // of a resistance, 1-based
  uint16_t even_mV[PACKRIG_AFE_CELLS];    // with the current out of the even taps
  uint16_t wire_mOhm[PACKRIG_AFE_CELLS];  // 0: below 1 mOhm, or not measured yet
  uint16_t even_known;                    // 1: even_mV is of the scan before
  uint16_t next_cell;                     // of the self-test, 1-based; 0: it is not running
};

// At every wake, after measure() and before protect(): takes in what the slot brought and tells the protections.
void take_wire_test(const Part& part, const Settings& settings, const Calibration& calibration,
                    const PackrigAfeCodes& codes, bool scan_ended, Measurements& measured, WireTest& wires);

// At every wake, after balance(): decides what the slot to come is for. `fitted`: the number of cells is right.
void plan_wire_test(const Part& part, const Settings& settings, const Scan& scan, bool fitted,
                    const Measurements& measured, const Balancing& balancing, int64_t now_ns, WireTest& wires);

// The number of the lowest open wire, 0 to the cell count; -1 none.
int32_t open_wire(const WireTest& wires);

// The cells whose readings a wire falsifies: those of poor wires and both beside an open one. Bit per cell, 0 first.
uint32_t suspect_cells(const WireTest& wires);

// Until then the converter belongs to the self-test.
bool self_tested(const Settings& settings, const WireTest& wires);

}  // namespace packrig::bms
