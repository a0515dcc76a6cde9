// The settings of the board: the 300-byte JK02_32S settings frame itself is the store.
//
// Known registers are windows into that image, so what the board loads it stores back byte for byte, unknown
// bytes included. Frame: 55 AA EB 90, type 01, counter, body, sum of bytes 0..298 modulo 256.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "part.hpp"
#include "settings_table.hpp"

namespace packrig::bms {

constexpr size_t settings_length = 300;

struct Settings {
  uint8_t image[settings_length];
};

// Preset of the chemistry, switches on: a board that has been configured for use. Returns PACKRIG_WRITE_OK, or
// PACKRIG_WRITE_OUT_OF_RANGE for an unknown chemistry or a cell count that it does not permit.
int32_t reset_settings(const Part& part, uint8_t chemistry, uint8_t count, Settings& settings);

// Charge, discharge and balancing.
void switch_off(Settings& settings);

// The value of a register that exists, in the register's unit. Inline: where the register is known, it is one load.
inline int32_t setting(const Settings& settings, uint8_t register_number) {
  return value_in(settings.image, setting_rows[row_index.of[register_number] - 1]);
}

// Whether the firmware knows what the byte at that offset of the frame means.
bool is_known(size_t offset);

// On the bus; no register reaches it.
uint8_t device_address(const Settings& settings);

// The following return a PackrigWriteResult; one other than PACKRIG_WRITE_OK has changed nothing.
int32_t read_setting(const Settings& settings, uint8_t register_number, int32_t& value);
int32_t write_setting(const Part& part, uint8_t chemistry, Settings& settings, uint8_t register_number, int32_t value);
// Replaces the rows of the preset; keeps cell count, capacity and switches. Fails where the count does not fit.
int32_t apply_preset(const Part& part, uint8_t chemistry, Settings& settings);
int32_t load_frame(const Part& part, uint8_t chemistry, Settings& settings, const uint8_t* frame, size_t length);
int32_t store_frame(const Settings& settings, uint8_t* frame, size_t length);

}  // namespace packrig::bms
