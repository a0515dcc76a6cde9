#include "status.hpp"

#include "extremes.hpp"
#include "firmware.hpp"

namespace packrig::bms {
namespace {

void gather_cells(const Firmware& firmware, Status& status) {
  status.cell_count = setting(firmware.settings, cell_count);
  for (int32_t cell = 0; cell < status.cell_count; ++cell) status.cell_mV[cell] = firmware.measured.cell_mV[cell];
  status.highest_cell = static_cast<int32_t>(extreme_cell(Side::above, firmware.settings, firmware.measured));
  status.lowest_cell = static_cast<int32_t>(extreme_cell(Side::below, firmware.settings, firmware.measured));
  status.pack_mV = cell_range(firmware.settings, firmware.measured).sum_mV;
  status.average_mV = (status.pack_mV + status.cell_count / 2) / status.cell_count;
}

void gather_pack(const Measurements& measured, Status& status) {
  status.current_mA = measured.current_mA;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    const bool readable = (measured.probe_readable >> probe & 1u) != 0;
    status.probe_ddegC[probe] = readable ? measured.probe_ddegC[probe] : absent_ddegC;
  }
  status.board_ddegC = measured.board_readable != 0 ? measured.board_ddegC : absent_ddegC;
  status.charger_plugged = (measured.inputs & PACKRIG_INPUT_CHARGER) != 0 ? 1 : 0;
}

void gather_charge(const Part& part, const Firmware& firmware, Status& status) {
  const ShownCharge shown = shown_charge(part, firmware.charge, firmware.clock.since_on_ns);
  status.soc_percent = shown.soc_percent;
  status.soh_percent = shown.soh_percent;
  status.remaining_mAh = static_cast<int32_t>(shown.remaining_mAh);
  status.full_mAh = static_cast<int32_t>(shown.full_mAh);
  status.cycle_mAh = shown.cycle_mAh;
  status.cycles = static_cast<int32_t>(shown.cycles);
}

void gather_wires(const WireTest& wires, Status& status) {
  for (int32_t cell = 0; cell < status.cell_count; ++cell) status.wire_mOhm[cell] = wires.wire_mOhm[cell];
  // Above the last tap there is no cell.
  status.suspect_cells = suspect_cells(wires) & ((1u << status.cell_count) - 1u);
}

void gather_countdowns(const Firmware& firmware, int64_t now_ns, Status& status) {
  const auto left_s = [&](Alarm alarm) {
    return release_left_s(firmware.settings, firmware.protections, alarm, now_ns);
  };
  status.discharge_limit_left_s = left_s(Alarm::discharge_current);
  status.discharge_short_left_s = left_s(Alarm::discharge_short);
  status.charge_limit_left_s = left_s(Alarm::charge_current);
  status.charge_short_left_s = left_s(Alarm::charge_short);
  status.emergency_left_s = emergency_left_s(firmware.emergency, now_ns);
  status.sleep_left_s = seconds_to_sleep(firmware.settings, firmware.power, now_ns);
}

}  // namespace

Status status_of(const Part& part, const Firmware& firmware, int64_t now_ns) {
  Status status{};
  gather_cells(firmware, status);
  gather_pack(firmware.measured, status);
  gather_charge(part, firmware, status);
  gather_wires(firmware.wires, status);
  gather_countdowns(firmware, now_ns, status);
  status.balance_mA = firmware.balancing.current_mA;
  status.alarms = alarm_word(part, firmware);
  status.drives = static_cast<uint32_t>(firmware.drives.on) | firmware.heater_and_contacts;
  status.run_time_s = firmware.clock.run_time_s;
  status.ticks_100ms = firmware.clock.tick_count;
  status.clock_s = firmware.clock.time_s;
  status.power_on_count = firmware.power_on_count;
  status.event_count = firmware.log.count;
  status.chemistry = firmware.chemistry;
  return status;
}

}  // namespace packrig::bms
