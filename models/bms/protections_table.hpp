// The protections of the JK family, one row each.
//
// Semantics: maker's manual of the sister models and captures of 11.x boards.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "afe_frame.h"
#include "alarms.hpp"
#include "part.hpp"
#include "protections.hpp"
#include "registers.hpp"
#include "sources.hpp"

namespace packrig::bms {

enum class Gate : uint8_t { always, while_charging, while_discharging, while_discharging_where_set };
enum class Release : uint8_t { by_level, after_time };  // the release level is then in seconds
enum class Judged : uint8_t { per_scan, every_wake };

// A register's value times `factor`, or `fixed` where the board has no register.
struct Level {
  uint8_t register_number;
  int32_t fixed;
  int32_t factor = 1;
  bool per_cell = false;  // times the number of cells as well
};

struct Rule {
  Alarm alarm;
  uint8_t cuts;  // PACKRIG_DRIVE_*
  Source source;
  Side side;
  Gate gate;  // of the trip; a tripped rule ends by its release alone
  Level limit;
  uint8_t delay_register;  // in seconds; no_register: the part's fixed delay
  uint32_t Part::*delay_ms;
  Release release;
  Source release_source;  // the worst cell or probe, so that all of them must be on the safe side
  Level release_level;
  Judged judged;
  bool lifted_in_emergency = false;
};

constexpr uint8_t cuts_nothing = 0;
constexpr uint8_t cuts_charge = PACKRIG_DRIVE_CHARGE;
constexpr uint8_t cuts_discharge = PACKRIG_DRIVE_DISCHARGE;
constexpr uint8_t cuts_both = cuts_charge | cuts_discharge;

// After it a path that failed to close, or a sensor that failed, is tried again [assumed: as the over-currents].
constexpr int32_t retry_s = 60;

// clang-format off
constexpr Rule rules[] = {
    // cell over-voltage
    {Alarm::cell_over_voltage, cuts_charge, source::highest_cell_mV, Side::above, Gate::always,
     {over_voltage_mV, 0}, no_register, &Part::cell_delay_ms,
     Release::by_level, source::highest_cell_mV, {over_voltage_release_mV, 0}, Judged::per_scan},
    // cell under-voltage
    {Alarm::cell_under_voltage, cuts_discharge, source::lowest_cell_mV, Side::below, Gate::always,
     {under_voltage_mV, 0}, no_register, &Part::cell_delay_ms,
     Release::by_level, source::lowest_cell_mV, {under_voltage_release_mV, 0}, Judged::per_scan, true},
    // pack over-voltage: the limit is that of a cell times their number
    {Alarm::pack_over_voltage, cuts_charge, source::all_cells_mV, Side::above, Gate::always,
     {over_voltage_mV, 0, 1, true}, no_register, &Part::cell_delay_ms,
     Release::by_level, source::all_cells_mV, {over_voltage_release_mV, 0, 1, true}, Judged::per_scan},
    // pack under-voltage
    {Alarm::pack_under_voltage, cuts_discharge, source::all_cells_mV, Side::below, Gate::always,
     {under_voltage_mV, 0, 1, true}, no_register, &Part::cell_delay_ms,
     Release::by_level, source::all_cells_mV, {under_voltage_release_mV, 0, 1, true}, Judged::per_scan, true},
    // charge over-current
    {Alarm::charge_current, cuts_charge, source::charge_mA, Side::above, Gate::always,
     {charge_limit_mA, 0}, charge_limit_delay_s, &Part::no_delay_ms,
     Release::after_time, source::charge_mA, {charge_limit_release_s, 0}, Judged::per_scan},
    // discharge over-current
    {Alarm::discharge_current, cuts_discharge, source::discharge_mA, Side::above, Gate::always,
     {discharge_limit_mA, 0}, discharge_limit_delay_s, &Part::no_delay_ms,
     Release::after_time, source::discharge_mA, {discharge_limit_release_s, 0}, Judged::per_scan},
    // charge over-temperature
    {Alarm::charge_hot, cuts_charge, source::hottest_probe_ddegC, Side::above, Gate::while_charging,
     {charge_hot_ddegC, 0}, no_register, &Part::temperature_delay_ms,
     Release::by_level, source::hottest_probe_ddegC, {charge_hot_release_ddegC, 0}, Judged::per_scan},
    // charge under-temperature
    {Alarm::charge_cold, cuts_charge, source::coldest_probe_ddegC, Side::below, Gate::while_charging,
     {charge_cold_ddegC, 0}, no_register, &Part::temperature_delay_ms,
     Release::by_level, source::coldest_probe_ddegC, {charge_cold_release_ddegC, 0}, Judged::per_scan},
    // discharge over-temperature
    {Alarm::discharge_hot, cuts_discharge, source::hottest_probe_ddegC, Side::above, Gate::while_discharging,
     {discharge_hot_ddegC, 0}, no_register, &Part::temperature_delay_ms,
     Release::by_level, source::hottest_probe_ddegC, {discharge_hot_release_ddegC, 0}, Judged::per_scan},
    // discharge under-temperature: a board as delivered holds 0 for both levels, which is no setting
    {Alarm::discharge_cold, cuts_discharge, source::coldest_probe_ddegC, Side::below, Gate::while_discharging_where_set,
     {discharge_cold_degC, 0, 10}, no_register, &Part::temperature_delay_ms,
     Release::by_level, source::coldest_probe_ddegC, {discharge_cold_release_degC, 0, 10}, Judged::per_scan},
    // board over-temperature
    {Alarm::board_hot, cuts_both, source::board_ddegC, Side::above, Gate::always,
     {board_hot_ddegC, 0}, no_register, &Part::temperature_delay_ms,
     Release::by_level, source::board_ddegC, {board_hot_release_ddegC, 0}, Judged::per_scan},
    // a temperature probe shorted or lost after it had been seen, or the board's own sensor lost after it had been
    {Alarm::probe, cuts_both, source::faulty_probes, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::probe_delay_ms,
     Release::by_level, source::faulty_probes, {no_register, 1}, Judged::per_scan},
    // the current sensor: what stands at the end of its range is no measurement
    {Alarm::current_sensor, cuts_both, source::current_at_end, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::sensor_delay_ms,
     Release::after_time, source::current_at_end, {no_register, retry_s}, Judged::per_scan},
    // charge path that does not close: opened, and tried again
    {Alarm::charge_path, cuts_charge, source::charge_unclosed, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::path_delay_ms,
     Release::after_time, source::charge_unclosed, {no_register, retry_s}, Judged::per_scan},
    // discharge path that does not close: "switch-on failed"
    {Alarm::discharge_unclosed, cuts_discharge, source::discharge_unclosed, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::path_delay_ms,
     Release::after_time, source::discharge_unclosed, {no_register, retry_s}, Judged::per_scan},
    // charge path that does not open: nothing is left to cut
    {Alarm::charge_path, cuts_nothing, source::charge_stuck, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::path_delay_ms,
     Release::by_level, source::charge_stuck, {no_register, 1}, Judged::per_scan},
    // discharge path that does not open
    {Alarm::discharge_path, cuts_nothing, source::discharge_stuck, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::path_delay_ms,
     Release::by_level, source::discharge_stuck, {no_register, 1}, Judged::per_scan},
    // the front end is lost: no whole scan has come for too long
    {Alarm::front_end, cuts_both, source::unscanned, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::no_delay_ms,
     Release::by_level, source::unscanned, {no_register, 1}, Judged::every_wake},
    // an open sense wire: its cells are read no longer
    {Alarm::cell_number, cuts_both, source::open_wires, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::open_wire_delay_ms,
     Release::by_level, source::open_wires, {no_register, 1}, Judged::per_scan},
    // a sense wire with too much resistance: it only forbids balancing
    {Alarm::wire_resistance, cuts_nothing, source::poor_wires, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::no_delay_ms,
     Release::by_level, source::poor_wires, {no_register, 1}, Judged::per_scan},
    // short circuit, discharge direction: timed by the comparator, which has already opened the drive
    {Alarm::discharge_short, cuts_discharge, source::short_discharge, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::no_delay_ms,
     Release::after_time, source::short_discharge, {short_release_s, 0}, Judged::every_wake},
    // short circuit, charge direction
    {Alarm::charge_short, cuts_charge, source::short_charge, Side::above, Gate::always,
     {no_register, 0}, no_register, &Part::no_delay_ms,
     Release::after_time, source::short_charge, {short_release_s, 0}, Judged::every_wake},
};
// clang-format on
static_assert(sizeof rules / sizeof rules[0] == rule_count);

}  // namespace packrig::bms
