#include "extremes.hpp"

namespace packrig::bms {

uint32_t extreme_cell(Side side, const Settings& settings, const Measurements& measured) {
  const auto count = static_cast<uint32_t>(setting(settings, cell_count));
  uint32_t extreme = 0;
  for (uint32_t cell = 1; cell < count; ++cell) {
    if (further(side, measured.cell_mV[cell], measured.cell_mV[extreme])) extreme = cell;
  }
  return extreme;
}

int32_t extreme_cell_mV(Side side, const Settings& settings, const Measurements& measured) {
  return measured.cell_mV[extreme_cell(side, settings, measured)];
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
  return setting(settings, probes_disabled) != 0 ? uint8_t{0} : measured.probe_faulty;
}

}  // namespace packrig::bms
