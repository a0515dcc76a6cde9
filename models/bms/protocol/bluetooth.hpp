// The built-in radio, which is a plain line: 20-byte commands in, frames and acknowledgements out.
//
// AA 55 90 EB, register or command, length of the value, value (4), 9 bytes of filler, sum of all before modulo 256.
// Source: syssi/esphome-jk-bms, docs/protocol-design-ble.md; times: its docs/btsnoops, boards with 11.288H.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "line.hpp"
#include "models/bms/board.hpp"

namespace packrig::bms {

constexpr size_t bluetooth_command_size = 20;
// What may be due, in the order in which it leaves when due at the same time.
enum BluetoothReply : uint8_t {
  device_reply,
  settings_reply,
  log_reply,
  acknowledgement,
  cells_reply,
  bluetooth_reply_count
};

struct Bluetooth {
  LineOut out;
  int64_t due_ns[bluetooth_reply_count];  // 0: not due
  uint8_t in[bluetooth_command_size];     // the latest bytes
  uint8_t in_length;
  uint8_t counter;  // of the next cell frame
  uint16_t streaming;
};

void hear_bluetooth(Board& board, Bluetooth& bluetooth, int64_t at_ns, uint8_t value);
void say_bluetooth(const Board& board, Bluetooth& bluetooth, int64_t until_ns, PackrigAfeCommands& commands);

}  // namespace packrig::bms
