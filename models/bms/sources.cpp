#include "sources.hpp"

#include "registers.hpp"
#include "spans.hpp"

namespace packrig::bms::source {
namespace {

bool driven(const Watched& watched, uint32_t drive) { return (watched.drives.on & drive) != 0; }

bool fed_back(const Watched& watched, uint32_t input) {
  return watched.part.feedback_fitted && (watched.measured.inputs & input) != 0;
}

bool unclosed(const Watched& watched, uint32_t drive, uint32_t input) {
  return watched.part.feedback_fitted && driven(watched, drive) && !fed_back(watched, input);
}

Reading flag(bool holds) { return {true, holds ? 1 : 0}; }

Reading input(const Watched& watched, uint32_t bit) { return flag((watched.measured.inputs & bit) != 0); }

Reading current(const Measurements& measured, int32_t sign) {
  if (measured.current_saturated != 0 && sign * measured.current_mA > 0) return {true, INT32_MAX};
  return {true, sign * measured.current_mA};
}

}  // namespace

Reading highest_cell_mV(const Watched& watched) { return {true, watched.cells.highest_mV}; }

Reading lowest_cell_mV(const Watched& watched) { return {true, watched.cells.lowest_mV}; }

Reading all_cells_mV(const Watched& watched) { return {true, watched.cells.sum_mV}; }

Reading charge_mA(const Watched& watched) { return current(watched.measured, -1); }

Reading discharge_mA(const Watched& watched) { return current(watched.measured, 1); }

Reading hottest_probe_ddegC(const Watched& watched) {
  return extreme_probe(Side::above, watched.settings, watched.measured);
}

Reading coldest_probe_ddegC(const Watched& watched) {
  return extreme_probe(Side::below, watched.settings, watched.measured);
}

Reading board_ddegC(const Watched& watched) {
  return {watched.measured.board_readable != 0, watched.measured.board_ddegC};
}

Reading faulty_probes(const Watched& watched) { return {true, bms::faulty_probes(watched.settings, watched.measured)}; }

Reading current_at_end(const Watched& watched) { return flag(watched.measured.current_at_end != 0); }

Reading charge_unclosed(const Watched& watched) {
  return flag(unclosed(watched, PACKRIG_DRIVE_CHARGE, PACKRIG_INPUT_CHARGE_FEEDBACK));
}

Reading discharge_unclosed(const Watched& watched) {
  return flag(watched.drives.precharge_failed != 0 ||
              unclosed(watched, PACKRIG_DRIVE_DISCHARGE, PACKRIG_INPUT_DISCHARGE_FEEDBACK));
}

// Without a closed charge path, current can still charge the pack through a closed discharge path: a load that feeds
// back. So only both drives together tell of the charge path.
Reading charge_stuck(const Watched& watched) {
  if (driven(watched, PACKRIG_DRIVE_CHARGE)) return flag(false);
  if (fed_back(watched, PACKRIG_INPUT_CHARGE_FEEDBACK)) return flag(true);
  return flag(!driven(watched, PACKRIG_DRIVE_DISCHARGE | PACKRIG_DRIVE_PRECHARGE) &&
              surely_charges(watched.part, watched.measured));
}

Reading discharge_stuck(const Watched& watched) {
  if (driven(watched, PACKRIG_DRIVE_DISCHARGE)) return flag(false);
  if (fed_back(watched, PACKRIG_INPUT_DISCHARGE_FEEDBACK)) return flag(true);
  return flag(!driven(watched, PACKRIG_DRIVE_PRECHARGE) && surely_discharges(watched.part, watched.measured));
}

Reading unscanned(const Watched& watched) {
  return flag(watched.now_ns - watched.scanned_ns > ms_in_ns(watched.part.front_end_ms));
}

Reading open_wires(const Watched& watched) { return flag(watched.measured.open_wires != 0); }

Reading poor_wires(const Watched& watched) { return flag(watched.measured.poor_wires != 0); }

Reading short_discharge(const Watched& watched) { return input(watched, PACKRIG_INPUT_SHORT_DISCHARGE); }

Reading short_charge(const Watched& watched) { return input(watched, PACKRIG_INPUT_SHORT_CHARGE); }

}  // namespace packrig::bms::source
