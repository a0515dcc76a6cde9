// What distinguishes one board of the family from another: the configuration that the copy is flashed with.
//
// A sibling is a second constant of this type in a file of its own. Nothing here may come from the rules that a
// board is judged by (models/parts): oracle and suspect share no number.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/bms/protocol/choices.hpp"

namespace packrig::bms {

// The board's own coding of the chemistry (cell frame, offset 275).
enum Chemistry : uint8_t { lfp = 0, li_ion = 1, lto = 2 };
constexpr size_t chemistry_count = 3;

// One register of the one-key presets, a value for each chemistry in the order of Chemistry.
struct PresetRow {
  uint8_t register_number;
  int32_t value[chemistry_count];
};

// One byte of the settings frame that no register reaches.
struct FrameByte {
  uint16_t offset;
  uint8_t value;
};

// What the board says of itself, ASCII.
struct Identity {
  const char* model;
  const char* hardware;
  const char* software;
  const char* user_data;
  const char* password;  // of the parameters, in clear text as on the board
  const char* date;      // YYMMDD
};

struct Part {
  const char* name;
  Identity identity;
  ProtocolChoices protocol;
  uint8_t cell_count_low[chemistry_count];
  uint8_t cell_count_high;
  int32_t capacity_mAh;  // until somebody sets it

  int32_t shunt_uOhm;
  int32_t charge_range_mA;  // measured currents are clipped to these two
  int32_t discharge_range_mA;
  int32_t flowing_mA;  // a current beyond this counts as charging or discharging
  int32_t short_uV;    // comparator threshold across the shunt, both directions

  int32_t cell_present_mV;  // an input that reads more counts as a cell

  uint32_t wake_ms;      // one channel group per wake, four wakes per scan
  uint32_t no_delay_ms;  // for conditions that have already been timed in hardware
  uint32_t cell_delay_ms;
  uint32_t temperature_delay_ms;
  uint32_t probe_delay_ms;

  const PresetRow* presets;
  size_t preset_count;
  const FrameByte* frame_bytes;
  size_t frame_byte_count;
};

}  // namespace packrig::bms
