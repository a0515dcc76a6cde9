// An asynchronous serial line: what has been heard and not yet understood, and what is being said.
//
// Hearing keeps the latest bytes, whatever they are. Once the line has been silent for a moment, the bytes are searched
// for a good frame that ends where they end: garbage or a false header in front of it costs nothing but that moment.
// A frame that is not alone (another good one before it) or with anything behind it is nobody's request.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/bms/afe_frame.h"

namespace packrig::bms {

constexpr uint32_t byte_115200_ns = 86806;  // ten bits, as all of these
constexpr uint32_t byte_9600_ns = 1041667;
constexpr uint32_t byte_2400_ns = 4166667;
constexpr size_t line_in_size = 256;   // the longest frame of Modbus RTU
constexpr size_t line_out_size = 320;  // the longest reply: 4E57 with 25 cells, 318 bytes

struct LineIn {
  int64_t last_ns;     // end of the latest byte
  uint32_t length;     // of `bytes`
  uint32_t fruitless;  // 1: searched since the latest byte, and nothing found
  uint8_t bytes[line_in_size];
};

struct LineOut {
  int64_t start_ns;  // of the first byte's start bit
  uint32_t byte_ns;
  uint16_t length;  // 0: nothing is being said
  uint16_t sent;
  uint8_t bytes[line_out_size];
};

// Takes in a byte whose stop bit ended at `at_ns`; older bytes that lie further back than `inter_byte_us` are
// forgotten.
void hear(LineIn& line, int64_t at_ns, uint8_t value, uint32_t inter_byte_us);

// Length of a good frame to the board of that address that begins at `bytes`, 0 when there is none within `length`.
using FrameLength = size_t (*)(const uint8_t* bytes, size_t length, uint8_t address);
struct Frame {
  const uint8_t* bytes;
  size_t length;  // 0: none
};
// The only good frame among what has been heard, if it is the end of it.
Frame sole_frame(const LineIn& line, FrameLength frame_length, uint8_t address);

// Lets the frame in line.bytes, of line.length, go out from `start_ns` on.
void start(LineOut& line, int64_t start_ns, uint32_t byte_ns);
// The bytes whose stop bit ends by `until_ns` leave, stamped.
void say(LineOut& line, uint8_t port, int64_t now_ns, int64_t until_ns, PackrigAfeCommands& commands);

// End of the last stop bit.
inline int64_t said_ns(const LineOut& line) { return line.start_ns + static_cast<int64_t>(line.length) * line.byte_ns; }

}  // namespace packrig::bms
