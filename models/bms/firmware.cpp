#include "firmware.hpp"

#include "alarms.hpp"
#include "dry_contacts.hpp"
#include "extremes.hpp"
#include "firmware_api.h"
#include "heater.hpp"
#include "keeping.hpp"
#include "spans.hpp"

namespace packrig::bms {
namespace {

constexpr uint32_t every_cell_group = PACKRIG_GROUP_CELLS_A | PACKRIG_GROUP_CELLS_B | PACKRIG_GROUP_CELLS_C;

// What the converter and the test currents do until the next wake, and what is converted then.
void command_taps(const Part& part, const Firmware& firmware, PackrigAfeCommands& commands) {
  const WireTest& wires = firmware.wires;
  const Balancing& balancing = firmware.balancing;
  const bool resistance = wires.slot == WireSlot::resistance;
  commands.convert = wanted_group(firmware.scan);
  if (wires.slot != WireSlot::free) commands.convert |= every_cell_group;
  commands.balance_from = 0;
  commands.balance_to = 0;
  if (balancing.phase == BalancePhase::into_lowest) {
    commands.balance_to = static_cast<uint8_t>(balancing.cell);
  } else if (balancing.phase == BalancePhase::out_of_highest) {
    commands.balance_from = static_cast<uint8_t>(balancing.cell);
  } else if (resistance) {
    commands.balance_from = static_cast<uint8_t>(wires.slot_cell);
  }
  const bool works = commands.balance_from != 0 || commands.balance_to != 0;
  commands.balance_mA = works ? static_cast<uint16_t>(balance_current_mA(part, firmware.settings)) : uint16_t{0};
  commands.balance_through_scan = resistance ? 1 : 0;
  commands.open_wire_taps = wires.slot == WireSlot::even_taps ? 1 : wires.slot == WireSlot::odd_taps ? 2 : 0;
}

void command(const Part& part, const Firmware& firmware, int64_t now_ns, PackrigAfeCommands& commands) {
  commands.version = PACKRIG_AFE_VERSION;
  commands.drives = static_cast<uint32_t>(firmware.drives.on) | firmware.heater_and_contacts;
  commands.next_wake_ns = firmware.scan.next_wake_ns;
  command_taps(part, firmware, commands);
  commands.short_delay_us = static_cast<uint32_t>(setting(firmware.settings, short_delay_us));
  commands.short_code = part.short_uV;
  commands.short_rearm = static_cast<uint8_t>(firmware.protections.rearm_short);
  commands.power_mode = front_end_mode(firmware.power, now_ns);
  commands.bus_count = 0;
  commands.reserved = 0;
}

void note_changes(uint32_t alarms_before, Firmware& firmware) {
  if (firmware.protections.alarms == alarms_before) return;
  const uint32_t highest = extreme_cell(Side::above, firmware.settings, firmware.measured);
  const uint32_t lowest = extreme_cell(Side::below, firmware.settings, firmware.measured);
  note_alarms(firmware.log, alarms_before, firmware.protections.alarms, highest, lowest, firmware.clock.run_time_s);
}

// Power has been off: all is as after a restart, but for what woke the board.
void wake_up(const Part& part, Firmware& firmware) {
  const Power woken = firmware.power;
  restart(part, firmware);
  firmware.power = woken;
}

void rest_taps(Firmware& firmware) {
  firmware.balancing = {};
  firmware.wires.slot = WireSlot::free;
}

void fall_asleep(const Part& part, Firmware& firmware) {
  firmware.drives = {};
  rest_taps(firmware);
  firmware.heater_and_contacts = 0;
  firmware.due_contacts = 0;
  firmware.requests = {};
  firmware.scan.next_wake_ns = asleep_until_ns(part, firmware.power);
}

void note(Firmware& firmware, EventCode code) { note_event(firmware.log, code, firmware.clock.run_time_s); }

void end_emergency(Firmware& firmware, EventCode code) {
  firmware.emergency = {};
  note(firmware, code);
}

void carry_out(const Part& part, int64_t now_ns, Firmware& firmware) {
  if (run_out(firmware.emergency, now_ns)) end_emergency(firmware, event_emergency_over);
  const bool clicked = firmware.power.button_click != 0 && setting(firmware.settings, emergency_button) != 0;
  const bool was_active = active(firmware.emergency, now_ns);
  const Requests asked = firmware.requests;
  firmware.requests = {};
  if (asked.emergency_on != 0 || (clicked && !was_active)) {
    const uint32_t set_min = firmware.options.emergency_min;
    start_emergency(set_min != 0 ? set_min : part.emergency_min, now_ns, firmware.emergency);
    note(firmware, event_emergency_on);
  } else if (was_active && (asked.emergency_off != 0 || clicked)) {
    end_emergency(firmware, event_emergency_off);
  }
  if (asked.shutdown != 0) switch_off(PowerMode::storage, PowerReason::command, now_ns, firmware.power);
}

void note_power(const Power& before, Firmware& firmware) {
  const Power& now = firmware.power;
  if (now.mode == PowerMode::standby && before.mode == PowerMode::running) note(firmware, event_sleep);
  if (closing(before) || !closing(now)) return;
  note(firmware, now.reason == PowerReason::button    ? event_off_by_button
                 : now.reason == PowerReason::command ? event_off_by_command
                                                      : event_shutdown);
}

void drive_extras(bool ready, int64_t now_ns, Firmware& firmware) {
  const bool heats = ready && heat(firmware.settings, firmware.measured, firmware.protections,
                                   (firmware.heater_and_contacts & PACKRIG_DRIVE_HEATER) != 0);
  uint32_t due = 0;
  if (ready && contact_chosen(firmware.options)) {
    const ContactSources sources = {firmware.protections.alarms, charge_of(firmware.charge).soc_percent};
    due = due_contacts(firmware.options, sources, firmware.due_contacts);
  }
  firmware.due_contacts = static_cast<uint8_t>(due);
  const uint32_t contacts = beat(firmware.settings, firmware.due_contacts, now_ns);
  firmware.heater_and_contacts = static_cast<uint8_t>((heats ? PACKRIG_DRIVE_HEATER : 0u) | contacts);
}

// While the board is awake; in standby cells are neither balanced nor their wires tested.
void work_on_taps(const Part& part, const CellRange& cells, const PackrigAfeCodes& codes, bool scan_ended,
                  Firmware& firmware) {
  if (firmware.power.mode != PowerMode::running || closing(firmware.power)) {
    rest_taps(firmware);
    return;
  }
  const bool fitted =
      firmware.protections.fitted_count == static_cast<uint32_t>(setting(firmware.settings, cell_count));
  if (scan_ended) {
    const bool ready = fitted && self_tested(firmware.settings, firmware.wires);
    balance(part, firmware.settings, firmware.measured, cells, firmware.protections, ready, codes, firmware.balancing);
  }
  plan_wire_test(part, firmware.settings, firmware.scan, fitted, firmware.measured, firmware.balancing, codes.now_ns,
                 firmware.wires);
}

// `before`: the power as it was when this wake began.
void run(const Part& part, const Power& before, Firmware& firmware, const PackrigAfeCodes& codes) {
  const int64_t now_ns = codes.now_ns;
  const PowerMode mode_before = firmware.power.mode;
  advance(firmware.clock, now_ns);
  carry_out(part, now_ns, firmware);
  const bool scan_ended =
      measure(part, firmware.calibration, rhythm_ms(part, firmware.power), codes, firmware.scan, firmware.measured);
  const uint32_t alarms_before = firmware.protections.alarms;
  take_wire_test(part, firmware.settings, firmware.calibration, codes, scan_ended, firmware.measured, firmware.wires);
  const CellRange cells = scan_ended ? cell_range(firmware.settings, firmware.measured) : CellRange{};
  protect({part, firmware.settings, firmware.measured, cells, firmware.drives, firmware.scan.ended_ns, now_ns},
          scan_ended, firmware.protections);
  note_changes(alarms_before, firmware);
  const bool emergency = active(firmware.emergency, now_ns);
  if (scan_ended) {
    const Activity activity = {firmware.drives.closed != 0, emergency, firmware.balancing.current_mA != 0};
    judge_power(part, firmware.settings, firmware.measured, cells, firmware.protections, activity, now_ns,
                firmware.power);
  }
  note_power(before, firmware);
  const Permission permission = {firmware.scan.complete != 0 && !closing(firmware.power), emergency};
  drive(part, firmware.settings, firmware.measured, firmware.protections, permission, now_ns, firmware.drives);
  drive_extras(permission.ready, now_ns, firmware);
  work_on_taps(part, cells, codes, scan_ended, firmware);
  if (scan_ended && !opened(part, firmware.power, now_ns)) {
    count_charge(part, static_cast<uint8_t>(firmware.chemistry), firmware.settings, firmware.measured, now_ns,
                 firmware.charge);
  }
  keep(part, scan_ended, firmware);
  if (firmware.power.mode != mode_before) {
    firmware.scan.next_wake_ns = now_ns + ms_in_ns(rhythm_ms(part, firmware.power));
  }
}

}  // namespace

uint32_t alarm_word(const Part& part, const Firmware& firmware) {
  const bool delivered = has_password_of(firmware.options, part.options);
  return firmware.protections.alarms | (delivered ? bits_of(Alarm::password) : 0u);
}

void step(const Part& part, Firmware& firmware, const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  if (firmware.restart_wanted != 0) restart(part, firmware);
  if (codes.version != PACKRIG_AFE_VERSION) {
    // A front end that speaks another layout is not guessed at: everything off, and ask again.
    firmware.drives = {};
    firmware.heater_and_contacts = 0;
    rest_taps(firmware);
    firmware.scan = {codes.now_ns, codes.now_ns + ms_in_ns(part.wake_ms), 0, 1, 0};
    protect_without_front_end(firmware.protections);
    command(part, firmware, codes.now_ns, commands);
    return;
  }
  const Power before = firmware.power;
  if (attend(part, codes, firmware.power)) wake_up(part, firmware);
  if (closing(firmware.power) && all_kept(part, firmware)) finish_closing(part, codes.now_ns, firmware.power);
  if (asleep(firmware.power)) {
    fall_asleep(part, firmware);
    command(part, firmware, codes.now_ns, commands);
    return;
  }
  run(part, before, firmware, codes);
  command(part, firmware, codes.now_ns, commands);
  Board board(part, firmware, codes.now_ns);
  converse(board, firmware.ports, codes, commands);
}

}  // namespace packrig::bms
