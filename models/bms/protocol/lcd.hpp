// The display's status frame, UART protocol number 10: once a second at 2400 baud, and nothing is heard.
//
// A5 5A, length, 82 (write), address 10 00, 45 words; most significant byte first.
// Source: syssi/esphome-jk-bms, docs/display-port.md and components/jk_bms_display.
#pragma once

#include "bytes.hpp"
#include "models/bms/board.hpp"

namespace packrig::bms::lcd {

void write_status(const Board& board, Writer& frame);

}  // namespace packrig::bms::lcd
