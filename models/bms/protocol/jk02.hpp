// The 300-byte JK02_32S frames: what the app, the Modbus blocks and the master protocol all show.
//
// 55 AA EB 90, type, counter, body, sum of bytes 0..298 modulo 256; least significant byte first.
// Source: syssi/esphome-jk-bms, docs/protocol-design-ble.md and captures of 11.48 to 11.55.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/bms/board.hpp"

namespace packrig::bms::jk02 {

constexpr size_t frame_size = 300;
constexpr size_t body_begin = 6;

enum class Type : uint8_t { settings = 1, cells = 2, device = 3, log = 5 };

// Writes a frame of frame_size bytes.
void write_frame(const Board& board, Type type, uint8_t counter, uint8_t* frame);

// A written value in the board's own sense: on the wire a charging current is positive.
int32_t board_value(uint8_t register_number, int32_t value);

}  // namespace packrig::bms::jk02
