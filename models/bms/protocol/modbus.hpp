// JK Modbus V1.0 of UART1: RTU, functions 0x03 and 0x10, over the bodies of the JK02 frames.
//
// A register's address is its block's base plus its offset in bytes; numbers of 4 bytes come high word first.
// Exceptions: 1 function, 2 address, 3 value; silence on another address or a wrong sum.
// Source: syssi/esphome-jk-bms, docs/pb2a16s20p/BMS RS485 Modbus V1.1.pdf; mr-manuel/venus-os_dbus-serialbattery.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bytes.hpp"
#include "models/bms/board.hpp"

namespace packrig::bms::modbus {

// Length of the request with a right address and sum at `bytes`, else 0. Of functions that the board does not have,
// the 8 bytes that most of them take.
size_t frame_length(const uint8_t* bytes, size_t length, uint8_t address);

// Does what a good request asks and writes the reply or the exception.
void answer(Board& board, const uint8_t* request, size_t length, Writer& reply);

}  // namespace packrig::bms::modbus
