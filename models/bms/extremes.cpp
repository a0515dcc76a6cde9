#include "extremes.hpp"

namespace packrig::bms {

CellRange cell_range(const Settings& settings, const Measurements& measured) {
  const int32_t count = setting(settings, cell_count);
  CellRange range = {measured.cell_mV[0], measured.cell_mV[0], measured.cell_mV[0]};
  for (int32_t cell = 1; cell < count; ++cell) {
    const int32_t cell_mV = measured.cell_mV[cell];
    range.lowest_mV = cell_mV < range.lowest_mV ? cell_mV : range.lowest_mV;
    range.highest_mV = cell_mV > range.highest_mV ? cell_mV : range.highest_mV;
    range.sum_mV += cell_mV;
  }
  return range;
}

uint32_t extreme_cell(Side side, const Settings& settings, const Measurements& measured) {
  const auto count = static_cast<uint32_t>(setting(settings, cell_count));
  uint32_t extreme = 0;
  for (uint32_t cell = 1; cell < count; ++cell) {
    if (further(side, measured.cell_mV[cell], measured.cell_mV[extreme])) extreme = cell;
  }
  return extreme;
}

Reading extreme_probe(Side side, const Settings& settings, const Measurements& measured) {
  Reading extreme{false, 0};
  if (setting(settings, probes_disabled) != 0) return extreme;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    if ((measured.probe_readable >> probe & 1u) == 0) continue;
    const int32_t probe_ddegC = measured.probe_ddegC[probe];
    if (!extreme.present || further(side, probe_ddegC, extreme.value)) extreme = {true, probe_ddegC};
  }
  return extreme;
}

uint8_t faulty_probes(const Settings& settings, const Measurements& measured) {
  const bool board_lost = measured.board_seen != 0 && measured.board_readable == 0;
  const uint8_t probes = setting(settings, probes_disabled) != 0 ? uint8_t{0} : measured.probe_faulty;
  return static_cast<uint8_t>(probes | (board_lost ? 1u << PACKRIG_AFE_NTCS : 0u));
}

}  // namespace packrig::bms
