// One row per settings register: where it lies in the frame and what it accepts.
//
// Offsets and ranges: syssi/esphome-jk-bms, components/jk_bms_ble/{number,switch}/__init__.py. The ranges there are
// those of a client; where a board needs more, the row says so.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "registers.hpp"

namespace packrig::bms {

constexpr uint8_t whole = 0xFF;  // the row is a number, not a bit

struct SettingRow {
  uint8_t register_number;
  uint16_t offset;
  uint8_t size;  // bytes, little-endian two's complement
  uint8_t bit;
  int32_t low;
  int32_t high;
};

inline constexpr SettingRow setting_rows[] = {
    {smart_sleep_mV, 6, 4, whole, 3, 3650},
    {under_voltage_mV, 10, 4, whole, 1200, 4350},
    {under_voltage_release_mV, 14, 4, whole, 1200, 4350},
    {over_voltage_mV, 18, 4, whole, 1200, 4350},
    {over_voltage_release_mV, 22, 4, whole, 1200, 4350},
    {balance_trigger_mV, 26, 4, whole, 3, 1000},
    {soc_full_mV, 30, 4, whole, 3, 4350},  // the clients end at 3650, below every full Li-ion cell
    {soc_empty_mV, 34, 4, whole, 3, 3650},
    {request_charge_mV, 38, 4, whole, 0, 4350},  // no range published; 0 in every 11.x dump
    {request_float_mV, 42, 4, whole, 0, 4350},   // same
    {power_off_mV, 46, 4, whole, 1200, 4350},
    {charge_limit_mA, 50, 4, whole, 1000, 600000},
    {charge_limit_delay_s, 54, 4, whole, 2, 600},
    {charge_limit_release_s, 58, 4, whole, 2, 600},
    {discharge_limit_mA, 62, 4, whole, 1000, 1200000},
    {discharge_limit_delay_s, 66, 4, whole, 2, 600},
    {discharge_limit_release_s, 70, 4, whole, 2, 600},
    {short_release_s, 74, 4, whole, 2, 600},
    {balance_limit_mA, 78, 4, whole, 300, 15000},
    {charge_hot_ddegC, 82, 4, whole, 300, 800},
    {charge_hot_release_ddegC, 86, 4, whole, 300, 800},
    {discharge_hot_ddegC, 90, 4, whole, 300, 800},
    {discharge_hot_release_ddegC, 94, 4, whole, 300, 800},
    {charge_cold_ddegC, 98, 4, whole, -450, 200},
    {charge_cold_release_ddegC, 102, 4, whole, -450, 200},
    {board_hot_ddegC, 106, 4, whole, 500, 1100},
    {board_hot_release_ddegC, 110, 4, whole, 500, 1100},
    {cell_count, 114, 4, whole, 2, 32},  // the part and its chemistry permit less
    {charge_switch, 118, 4, whole, 0, 1},
    {discharge_switch, 122, 4, whole, 0, 1},
    {balance_switch, 126, 4, whole, 0, 1},
    {capacity_mAh, 130, 4, whole, 2000, 20000000},
    {short_delay_us, 134, 4, whole, 0, 1000000},
    {balance_start_mV, 138, 4, whole, 1200, 4250},
    {precharge_s, 274, 4, whole, 0, 255},
    {heating_switch, 282, 2, 0, 0, 1},
    {probes_disabled, 282, 2, 1, 0, 1},
    {gps_heartbeat, 282, 2, 2, 0, 1},
    {port_is_rs485, 282, 2, 3, 0, 1},
    {display_always_on, 282, 2, 4, 0, 1},
    {special_charger, 282, 2, 5, 0, 1},
    {smart_sleep_switch, 282, 2, 6, 0, 1},
    {parallel_module_disabled, 282, 2, 7, 0, 1},
    {timed_store, 282, 2, 8, 0, 1},
    {charge_float_mode, 282, 2, 9, 0, 1},
    {emergency_button, 282, 2, 10, 0, 1},
    {dry_contact_intermittent, 282, 2, 11, 0, 1},
    {discharge_limit_second_stage, 282, 2, 12, 0, 1},
    {discharge_limit_third_stage, 282, 2, 13, 0, 1},
    {gps_locks_charge, 282, 2, 14, 0, 1},
    {gps_locks_discharge, 282, 2, 15, 0, 1},
    {heating_start_degC, 284, 1, whole, -40, 100},
    {heating_stop_degC, 285, 1, whole, -40, 100},
    {smart_sleep_h, 286, 1, whole, 1, 100},
    {discharge_cold_degC, 296, 1, whole, -40, 100},
    {discharge_cold_release_degC, 297, 1, whole, -40, 100},
};
constexpr size_t setting_row_count = sizeof setting_rows / sizeof setting_rows[0];

// Registers are looked up many times per scan, so by index: 0 is "no such register", else row + 1.
struct RowIndex {
  uint8_t of[256];
};
constexpr RowIndex make_row_index() {
  RowIndex index{};
  for (size_t row = 0; row < setting_row_count; ++row) {
    index.of[setting_rows[row].register_number] = static_cast<uint8_t>(row + 1);
  }
  return index;
}
inline constexpr RowIndex row_index = make_row_index();

// The little-endian word of 1, 2 or 4 bytes. Not in a loop, so that a compiler makes one load of them.
inline uint32_t word_at(const uint8_t* at, uint32_t size) {
  if (size == 1) return at[0];
  if (size == 2) return static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8;
  return static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8 | static_cast<uint32_t>(at[2]) << 16 |
         static_cast<uint32_t>(at[3]) << 24;
}

// A row's value in the image of a frame.
inline int32_t value_in(const uint8_t* image, const SettingRow& row) {
  const uint32_t bits = word_at(image + row.offset, row.size);
  if (row.bit != whole) return static_cast<int32_t>(bits >> row.bit & 1u);
  return row.size == 1 ? static_cast<int8_t>(bits) : static_cast<int32_t>(bits);
}

// Numbers of the frame that no register reaches, each of 4 bytes from `offset` on.
struct UnnumberedRow {
  uint16_t offset;
  uint16_t count;
  uint32_t high;
};
constexpr UnnumberedRow unnumbered_rows[] = {
    // Resistances of the 32 sense wires; the sources say uOhm and mOhm: 1 Ohm in the smaller unit. 0 in every capture.
    {142, 32, 1000000},
    {270, 1, 255},  // device address: one byte of it is used
};

enum class Order : uint8_t { below, at_most };

// Two registers of which the first must stay below the second, as a release on the safe side of its protection.
// Power-off may lie at the under-voltage, or that could not be set to the 1.2 V at which both ranges begin.
struct OrderRow {
  uint8_t lower;
  Order order;
  uint8_t upper;
};

constexpr OrderRow order_rows[] = {
    {power_off_mV, Order::at_most, under_voltage_mV},
    {under_voltage_mV, Order::below, under_voltage_release_mV},
    {over_voltage_release_mV, Order::below, over_voltage_mV},
    {soc_empty_mV, Order::below, soc_full_mV},  // or a cell between them would mean both
    {charge_hot_release_ddegC, Order::below, charge_hot_ddegC},
    {discharge_hot_release_ddegC, Order::below, discharge_hot_ddegC},
    {charge_cold_ddegC, Order::below, charge_cold_release_ddegC},
    {board_hot_release_ddegC, Order::below, board_hot_ddegC},
    // Both are 0 in the captured frame, which must load.
    {discharge_cold_degC, Order::at_most, discharge_cold_release_degC},
};

}  // namespace packrig::bms
