// JK CAN V2.0 at 250 or 500 kbit/s: frames in their rhythm, and one that is heard.
//
// A frame crosses a port as its bytes in candump order: identifier (4, most significant first, bit 31 = extended),
// length, data; all stamped at its end. Numbers in it are least significant byte first, those of the charge request
// most significant first.
// Source: syssi/esphome-jk-bms, docs/BMS-CAN Communication protocol.pdf; ZongxinYe/Jikong-BMS-CAN, the DBC V2.1.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/bms/board.hpp"

namespace packrig::bms {

// The maker's numbers.
enum CanProtocol : uint8_t { can_jk_250k = 0, can_jk_500k = 6 };

constexpr size_t can_message_count = 11;
constexpr size_t can_head_size = 5;
constexpr size_t can_frame_size = can_head_size + 8;

struct CanBus {
  int64_t due_ns[can_message_count];  // in the order of the messages in can.cpp; 0: at once
  int64_t free_ns;                    // when the frame under way has ended
  int64_t heard_ns;                   // the latest byte that came
  uint8_t in[can_frame_size];         // the frame that is coming
  uint8_t in_length;
  uint16_t reserved;
};

void hear_can(Board& board, CanBus& bus, int64_t at_ns, uint8_t value);
// The frames that are due before `until_ns`.
void say_can(const Board& board, CanBus& bus, int64_t until_ns, PackrigAfeCommands& commands);

}  // namespace packrig::bms
