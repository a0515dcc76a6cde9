// What a board keeps beside its settings frame: names, passwords, protocol numbers, triggers of its outputs.
//
// They are shown in the device-info frame (syssi/esphome-jk-bms, components/jk_bms_ble/jk_bms_ble.cpp).
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace packrig::bms {

struct Part;

constexpr size_t text_length = 16;  // zero padded

// Of the buzzer or a dry contact: on beyond the first value, off again beyond the second, in the source's unit.
struct Trigger {
  int32_t on_value;
  int32_t off_value;
};

struct Options {
  char device_name[text_length];
  char passcode[text_length];  // of the radio; checked by the phone's program alone
  char user_data[text_length];
  char setup_password[text_length];
  char user_data_2[text_length];
  Trigger buzzer;
  Trigger dry_1;
  Trigger dry_2;
  uint8_t buzzer_source;  // 0 off, 1 low SoC, .. 14 MOS abnormal
  uint8_t dry_1_source;
  uint8_t dry_2_source;
  uint8_t uart_protocol;  // of UART 1
  uint8_t can_protocol;
  uint8_t rcv_time_dh;  // of the charge voltage that is asked for, 0.1 h
  uint8_t rfv_time_dh;  // of the float voltage, 0.1 h
  uint8_t emergency_min;
  uint8_t rebulk_percent;
  uint8_t reserved[3];
};
static_assert(__has_unique_object_representations(Options));

// True while the board still has the password that every board is delivered with.
bool has_password_of(const Options& options, const Options& delivered);

// The options that are numbers, by register. All return a PackrigWriteResult.
int32_t write_option(const Part& part, Options& options, uint8_t register_number, int32_t value);
int32_t read_option(const Options& options, uint8_t register_number, int32_t& value);

}  // namespace packrig::bms
