#include "bluetooth.hpp"

#include "board_port.hpp"
#include "bytes.hpp"
#include "jk02.hpp"
#include "models/bms/spans.hpp"

namespace packrig::bms {
namespace {

constexpr uint8_t command_header[] = {0xAA, 0x55, 0x90, 0xEB};
constexpr uint8_t acknowledged = 0xC8;
constexpr uint8_t ask_settings = 0x96;
constexpr uint8_t ask_device = 0x97;
constexpr uint8_t ask_log = 0xA1;
// UART between processor and radio; what the radio makes of it is not the board's.
constexpr uint32_t byte_ns = byte_115200_ns;

bool is_command(const Bluetooth& bluetooth) {
  if (bluetooth.in_length != bluetooth_command_size) return false;
  for (size_t i = 0; i < sizeof command_header; ++i) {
    if (bluetooth.in[i] != command_header[i]) return false;
  }
  constexpr size_t sum_offset = bluetooth_command_size - 1;
  return static_cast<uint8_t>(sum_of_bytes(bluetooth.in, sum_offset)) == bluetooth.in[sum_offset];
}

int64_t after(int64_t at_ns, uint32_t delay_ms) { return at_ns + ms_in_ns(delay_ms); }

void obey(Board& board, Bluetooth& bluetooth, int64_t at_ns) {
  const ProtocolChoices& choices = board.part().protocol;
  const uint8_t command = bluetooth.in[4];
  if (command == ask_device) {
    bluetooth.due_ns[device_reply] = after(at_ns, choices.bluetooth_device_ms);
  } else if (command == ask_log) {
    bluetooth.due_ns[log_reply] = after(at_ns, choices.bluetooth_device_ms);
  } else if (command == ask_settings) {
    bluetooth.due_ns[settings_reply] = after(at_ns, choices.bluetooth_settings_ms);
    if (bluetooth.streaming == 0) bluetooth.due_ns[cells_reply] = after(at_ns, choices.bluetooth_first_cells_ms);
    bluetooth.streaming = 1;
  } else {
    const size_t size = choices.jk02_length_byte_counts ? bluetooth.in[5] : 4;
    int32_t value = 0;
    if (size <= 4 && bluetooth.in[5] != 0) value = static_cast<int32_t>(little_endian(bluetooth.in + 6, size));
    if (board.write(command, jk02::board_value(command, value)) != 0) return;
    bluetooth.due_ns[acknowledgement] = after(at_ns, choices.bluetooth_write_ms);
    return;
  }
  bluetooth.due_ns[acknowledgement] = after(at_ns, choices.bluetooth_acknowledge_ms);
}

void write_acknowledgement(LineOut& out) {
  Writer writer(out.bytes, line_out_size);
  for (const uint8_t byte : command_header) writer.u8(byte);
  writer.u8(acknowledged);
  writer.u8(1);
  writer.u8(1);
  while (writer.length() < bluetooth_command_size - 1) writer.u8(0);
  writer.u8(sum_of_bytes(writer.bytes(), writer.length()));
  out.length = bluetooth_command_size;
}

jk02::Type type_of(BluetoothReply reply) {
  if (reply == device_reply) return jk02::Type::device;
  if (reply == settings_reply) return jk02::Type::settings;
  return reply == log_reply ? jk02::Type::log : jk02::Type::cells;
}

void write_reply(const Board& board, Bluetooth& bluetooth, BluetoothReply reply) {
  LineOut& out = bluetooth.out;
  if (reply == acknowledgement) return write_acknowledgement(out);
  jk02::write_frame(board, type_of(reply), bluetooth.counter, out.bytes);
  out.length = jk02::frame_size;
  if (reply == cells_reply) ++bluetooth.counter;
}

// The reply that is due first, or bluetooth_reply_count.
uint8_t first_due(const Bluetooth& bluetooth) {
  uint8_t first = bluetooth_reply_count;
  for (uint8_t reply = 0; reply < bluetooth_reply_count; ++reply) {
    if (bluetooth.due_ns[reply] == 0) continue;
    if (first == bluetooth_reply_count || bluetooth.due_ns[reply] < bluetooth.due_ns[first]) first = reply;
  }
  return first;
}

void begin(const Board& board, Bluetooth& bluetooth, uint8_t reply, int64_t free_ns) {
  LineOut& out = bluetooth.out;
  const int64_t due_ns = bluetooth.due_ns[reply];
  write_reply(board, bluetooth, static_cast<BluetoothReply>(reply));
  start(out, due_ns > free_ns ? due_ns : free_ns, byte_ns);
  bluetooth.due_ns[reply] = reply == cells_reply ? after(due_ns, board.part().protocol.bluetooth_period_ms) : 0;
}

}  // namespace

void hear_bluetooth(Board& board, Bluetooth& bluetooth, int64_t at_ns, uint8_t value) {
  if (bluetooth.in_length == bluetooth_command_size) {
    for (size_t i = 1; i < bluetooth_command_size; ++i) bluetooth.in[i - 1] = bluetooth.in[i];
    --bluetooth.in_length;
  }
  bluetooth.in[bluetooth.in_length++] = value;
  if (!is_command(bluetooth)) return;
  bluetooth.in_length = 0;
  obey(board, bluetooth, at_ns);
}

void say_bluetooth(const Board& board, Bluetooth& bluetooth, int64_t until_ns, PackrigAfeCommands& commands) {
  LineOut& out = bluetooth.out;
  say(out, port_bluetooth, board.now_ns(), until_ns, commands);
  while (out.sent == out.length) {
    const uint8_t reply = first_due(bluetooth);
    if (reply == bluetooth_reply_count || bluetooth.due_ns[reply] >= until_ns) return;
    const int64_t said = said_ns(out);
    begin(board, bluetooth, reply, said > board.now_ns() ? said : board.now_ns());
    say(out, port_bluetooth, board.now_ns(), until_ns, commands);
  }
}

}  // namespace packrig::bms
