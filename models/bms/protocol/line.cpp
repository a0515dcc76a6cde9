#include "line.hpp"

#include "models/bms/spans.hpp"

namespace packrig::bms {

void hear(LineIn& line, int64_t at_ns, uint8_t value, uint32_t inter_byte_us) {
  if (at_ns - line.last_ns > us_in_ns(inter_byte_us)) line.length = 0;
  if (line.length == line_in_size) {
    for (size_t i = 1; i < line_in_size; ++i) line.bytes[i - 1] = line.bytes[i];
    --line.length;
  }
  line.bytes[line.length++] = value;
  line.last_ns = at_ns;
  line.fruitless = 0;
}

Frame sole_frame(const LineIn& line, FrameLength frame_length, uint8_t address) {
  size_t begin = 0;
  while (begin < line.length) {
    const size_t length = frame_length(line.bytes + begin, line.length - begin, address);
    if (length == 0) {
      ++begin;
    } else {
      return begin + length == line.length ? Frame{line.bytes + begin, length} : Frame{nullptr, 0};
    }
  }
  return {nullptr, 0};
}

void start(LineOut& line, int64_t start_ns, uint32_t byte_ns) {
  line.start_ns = start_ns;
  line.byte_ns = byte_ns;
  line.sent = 0;
}

void say(LineOut& line, uint8_t port, int64_t now_ns, int64_t until_ns, PackrigAfeCommands& commands) {
  while (line.sent < line.length && commands.bus_count < PACKRIG_AFE_BUS_BYTES) {
    const int64_t end_ns = line.start_ns + static_cast<int64_t>(line.sent + 1) * line.byte_ns;
    if (end_ns > until_ns) return;
    const auto offset_ns = static_cast<uint32_t>(end_ns > now_ns ? end_ns - now_ns : 0);
    commands.bus[commands.bus_count++] = {offset_ns, port, line.bytes[line.sent++], 0};
  }
}

}  // namespace packrig::bms
