// Write registers of the JK02_32S settings, by name; the unit that a value has on the wire ends the name.
//
// Source: syssi/esphome-jk-bms (number, switch and button components; docs/protocol-design-ble.md).
#pragma once

#include <stdint.h>

namespace packrig::bms {

enum Register : uint8_t {
  no_register = 0x00,
  smart_sleep_mV = 0x01,
  under_voltage_mV = 0x02,
  under_voltage_release_mV = 0x03,
  over_voltage_mV = 0x04,
  over_voltage_release_mV = 0x05,
  balance_trigger_mV = 0x06,
  soc_full_mV = 0x07,
  soc_empty_mV = 0x08,
  request_charge_mV = 0x09,
  request_float_mV = 0x0A,
  power_off_mV = 0x0B,
  charge_limit_mA = 0x0C,
  charge_limit_delay_s = 0x0D,
  charge_limit_release_s = 0x0E,
  discharge_limit_mA = 0x0F,
  discharge_limit_delay_s = 0x10,
  discharge_limit_release_s = 0x11,
  short_release_s = 0x12,
  balance_limit_mA = 0x13,
  charge_hot_ddegC = 0x14,
  charge_hot_release_ddegC = 0x15,
  discharge_hot_ddegC = 0x16,
  discharge_hot_release_ddegC = 0x17,
  charge_cold_ddegC = 0x18,
  charge_cold_release_ddegC = 0x19,
  board_hot_ddegC = 0x1A,
  board_hot_release_ddegC = 0x1B,
  cell_count = 0x1C,
  charge_switch = 0x1D,
  discharge_switch = 0x1E,
  balance_switch = 0x1F,
  capacity_mAh = 0x20,
  short_delay_us = 0x21,
  balance_start_mV = 0x22,
  precharge_s = 0x25,
  heating_switch = 0x27,
  probes_disabled = 0x28,
  gps_heartbeat = 0x29,
  port_is_rs485 = 0x2A,
  display_always_on = 0x2B,
  special_charger = 0x2C,
  smart_sleep_switch = 0x2D,
  parallel_module_disabled = 0x2E,
  timed_store = 0x2F,
  charge_float_mode = 0x30,
  emergency_button = 0x31,
  dry_contact_intermittent = 0x32,
  discharge_limit_second_stage = 0x33,
  discharge_limit_third_stage = 0x34,
  gps_locks_charge = 0x35,
  gps_locks_discharge = 0x36,
  heating_start_degC = 0x37,
  heating_stop_degC = 0x38,
  smart_sleep_h = 0x39,
  discharge_cold_degC = 0x3A,
  discharge_cold_release_degC = 0x3B,
  // Commands. Where no unit ends the name, the value is ignored.
  voltage_calibration_mV = 0x64,  // the pack's true voltage
  shutdown_command = 0x65,
  restart_command = 0x66,
  current_calibration_mA = 0x67,  // the true current, positive when discharging; 0: nothing flows
  preset_li_ion = 0x68,
  preset_lfp = 0x69,
  preset_lto = 0x6A,
  emergency_command = 0x6B,  // 1 on, 0 off
  clock_time_s = 0x6C,       // since 2020-01-01; all 32 bits
  factory_reset = 0x9D,
  // Options, kept beside the settings frame.
  uart_protocol = 0xA5,
  can_protocol = 0xA6,
  buzzer_source = 0xA9,
  dry_1_source = 0xAA,
  dry_2_source = 0xAB,
  rcv_time_dh = 0xB3,  // 0.1 h
  rfv_time_dh = 0xB4,  // 0.1 h
  emergency_min = 0xB5,
  rebulk_percent = 0xB7,
};

}  // namespace packrig::bms
