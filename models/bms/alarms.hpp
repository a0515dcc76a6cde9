// The board's alarm word by its bits (cell frame, offset 166), as the vendor's Modbus map V1.1 numbers them
// (syssi/esphome-jk-bms, docs/pb2a16s20p). README.md says why the others are not raised.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace packrig::bms {

enum class Alarm : uint8_t {
  wire_resistance = 0,
  board_hot = 1,    // "MOS" on boards that have power transistors
  cell_number = 2,  // another one than is set, or cells that an open sense wire hides
  current_sensor = 3,
  cell_over_voltage = 4,
  pack_over_voltage = 5,
  charge_current = 6,
  charge_short = 7,
  charge_hot = 8,
  charge_cold = 9,
  front_end = 10,  // "co-processor"
  cell_under_voltage = 11,
  pack_under_voltage = 12,
  discharge_current = 13,
  discharge_short = 14,
  discharge_hot = 15,
  charge_path = 16,  // does not follow its drive
  discharge_path = 17,
  password = 19,  // a reminder, no fault
  discharge_unclosed = 20,
  probe = 22,
  short_stays = 24,  // "release failed"
  discharge_cold = 27,
};

template <class... Alarms>
constexpr uint32_t bits_of(Alarms... alarms) {
  return (0u | ... | (1u << static_cast<uint32_t>(alarms)));
}

constexpr bool has(uint32_t word, Alarm alarm) { return (word & bits_of(alarm)) != 0; }

// What an alarm is in another word.
struct AlarmBit {
  Alarm alarm;
  uint8_t bit;
};
template <size_t count>
constexpr uint32_t translated(uint32_t word, const AlarmBit (&rows)[count]) {
  uint32_t other = 0;
  for (const AlarmBit& row : rows) {
    if (has(word, row.alarm)) other |= 1u << row.bit;
  }
  return other;
}

}  // namespace packrig::bms
