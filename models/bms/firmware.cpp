#include "firmware.hpp"

#include "firmware_api.h"
#include "keeping.hpp"

namespace packrig::bms {
namespace {

constexpr uint8_t power_running = 3;

// Not a fault: the board has the password that every board is delivered with.
constexpr uint32_t password_alarm_bit = 19;

void command(const Part& part, const Firmware& firmware, PackrigAfeCommands& commands) {
  commands.version = PACKRIG_AFE_VERSION;
  commands.drives = firmware.drives.on;
  commands.next_wake_ns = firmware.scan.next_wake_ns;
  commands.convert = wanted_group(firmware.scan);
  commands.short_delay_us = static_cast<uint32_t>(setting(firmware.settings, short_delay_us));
  commands.short_code = part.short_uV;
  commands.short_rearm = static_cast<uint8_t>(firmware.protections.rearm_short);
  commands.balance_from = 0;
  commands.balance_to = 0;
  commands.power_mode = power_running;
  commands.balance_mA = 0;
  commands.bus_count = 0;
  commands.balance_through_scan = 0;
  commands.open_wire_taps = 0;
  commands.reserved = 0;
}

void note_changes(uint32_t alarms_before, Firmware& firmware) {
  if (firmware.protections.alarms == alarms_before) return;
  const int32_t(&cell_mV)[PACKRIG_AFE_CELLS] = firmware.measured.cell_mV;
  uint32_t highest = 0;
  uint32_t lowest = 0;
  for (uint32_t cell = 1; cell < static_cast<uint32_t>(setting(firmware.settings, cell_count)); ++cell) {
    if (cell_mV[cell] > cell_mV[highest]) highest = cell;
    if (cell_mV[cell] < cell_mV[lowest]) lowest = cell;
  }
  note_alarms(firmware.log, alarms_before, firmware.protections.alarms, highest, lowest, firmware.clock.run_time_s);
}

}  // namespace

uint32_t alarm_word(const Part& part, const Firmware& firmware) {
  const bool delivered = has_password_of(firmware.options, part.options);
  return firmware.protections.alarms | (delivered ? 1u << password_alarm_bit : 0u);
}

void step(const Part& part, Firmware& firmware, const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  if (firmware.restart_wanted != 0) restart(part, firmware);
  if (codes.version != PACKRIG_AFE_VERSION) {
    // A front end that speaks another layout is not guessed at: everything off, and ask again.
    firmware.drives = {};
    firmware.scan = {codes.now_ns + static_cast<int64_t>(part.wake_ms) * 1000000, 0, 1, 0};
    command(part, firmware, commands);
    return;
  }
  advance(firmware.clock, codes.now_ns);
  const bool scan_ended = measure(part, firmware.calibration, codes, firmware.scan, firmware.measured);
  const uint32_t alarms_before = firmware.protections.alarms;
  protect(part, firmware.settings, firmware.measured, codes.now_ns, scan_ended, firmware.protections);
  note_changes(alarms_before, firmware);
  drive(firmware.settings, firmware.protections, firmware.scan.complete != 0, codes.now_ns, firmware.drives);
  if (scan_ended) {
    count_charge(part, static_cast<uint8_t>(firmware.chemistry), firmware.settings, firmware.measured, codes.now_ns,
                 firmware.charge);
  }
  keep(part, scan_ended, firmware);
  command(part, firmware, commands);
  Board board(part, firmware, codes.now_ns);
  converse(board, firmware.ports, codes, commands);
}

}  // namespace packrig::bms
