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

Status status_of(const Part& part, const Firmware& firmware) {
  Status status{};
  gather_cells(firmware, status);
  const Measurements& measured = firmware.measured;
  status.current_mA = measured.current_mA;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    const bool readable = (measured.probe_readable >> probe & 1u) != 0;
    status.probe_ddegC[probe] = readable ? measured.probe_ddegC[probe] : absent_ddegC;
  }
  status.board_ddegC = measured.board_fitted != 0 ? measured.board_ddegC : absent_ddegC;
  status.alarms = alarm_word(part, firmware);
  status.drives = static_cast<uint32_t>(firmware.drives.on) | firmware.heater_and_contacts;
  const ShownCharge charge = shown_charge(part, firmware.charge, firmware.clock.since_on_ns);
  status.soc_percent = charge.soc_percent;
  status.soh_percent = charge.soh_percent;
  status.remaining_mAh = static_cast<int32_t>(charge.remaining_mAh);
  status.full_mAh = static_cast<int32_t>(charge.full_mAh);
  status.cycles = static_cast<int32_t>(charge.cycles);
  status.cycle_mAh = static_cast<int32_t>(charge.cycle_mAh);
  status.run_time_s = firmware.clock.run_time_s;
  status.chemistry = firmware.chemistry;
  return status;
}

}  // namespace packrig::bms
