// PackrigBusByte.port, in the order of packrig::Port.
#pragma once

#include <stdint.h>

namespace packrig::bms {

enum BoardPort : uint8_t { port_rs485, port_can, port_bluetooth, port_lcd };

}  // namespace packrig::bms
