#include "status.hpp"

#include "firmware.hpp"

namespace packrig::bms {
namespace {

void gather_cells(const Firmware& firmware, Status& status) {
  status.cell_count = setting(firmware.settings, cell_count);
  int32_t sum_mV = 0;
  for (int32_t cell = 0; cell < status.cell_count; ++cell) {
    const int32_t reading_mV = firmware.measured.cell_mV[cell];
    status.cell_mV[cell] = reading_mV;
    sum_mV += reading_mV;
    if (reading_mV > status.cell_mV[status.highest_cell]) status.highest_cell = cell;
    if (reading_mV < status.cell_mV[status.lowest_cell]) status.lowest_cell = cell;
  }
  status.average_mV = (sum_mV + status.cell_count / 2) / status.cell_count;
  status.pack_mV = sum_mV;
}

}  // namespace

Status status_of(const Part&, const Firmware& firmware, int64_t now_ns) {
  Status status{};
  gather_cells(firmware, status);
  const Measurements& measured = firmware.measured;
  status.current_mA = measured.current_mA;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    const bool readable = (measured.probe_readable >> probe & 1u) != 0;
    status.probe_ddegC[probe] = readable ? measured.probe_ddegC[probe] : absent_ddegC;
  }
  status.board_ddegC = measured.board_fitted != 0 ? measured.board_ddegC : absent_ddegC;
  status.alarms = firmware.protections.alarms;
  status.drives = firmware.drives.on;
  status.full_mAh = setting(firmware.settings, capacity_mAh);
  status.run_time_s = static_cast<uint32_t>(now_ns / 1000000000);
  status.chemistry = firmware.chemistry;
  return status;
}

}  // namespace packrig::bms
