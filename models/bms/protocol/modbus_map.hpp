// How the bytes of a JK02 frame lie in Modbus registers: by words, of which most are 16-bit numbers and some are halves
// of a 32-bit one; everything else is two bytes in their order (pairs of 8-bit numbers, text).
//
// Offsets are those of the frame, so the register's address is base + offset - 6.
// Source: syssi/esphome-jk-bms, docs/pb2a16s20p/BMS RS485 Modbus V1.1.pdf, by the types of its tables.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "jk02.hpp"
#include "models/bms/registers.hpp"

namespace packrig::bms::modbus {

// Numbers of `size` bytes each, from frame offset `first` to before `end`.
struct Span {
  uint16_t first;
  uint16_t end;
  uint8_t size;
};

constexpr Span settings_spans[] = {{6, 282, 4}, {282, 284, 2}};
constexpr Span cells_spans[] = {
    {6, 70, 2},    {70, 74, 4},   {74, 78, 2},   {80, 146, 2},  {146, 162, 4}, {162, 166, 2}, {166, 170, 4},
    {170, 172, 2}, {174, 190, 4}, {192, 194, 2}, {194, 198, 4}, {202, 214, 2}, {216, 226, 2}, {226, 230, 4},
    {234, 238, 2}, {246, 250, 4}, {254, 260, 2}, {262, 274, 4}, {278, 280, 2},
};
constexpr Span device_spans[] = {{38, 46, 4}, {186, 190, 4}, {202, 206, 4}, {238, 266, 4}};

struct Block {
  uint16_t base;
  jk02::Type type;
  const Span* spans;
  size_t span_count;
};
constexpr Block blocks[] = {
    {0x1000, jk02::Type::settings, settings_spans, sizeof settings_spans / sizeof settings_spans[0]},
    {0x1200, jk02::Type::cells, cells_spans, sizeof cells_spans / sizeof cells_spans[0]},
    {0x1400, jk02::Type::device, device_spans, sizeof device_spans / sizeof device_spans[0]},
};
constexpr uint16_t block_size = 292;  // bytes; the frame's last three do not fill whole registers

// Written only.
struct Command {
  uint16_t address;
  uint8_t words;
  uint8_t register_number;
};
constexpr Command commands[] = {
    {0x1600, 2, voltage_calibration_mV}, {0x1604, 1, shutdown_command}, {0x1606, 2, current_calibration_mA},
    {0x160A, 1, preset_li_ion},          {0x160C, 1, preset_lfp},       {0x160E, 1, preset_lto},
    {0x1610, 1, emergency_command},      {0x1612, 2, clock_time_s},
};

// Of the master protocol of inverter boards: the board first sends the whole frame.
struct MasterFrame {
  uint16_t address;
  jk02::Type type;
};
constexpr MasterFrame master_frames[] = {
    {0x161C, jk02::Type::device}, {0x161E, jk02::Type::settings}, {0x1620, jk02::Type::cells}};

}  // namespace packrig::bms::modbus
