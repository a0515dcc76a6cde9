#include "ports.hpp"

#include "lcd.hpp"
#include "modbus.hpp"
#include "models/bms/spans.hpp"
#include "nw.hpp"

namespace packrig::bms {
namespace {

// A wake of its own so shortly before one of the scan's would only disturb what the front end prepares for it.
constexpr int64_t scan_guard_ns = ms_in_ns(5);
// A port that speaks by itself is served at least so often, however seldom the scan wants to run.
constexpr int64_t longest_gap_ns = ms_in_ns(100);
constexpr int64_t lcd_period_ns = ms_in_ns(1000);

// What distinguishes the protocols of the UART that answer.
struct UartRow {
  uint8_t protocol;
  uint32_t byte_ns;
  FrameLength frame_length;
  void (*answer)(Board& board, const uint8_t* request, size_t length, Writer& reply);
};
constexpr UartRow uart_rows[] = {
    {uart_nw, byte_115200_ns, nw::frame_length, nw::answer},
    {uart_modbus, byte_115200_ns, modbus::frame_length, modbus::answer},
    {uart_modbus_9600, byte_9600_ns, modbus::frame_length, modbus::answer},
};

const UartRow* uart_row(uint32_t protocol) {
  for (const UartRow& row : uart_rows) {
    if (row.protocol == protocol) return &row;
  }
  return nullptr;
}

bool selects_rs485(const Board& board) {
  return setting(board.settings(), port_is_rs485) != 0 || board.part().protocol.ports_are_both_alive;
}
bool selects_can(const Board& board) {
  return setting(board.settings(), port_is_rs485) == 0 || board.part().protocol.ports_are_both_alive;
}

// Half duplex: what comes while the board speaks, or is about to, is not heard.
void hear_uart(const ProtocolChoices& choices, Ports& ports, int64_t at_ns, uint8_t value) {
  if (ports.uart_out.length != 0 && at_ns <= said_ns(ports.uart_out)) return;
  hear(ports.uart_in, at_ns, value, choices.uart_inter_byte_us);
}

void take_in(Board& board, Ports& ports, const PackrigAfeCodes& codes) {
  for (uint32_t i = 0; i < codes.bus_count; ++i) {
    const PackrigBusByte& byte = codes.bus[i];
    const int64_t at_ns = codes.now_ns - byte.offset_ns;
    if (byte.port == port_bluetooth) {
      hear_bluetooth(board, ports.bluetooth, at_ns, byte.value);
    } else if (byte.port == port_can && selects_can(board)) {
      hear_can(board, ports.can, at_ns, byte.value);
    } else if (byte.port == port_rs485 && selects_rs485(board)) {
      hear_uart(board.part().protocol, ports, at_ns, byte.value);
    }
  }
}

// When what has been heard may be searched: 3.5 characters of silence, but no less than the part's own.
int64_t quiet_ns(const ProtocolChoices& choices, const UartRow& row, const LineIn& line) {
  const int64_t least_ns = us_in_ns(choices.uart_quiet_us);
  const int64_t characters_ns = static_cast<int64_t>(row.byte_ns) * 7 / 2;
  return line.last_ns + (characters_ns > least_ns ? characters_ns : least_ns);
}

bool waiting(const LineIn& line) { return line.length != 0 && line.fruitless == 0; }

void answer_uart(Board& board, const UartRow& row, Ports& ports) {
  LineIn& in = ports.uart_in;
  LineOut& out = ports.uart_out;
  in.fruitless = 1;
  const Frame request = sole_frame(in, row.frame_length, device_address(board.settings()));
  if (request.length == 0) return;
  Writer reply(out.bytes, line_out_size);
  row.answer(board, request.bytes, request.length, reply);
  in.length = 0;
  out.length = static_cast<uint16_t>(reply.length());
  ports.uart_port = port_rs485;
  const int64_t turnaround_ns = us_in_ns(board.part().protocol.uart_turnaround_us);
  const int64_t begin_ns = in.last_ns + turnaround_ns;
  start(out, begin_ns > board.now_ns() ? begin_ns : board.now_ns(), row.byte_ns);
}

void bring_forward(int64_t wanted_ns, PackrigAfeCommands& commands) {
  if (wanted_ns >= commands.next_wake_ns - scan_guard_ns) return;
  commands.next_wake_ns = wanted_ns;
  commands.convert = 0;
}

void listen_uart(Board& board, Ports& ports, PackrigAfeCommands& commands) {
  const UartRow* row = uart_row(board.options().uart_protocol);
  if (row == nullptr || !waiting(ports.uart_in)) return;
  const int64_t searched_ns = quiet_ns(board.part().protocol, *row, ports.uart_in);
  board.now_ns() < searched_ns ? bring_forward(searched_ns, commands) : answer_uart(board, *row, ports);
}

void begin_lcd(const Board& board, int64_t until_ns, Ports& ports) {
  LineOut& out = ports.uart_out;
  if (ports.lcd_due_ns >= until_ns || out.sent != out.length) return;
  const int64_t begin_ns = ports.lcd_due_ns > board.now_ns() ? ports.lcd_due_ns : board.now_ns();
  Writer frame(out.bytes, line_out_size);
  lcd::write_status(board, frame);
  out.length = static_cast<uint16_t>(frame.length());
  ports.uart_port = port_lcd;
  start(out, begin_ns, byte_2400_ns);
  ports.lcd_due_ns = begin_ns + lcd_period_ns;
}

}  // namespace

void converse(Board& board, Ports& ports, const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  if (ports.alive_ns == 0) ports.alive_ns = codes.now_ns + ms_in_ns(board.part().protocol.ports_boot_ms);
  if (codes.now_ns < ports.alive_ns) return;
  take_in(board, ports, codes);
  const bool shows = board.options().uart_protocol == uart_lcd;
  const bool reports = selects_can(board);
  const bool speaks = shows || reports || ports.bluetooth.streaming != 0 || ports.uart_out.sent < ports.uart_out.length;
  if (speaks) bring_forward(codes.now_ns + longest_gap_ns, commands);
  listen_uart(board, ports, commands);
  if (shows) begin_lcd(board, commands.next_wake_ns, ports);
  say(ports.uart_out, static_cast<uint8_t>(ports.uart_port), codes.now_ns, commands.next_wake_ns, commands);
  say_bluetooth(board, ports.bluetooth, commands.next_wake_ns, commands);
  if (reports) say_can(board, ports.can, commands.next_wake_ns, commands);
}

}  // namespace packrig::bms
