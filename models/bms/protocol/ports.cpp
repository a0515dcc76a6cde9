#include "ports.hpp"

#include "nw.hpp"

namespace packrig::bms {
namespace {

// In the order of packrig::Port.
constexpr uint8_t port_rs485 = 0;

// A wake of its own so shortly before one of the scan's would only disturb what the front end prepares for it.
constexpr int64_t scan_guard_ns = 5000 * microsecond_ns;

constexpr uint32_t byte_115200_ns = 86806;

bool rs485_selected(const Board& board) { return setting(board.settings(), port_is_rs485) != 0; }

// Half duplex: what comes while the board speaks, or is about to, is not heard.
void hear_uart(const ProtocolChoices& choices, Ports& ports, int64_t at_ns, uint8_t value) {
  if (ports.uart_out.length != 0 && at_ns <= said_ns(ports.uart_out)) return;
  hear(ports.uart_in, at_ns, value, choices.uart_inter_byte_us);
}

void take_in(const Board& board, Ports& ports, const PackrigAfeCodes& codes) {
  for (uint32_t i = 0; i < codes.bus_count; ++i) {
    const PackrigBusByte& byte = codes.bus[i];
    if (byte.port == port_rs485 && rs485_selected(board)) {
      hear_uart(board.part().protocol, ports, codes.now_ns - byte.offset_ns, byte.value);
    }
  }
}

// When what has been heard may be searched.
int64_t quiet_ns(const ProtocolChoices& choices, const LineIn& line) {
  return line.last_ns + static_cast<int64_t>(choices.uart_quiet_us) * microsecond_ns;
}

bool waiting(const LineIn& line) { return line.length != 0 && line.fruitless == 0; }

void answer_uart(Board& board, Ports& ports) {
  const ProtocolChoices& choices = board.part().protocol;
  if (!waiting(ports.uart_in) || board.now_ns() < quiet_ns(choices, ports.uart_in)) return;
  ports.uart_in.fruitless = 1;
  const Frame request = sole_frame(ports.uart_in, nw::frame_length);
  if (request.length == 0) return;
  Writer reply(ports.uart_out.bytes, line_out_size);
  nw::answer(board, request.bytes, request.length, reply);
  ports.uart_in.length = 0;
  ports.uart_out.start_ns = ports.uart_in.last_ns + static_cast<int64_t>(choices.nw_turnaround_us) * microsecond_ns;
  if (ports.uart_out.start_ns < board.now_ns()) ports.uart_out.start_ns = board.now_ns();
  ports.uart_out.byte_ns = byte_115200_ns;
  ports.uart_out.length = static_cast<uint16_t>(reply.length());
  ports.uart_out.sent = 0;
}

}  // namespace

void converse(Board& board, Ports& ports, const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  take_in(board, ports, codes);
  answer_uart(board, ports);
  if (waiting(ports.uart_in)) {
    const int64_t wanted_ns = quiet_ns(board.part().protocol, ports.uart_in);
    if (wanted_ns < commands.next_wake_ns - scan_guard_ns) {
      commands.next_wake_ns = wanted_ns;
      commands.convert = 0;
    }
  }
  say(ports.uart_out, port_rs485, codes.now_ns, commands.next_wake_ns, commands);
  if (ports.uart_out.sent == ports.uart_out.length && ports.uart_out.length != 0 &&
      codes.now_ns >= said_ns(ports.uart_out)) {
    ports.uart_out.length = 0;
    ports.uart_out.sent = 0;
  }
}

}  // namespace packrig::bms
