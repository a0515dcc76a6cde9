#include "wire_test.hpp"

#include "conversions.hpp"
#include "registers.hpp"
#include "spans.hpp"

namespace packrig::bms {
namespace {

constexpr uint32_t every_cell = PACKRIG_GROUP_CELLS_A | PACKRIG_GROUP_CELLS_B | PACKRIG_GROUP_CELLS_C;
constexpr int32_t full_scale_mV = 4999;  // from here on the reading may be clipped

struct Loaded {
  int32_t cell_mV[PACKRIG_AFE_CELLS];
};

Loaded loaded_of(const Calibration& calibration, const PackrigAfeCodes& codes) {
  Loaded loaded{};
  for (uint32_t cell = 0; cell < PACKRIG_AFE_CELLS; ++cell)
    loaded.cell_mV[cell] = cell_mV(calibration, codes.cell_code[cell]);
  return loaded;
}

// The tap at an end of the string: its cell reads nothing with the current one way, and more with it the other way.
bool end_gives_way(const Part& part, int32_t more_mV, int32_t nothing_mV) {
  return nothing_mV < part.cell_present_mV && more_mV - nothing_mV > part.open_wire_mV;
}

uint32_t open_wires(const Part& part, const WireTest& wires, const Loaded& odd, uint32_t count) {
  int32_t change_mV[PACKRIG_AFE_CELLS];  // of each cell, from the current out of the odd taps to out of the even ones
  for (uint32_t cell = 0; cell < count; ++cell) change_mV[cell] = wires.even_mV[cell] - odd.cell_mV[cell];

  uint32_t open = end_gives_way(part, wires.even_mV[0], odd.cell_mV[0]) ? 1u : 0u;
  // How far a tap has moved from the last one that stands. A tap between two open ones does not, though its two cells
  // change as those of an open one would.
  int32_t moved_mV = open != 0 ? -change_mV[0] : 0;
  for (uint32_t tap = 1; tap < count; ++tap) {
    const int32_t sign = tap % 2 == 0 ? -1 : 1;
    moved_mV += change_mV[tap - 1];
    const bool gives_way = sign * change_mV[tap - 1] > part.open_wire_mV &&
                           -sign * change_mV[tap] > part.open_wire_mV && sign * moved_mV > part.open_wire_mV;
    if (gives_way) {
      open |= 1u << tap;
    } else {
      moved_mV = 0;
    }
  }
  const uint32_t last = count - 1;
  const bool out_first = count % 2 == 0;  // an even tap reads nothing with the current out of the even ones
  const int32_t nothing_mV = out_first ? wires.even_mV[last] : odd.cell_mV[last];
  const int32_t more_mV = out_first ? odd.cell_mV[last] : wires.even_mV[last];
  return end_gives_way(part, more_mV, nothing_mV) ? open | 1u << count : open;
}

int32_t larger(int32_t one, int32_t other) { return one > other ? one : other; }

// The drop over a wire per current, from what the cell beyond it reads more (the converter draws) or less (it gives).
int32_t beyond_mOhm(const Loaded& loaded, const Measurements& measured, uint32_t cell, int32_t drawn_mA) {
  return (loaded.cell_mV[cell] - measured.cell_mV[cell]) * 1000 / drawn_mA;
}

// Of the cell that the slot was for: its upper wire, and for cell 1 the worse of its two.
int32_t wire_mOhm(const Loaded& loaded, const Measurements& measured, uint32_t cell, uint32_t count, int32_t drawn_mA) {
  const uint32_t own = cell - 1;
  const int32_t both_mOhm = -beyond_mOhm(loaded, measured, own, drawn_mA);
  const int32_t lower_mOhm = cell > 1 ? beyond_mOhm(loaded, measured, own - 1, drawn_mA) : 0;
  // Where no cell lies above, or its reading is clipped, the upper wire is what is left of both.
  const bool readable = cell < count && loaded.cell_mV[cell] < full_scale_mV;
  const int32_t upper_mOhm = readable ? beyond_mOhm(loaded, measured, cell, drawn_mA) : both_mOhm - lower_mOhm;
  return cell > 1 ? upper_mOhm : larger(upper_mOhm, both_mOhm - upper_mOhm);
}

void take_resistance(const Part& part, const Loaded& loaded, uint32_t count, int32_t drawn_mA,
                     const Measurements& measured, WireTest& wires) {
  const int32_t magnitude_mA = drawn_mA < 0 ? -drawn_mA : drawn_mA;
  const int32_t moved_mA = measured.current_mA - wires.slot_mA;
  const bool steady = moved_mA <= part.wire_steady_mA && moved_mA >= -part.wire_steady_mA;
  if (!steady || magnitude_mA < part.wire_current_mA) return;
  const int32_t found_mOhm = larger(wire_mOhm(loaded, measured, wires.slot_cell, count, drawn_mA), 0);
  const uint32_t bit = 1u << (wires.slot_cell - 1);
  wires.wire_mOhm[wires.slot_cell - 1] = static_cast<uint16_t>(found_mOhm);
  const bool poor = found_mOhm > part.wire_high_mOhm || found_mOhm < part.wire_low_mOhm;
  wires.poor = poor ? wires.poor | bit : wires.poor & ~bit;
}

// One cell of the self-test is through.
void move_on(const Part& part, uint32_t count, int64_t now_ns, WireTest& wires) {
  if (wires.next_cell != 0 && ++wires.next_cell > count) {
    wires.next_cell = 0;
    wires.tested_count = count;
    wires.self_test_due_ns = now_ns + ms_in_ns(part.wire_retest_ms);
  }
}

void take_slot(const Part& part, const Settings& settings, const Calibration& calibration, const PackrigAfeCodes& codes,
               const Measurements& measured, WireTest& wires) {
  const auto count = static_cast<uint32_t>(setting(settings, cell_count));
  const Loaded loaded = loaded_of(calibration, codes);
  wires.even_known = wires.slot == WireSlot::even_taps ? 1 : 0;
  if (wires.slot == WireSlot::even_taps) {
    for (uint32_t cell = 0; cell < PACKRIG_AFE_CELLS; ++cell) {
      wires.even_mV[cell] = static_cast<uint16_t>(loaded.cell_mV[cell]);
    }
  } else if (wires.slot == WireSlot::odd_taps) {
    wires.open = open_wires(part, wires, loaded, count);
  } else if (wires.slot == WireSlot::resistance) {
    take_resistance(part, loaded, count, -codes.balance_mA, measured, wires);
    move_on(part, count, codes.now_ns, wires);
  }
}

// What belongs to another number of cells, or to wires that have come off, is forgotten.
void forget(WireTest& wires) {
  wires.poor = 0;
  wires.tested_count = 0;
  wires.next_cell = 0;
  for (uint16_t& one_mOhm : wires.wire_mOhm) one_mOhm = 0;
}

}  // namespace

void take_wire_test(const Part& part, const Settings& settings, const Calibration& calibration,
                    const PackrigAfeCodes& codes, bool scan_ended, Measurements& measured, WireTest& wires) {
  if (scan_ended) {
    if ((codes.fresh & every_cell) == every_cell) take_slot(part, settings, calibration, codes, measured, wires);
    wires.slot = WireSlot::free;
  }
  measured.open_wires = wires.open;
  measured.poor_wires = wires.poor;
}

void plan_wire_test(const Part& part, const Settings& settings, const Scan& scan, bool fitted,
                    const Measurements& measured, const Balancing& balancing, int64_t now_ns, WireTest& wires) {
  const auto count = static_cast<uint32_t>(setting(settings, cell_count));
  if (!fitted) {
    wires.open = 0;
    wires.even_known = 0;
    wires.slot = WireSlot::free;
  }
  if (!fitted || wires.open != 0 || (wires.tested_count != 0 && wires.tested_count != count)) forget(wires);
  if (!fitted || scan.next_group != group_count - 1 || wires.slot != WireSlot::free) return;

  wires.slot_mA = measured.current_mA;
  if (wires.even_known != 0) {
    wires.slot = WireSlot::odd_taps;
    return;
  }
  if (now_ns >= wires.open_test_due_ns) {
    wires.slot = WireSlot::even_taps;
    wires.open_test_due_ns = now_ns + ms_in_ns(part.open_wire_period_ms);
    return;
  }
  if (wires.open != 0) return;
  const bool again = wires.poor != 0 && now_ns >= wires.self_test_due_ns;
  if (wires.next_cell == 0 && (wires.tested_count == 0 || again)) wires.next_cell = 1;
  const bool balancing_now = balancing.phase != BalancePhase::idle;
  if (wires.next_cell == 0 && !balancing_now) return;
  wires.slot = WireSlot::resistance;
  wires.slot_cell = wires.next_cell != 0 ? wires.next_cell : balancing.cell;
}

int32_t open_wire(const WireTest& wires) {
  for (int32_t tap = 0; tap <= static_cast<int32_t>(PACKRIG_AFE_CELLS); ++tap) {
    if ((wires.open >> tap & 1u) != 0) return tap;
  }
  return -1;
}

uint32_t suspect_cells(const WireTest& wires) {
  // Tap k lies between cells k and k + 1, which are bits k - 1 and k.
  const uint32_t cells = wires.poor | wires.open | wires.open >> 1;
  return cells & ((1u << PACKRIG_AFE_CELLS) - 1u);
}

bool self_tested(const Settings& settings, const WireTest& wires) {
  return wires.next_cell == 0 && wires.tested_count == static_cast<uint32_t>(setting(settings, cell_count));
}

}  // namespace packrig::bms
