// The registers of the 4E57 protocol, in the order in which a full reply carries them.
//
// Codes, sizes, units and order: syssi/esphome-jk-bms, docs/protocol-design-uart-ttl-gps-port.md, and every public
// capture of a full reply (firmware 6.1 to 11.51). Numbers without a register on the board are those of the captures.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/bms/registers.hpp"

namespace packrig::bms::nw {

enum class Source : uint8_t {
  setting,  // register / number
  fixed,    // number
  cells,
  board_temperature,
  probe_temperature,  // of probe `number`, 0-based
  pack_10mV,
  current,
  soc_percent,
  cycles,
  cycle_Ah,
  cell_count,
  alarms,
  state,
  pack_limit_10mV,  // cells times register
  cell_delay_s,
  chemistry,
  password,
  device_id,
  date,
  run_time_min,
  version,
  full_Ah,
  manufacturer,
  address,
};

struct Row {
  uint8_t code;
  uint8_t size;  // bytes behind the code; of the cells: 0, it depends
  Source source;
  bool writable;  // rows of a setting only
  uint8_t register_number;
  int32_t number;
};

constexpr Row rows[] = {
    {0x79, 0, Source::cells, false, no_register, 0},
    {0x80, 2, Source::board_temperature, false, no_register, 0},
    {0x81, 2, Source::probe_temperature, false, no_register, 0},
    {0x82, 2, Source::probe_temperature, false, no_register, 1},
    {0x83, 2, Source::pack_10mV, false, no_register, 0},
    {0x84, 2, Source::current, false, no_register, 0},
    {0x85, 1, Source::soc_percent, false, no_register, 0},
    {0x86, 1, Source::fixed, false, no_register, 2},  // probes: 2 in every capture, whatever is fitted
    {0x87, 2, Source::cycles, false, no_register, 0},
    {0x89, 4, Source::cycle_Ah, false, no_register, 0},
    {0x8A, 2, Source::cell_count, false, no_register, 0},
    {0x8B, 2, Source::alarms, false, no_register, 0},
    {0x8C, 2, Source::state, false, no_register, 0},
    {0x8E, 2, Source::pack_limit_10mV, false, over_voltage_mV, 0},
    {0x8F, 2, Source::pack_limit_10mV, false, under_voltage_mV, 0},
    {0x90, 2, Source::setting, true, over_voltage_mV, 1},
    {0x91, 2, Source::setting, true, over_voltage_release_mV, 1},
    {0x92, 2, Source::cell_delay_s, false, no_register, 0},
    {0x93, 2, Source::setting, true, under_voltage_mV, 1},
    {0x94, 2, Source::setting, true, under_voltage_release_mV, 1},
    {0x95, 2, Source::cell_delay_s, false, no_register, 0},
    {0x96, 2, Source::fixed, false, no_register, 300},  // cell difference, mV
    {0x97, 2, Source::setting, true, discharge_limit_mA, 1000},
    {0x98, 2, Source::setting, true, discharge_limit_delay_s, 1},
    {0x99, 2, Source::setting, true, charge_limit_mA, 1000},
    {0x9A, 2, Source::setting, true, charge_limit_delay_s, 1},
    {0x9B, 2, Source::setting, true, balance_start_mV, 1},
    {0x9C, 2, Source::setting, true, balance_trigger_mV, 1},
    {0x9D, 1, Source::setting, true, balance_switch, 1},
    {0x9E, 2, Source::setting, true, board_hot_ddegC, 10},
    {0x9F, 2, Source::setting, true, board_hot_release_ddegC, 10},
    {0xA0, 2, Source::setting, false, charge_hot_ddegC, 10},          // "battery box": 11.51 shows the charge limits
    {0xA1, 2, Source::setting, false, charge_hot_release_ddegC, 10},  // same
    {0xA2, 2, Source::fixed, false, no_register, 20},                 // temperature difference, K
    {0xA3, 2, Source::setting, true, charge_hot_ddegC, 10},
    {0xA4, 2, Source::setting, true, discharge_hot_ddegC, 10},
    {0xA5, 2, Source::setting, true, charge_cold_ddegC, 10},
    {0xA6, 2, Source::setting, true, charge_cold_release_ddegC, 10},
    {0xA7, 2, Source::setting, true, discharge_cold_degC, 1},
    {0xA8, 2, Source::setting, true, discharge_cold_release_degC, 1},
    {0xA9, 1, Source::setting, true, cell_count, 1},
    {0xAA, 4, Source::setting, true, capacity_mAh, 1000},
    {0xAB, 1, Source::setting, true, charge_switch, 1},
    {0xAC, 1, Source::setting, true, discharge_switch, 1},
    {0xAD, 2, Source::fixed, false, no_register, 1000},  // current calibration: near 1000 in every capture
    {0xAE, 1, Source::address, false, no_register, 0},
    {0xAF, 1, Source::chemistry, false, no_register, 0},
    {0xB0, 2, Source::fixed, false, no_register, 10},  // sleep wait, s: 10 in every capture
    {0xB1, 1, Source::fixed, false, no_register, 20},  // low capacity, %: 20 in every capture
    {0xB2, 10, Source::password, false, no_register, 0},
    {0xB3, 1, Source::setting, true, special_charger, 1},
    {0xB4, 8, Source::device_id, false, no_register, 0},
    {0xB5, 4, Source::date, false, no_register, 0},
    {0xB6, 4, Source::run_time_min, false, no_register, 0},
    {0xB7, 15, Source::version, false, no_register, 0},
    {0xB8, 1, Source::fixed, false, no_register, 0},  // start of the current calibration
    {0xB9, 4, Source::full_Ah, false, no_register, 0},
    {0xBA, 24, Source::manufacturer, false, no_register, 0},
    {0xC0, 1, Source::fixed, false, no_register, 1},  // protocol version: the current carries a sign bit
};
constexpr size_t row_count = sizeof rows / sizeof rows[0];

// Bits of the board's 32-bit alarm word to those of 0x8B: same meanings; 2, 7, 10, 16..20 and 22..26 have none there.
struct AlarmBit {
  uint8_t from;
  uint8_t to;
};
constexpr AlarmBit alarm_bits[] = {
    {1, 1},   // board over-temperature
    {4, 10},  // cell over-voltage
    {5, 2},   // pack over-voltage
    {6, 5},   // charge over-current
    {8, 4},   // charge over-temperature
    {9, 9},   // charge under-temperature
    {12, 3},  // pack under-voltage
    {13, 6},  // discharge over-current
    {15, 4},  // discharge over-temperature
    {21, 4},  // battery over-temperature
    {27, 9},  // discharge under-temperature
};
constexpr uint8_t cell_under_voltage_alarm = 11;  // to the bit that ProtocolChoices names
constexpr uint8_t wrong_count_alarm = 2;
constexpr uint32_t low_capacity_bit = 1u << 0;  // below low_capacity_percent; a warning
constexpr int32_t low_capacity_percent = 20;    // register 0xB1

}  // namespace packrig::bms::nw
