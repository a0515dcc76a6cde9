// How a serial line is set: always 8 data bits, no parity, one stop bit, no flow control, as every JK protocol is.
#pragma once

namespace packrig {

struct SerialSettings {
  int baud = 115200;  // JK's RS485 and TTL ports; 9600 for Modbus number 13, 2400 for the LCD port
};

}  // namespace packrig
