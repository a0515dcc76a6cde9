// The 4E57 protocol ("NW", "4G-GPS") of UART1: read all, read one, write, password, activate.
//
// 4E 57, length (of the frame minus 2), unit number (4), command, source, type, code, data, record number (4), 68, 0 0,
// 16-bit sum of all before; most significant byte first.
// Source: syssi/esphome-jk-bms, docs/protocol-design-uart-ttl-gps-port.md and the maker's description V2.5 there.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bytes.hpp"
#include "models/bms/board.hpp"

namespace packrig::bms::nw {

// Length of the frame with a right header, length, end and sum at `bytes`, else 0; the bus address plays no part.
size_t frame_length(const uint8_t* bytes, size_t length, uint8_t);

// Does what a good frame asks and writes the reply. Nothing is written, and nothing changed, when the frame is not for
// this board, no request, of an unknown command or register, of a wrong size, or when the board refuses the value.
void answer(Board& board, const uint8_t* request, size_t length, Writer& reply);

}  // namespace packrig::bms::nw
