// Which protocol speaks on which port, and what each port has heard and is saying.
//
//      port        speaks
//      rs485       UART 1: 4E57 or Modbus, while control bit 3 (register 0x2A) selects RS485
//      can         JK CAN V2.0, while it selects CAN
//      bluetooth   the app's commands, always
//      lcd         UART 1 with the display's protocol
#pragma once

#include <stdint.h>

#include "bluetooth.hpp"
#include "board_port.hpp"
#include "can.hpp"
#include "line.hpp"
#include "models/bms/board.hpp"

namespace packrig::bms {

// The maker's numbers of the protocols that this firmware has; a part may offer more.
enum UartProtocol : uint8_t { uart_nw = 0, uart_modbus = 1, uart_lcd = 10, uart_modbus_9600 = 13 };

struct Ports {
  LineIn uart_in;
  LineOut uart_out;
  Bluetooth bluetooth;
  CanBus can;
  int64_t alive_ns;  // from when on the ports hear and speak; 0: not known yet
  int64_t lcd_due_ns;
  uint64_t uart_port;  // on which the UART's latest frame leaves
};

// One wake: takes in the bytes that came, answers, and lets leave what can leave before commands.next_wake_ns, which it
// may bring forward. Must come after the rest of `commands` has been filled.
void converse(Board& board, Ports& ports, const PackrigAfeCodes& codes, PackrigAfeCommands& commands);

}  // namespace packrig::bms
