// The registers of the 4E57 protocol, in the order in which a full reply carries them.
//
// Codes, sizes, units and order: syssi/esphome-jk-bms, docs/protocol-design-uart-ttl-gps-port.md, and every public
// capture of a full reply (firmware 6.1 to 11.51). Numbers without a register on the board are those of the captures.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/bms/registers.hpp"
#include "nw_values.hpp"

namespace packrig::bms::nw {

constexpr Row rows[] = {
    {0x79, 0, value::cells, false, no_register, 0},
    {0x80, 2, value::board_temperature, false, no_register, 0},
    {0x81, 2, value::probe_temperature, false, no_register, 0},
    {0x82, 2, value::probe_temperature, false, no_register, 1},
    {0x83, 2, value::pack_10mV, false, no_register, 0},
    {0x84, 2, value::current, false, no_register, 0},
    {0x85, 1, value::soc_percent, false, no_register, 0},
    {0x86, 1, value::fixed, false, no_register, 2},  // probes: 2 in every capture, whatever is fitted
    {0x87, 2, value::cycles, false, no_register, 0},
    {0x89, 4, value::cycle_Ah, false, no_register, 0},
    {0x8A, 2, value::cell_count, false, no_register, 0},
    {0x8B, 2, value::alarms, false, no_register, 0},
    {0x8C, 2, value::state, false, no_register, 0},
    {0x8E, 2, value::pack_limit_10mV, false, over_voltage_mV, 0},
    {0x8F, 2, value::pack_limit_10mV, false, under_voltage_mV, 0},
    {0x90, 2, value::setting, true, over_voltage_mV, 1},
    {0x91, 2, value::setting, true, over_voltage_release_mV, 1},
    {0x92, 2, value::cell_delay_s, false, no_register, 0},
    {0x93, 2, value::setting, true, under_voltage_mV, 1},
    {0x94, 2, value::setting, true, under_voltage_release_mV, 1},
    {0x95, 2, value::cell_delay_s, false, no_register, 0},
    {0x96, 2, value::fixed, false, no_register, 300},  // cell difference, mV
    {0x97, 2, value::setting, true, discharge_limit_mA, 1000},
    {0x98, 2, value::setting, true, discharge_limit_delay_s, 1},
    {0x99, 2, value::setting, true, charge_limit_mA, 1000},
    {0x9A, 2, value::setting, true, charge_limit_delay_s, 1},
    {0x9B, 2, value::setting, true, balance_start_mV, 1},
    {0x9C, 2, value::setting, true, balance_trigger_mV, 1},
    {0x9D, 1, value::setting, true, balance_switch, 1},
    {0x9E, 2, value::setting, true, board_hot_ddegC, 10},
    {0x9F, 2, value::setting, true, board_hot_release_ddegC, 10},
    {0xA0, 2, value::setting, false, charge_hot_ddegC, 10},          // "battery box": 11.51 shows the charge limits
    {0xA1, 2, value::setting, false, charge_hot_release_ddegC, 10},  // same
    {0xA2, 2, value::fixed, false, no_register, 20},                 // temperature difference, K
    {0xA3, 2, value::setting, true, charge_hot_ddegC, 10},
    {0xA4, 2, value::setting, true, discharge_hot_ddegC, 10},
    {0xA5, 2, value::setting, true, charge_cold_ddegC, 10},
    {0xA6, 2, value::setting, true, charge_cold_release_ddegC, 10},
    {0xA7, 2, value::setting, true, discharge_cold_degC, 1},
    {0xA8, 2, value::setting, true, discharge_cold_release_degC, 1},
    {0xA9, 1, value::setting, true, cell_count, 1},
    {0xAA, 4, value::setting, true, capacity_mAh, 1000},
    {0xAB, 1, value::setting, true, charge_switch, 1},
    {0xAC, 1, value::setting, true, discharge_switch, 1},
    {0xAD, 2, value::fixed, false, no_register, 1000},  // current calibration: near 1000 in every capture
    {0xAE, 1, value::address, false, no_register, 0},
    {0xAF, 1, value::chemistry, false, no_register, 0},
    {0xB0, 2, value::fixed, false, no_register, 10},  // sleep wait, s: 10 in every capture
    {0xB1, 1, value::fixed, false, no_register, 20},  // low capacity, %: 20 in every capture
    {0xB2, 10, value::password, false, no_register, 0},
    {0xB3, 1, value::setting, true, special_charger, 1},
    {0xB4, 8, value::device_id, false, no_register, 0},
    {0xB5, 4, value::date, false, no_register, 0},
    {0xB6, 4, value::run_time_min, false, no_register, 0},
    {0xB7, 15, value::version, false, no_register, 0},
    {0xB8, 1, value::fixed, false, no_register, 0},  // start of the current calibration
    {0xB9, 4, value::full_Ah, false, no_register, 0},
    {0xBA, 24, value::manufacturer, false, no_register, 0},
    {0xC0, 1, value::fixed, false, no_register, 1},  // protocol version: the current carries a sign bit
};
constexpr size_t row_count = sizeof rows / sizeof rows[0];

}  // namespace packrig::bms::nw
