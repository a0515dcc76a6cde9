#include "measurement.hpp"

#include "conversions.hpp"
#include "spans.hpp"

namespace packrig::bms {
namespace {

struct CellGroup {
  uint32_t bit;
  uint8_t first;
  uint8_t end;
};
constexpr CellGroup cell_groups[] = {
    {PACKRIG_GROUP_CELLS_A, 0, 9}, {PACKRIG_GROUP_CELLS_B, 9, 17}, {PACKRIG_GROUP_CELLS_C, 17, 25}};

constexpr int16_t board_not_fitted_ddegC = -2000;

// Of the scan's own group only: what else has been converted belongs to a test of the wires.
void take_cells(const Calibration& calibration, const PackrigAfeCodes& codes, uint32_t wanted, Measurements& measured) {
  for (const CellGroup& group : cell_groups) {
    if ((codes.fresh & wanted & group.bit) == 0) continue;
    for (uint32_t cell = group.first; cell < group.end; ++cell) {
      measured.cell_mV[cell] = cell_mV(calibration, codes.cell_code[cell]);
    }
  }
}

void take_probes(const PackrigAfeCodes& codes, Measurements& measured) {
  measured.probe_readable = 0;
  measured.probe_faulty = 0;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    const uint16_t code = codes.ntc_code[probe];
    const auto bit = static_cast<uint8_t>(1u << probe);
    const ProbeState state = probe_state(code);
    if (state == ProbeState::readable) {
      measured.probe_ddegC[probe] = probe_ddegC(code);
      measured.probe_readable |= bit;
      measured.probe_seen |= bit;
    } else if (state == ProbeState::shorted || (measured.probe_seen & bit) != 0) {
      measured.probe_faulty |= bit;  // an open one that never was there is not fitted, which is no fault
    }
  }
}

void take_auxiliary(const Part& part, const Calibration& calibration, const PackrigAfeCodes& codes,
                    Measurements& measured) {
  const Current current = shunt_current(part, calibration, codes.shunt_code);
  measured.shunt_uV = codes.shunt_code;
  measured.current_mA = current.value_mA;
  measured.current_saturated = current.saturated ? 1 : 0;
  measured.current_at_end = codes.shunt_code <= part.shunt_low_uV || codes.shunt_code >= part.shunt_high_uV ? 1 : 0;
  measured.board_ddegC = codes.board_ddegC;
  measured.board_readable = codes.board_ddegC == board_not_fitted_ddegC ? 0 : 1;
  measured.board_seen |= measured.board_readable;
  take_probes(codes, measured);
}

}  // namespace

bool measure(const Part& part, const Calibration& calibration, uint32_t wake_ms, const PackrigAfeCodes& codes,
             Scan& scan, Measurements& measured) {
  measured.inputs = codes.inputs;
  take_cells(calibration, codes, wanted_group(scan), measured);
  if ((codes.fresh & PACKRIG_GROUP_AUX) != 0) take_auxiliary(part, calibration, codes, measured);

  const int64_t wake_ns = ms_in_ns(wake_ms);
  if (scan.running == 0) {
    scan.running = 1;
    scan.ended_ns = codes.now_ns;
    scan.next_wake_ns = codes.now_ns + wake_ns;
    return false;
  }
  if (codes.now_ns < scan.next_wake_ns) return false;  // woken early by an input: the rhythm stays
  scan.next_wake_ns += wake_ns;
  if (scan.next_wake_ns <= codes.now_ns) scan.next_wake_ns = codes.now_ns + wake_ns;  // woken too late: start anew
  if ((codes.fresh & wanted_group(scan)) == 0) return false;                          // not converted: ask again
  scan.next_group = (scan.next_group + 1) % group_count;
  if (scan.next_group != 0) return false;
  scan.complete = 1;
  scan.ended_ns = codes.now_ns;
  return true;
}

}  // namespace packrig::bms
