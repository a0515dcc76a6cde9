// Which protocol speaks on which port, and what each port has heard and is saying.
#pragma once

#include <stdint.h>

#include "line.hpp"
#include "models/bms/board.hpp"

namespace packrig::bms {

// The part's numbers of its protocols, as the device-info frame carries them.
enum UartProtocol : uint8_t { uart_nw = 0 };

struct Ports {
  LineIn uart_in;
  LineOut uart_out;
};

// One wake: takes in the bytes that came, answers, and lets leave what can leave before commands.next_wake_ns, which it
// may bring forward. Must come after the rest of `commands` has been filled.
void converse(Board& board, Ports& ports, const PackrigAfeCodes& codes, PackrigAfeCommands& commands);

}  // namespace packrig::bms
