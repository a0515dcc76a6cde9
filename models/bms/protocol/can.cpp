#include "can.hpp"

#include "board_port.hpp"
#include "bytes.hpp"
#include "models/bms/alarms.hpp"
#include "models/bms/spans.hpp"
#include "rounding.hpp"

namespace packrig::bms {
namespace {

constexpr uint32_t extended = 0x80000000u;
constexpr uint32_t control_id = extended | 0x18F0F428u;
constexpr uint32_t first_cells_id = extended | 0x18E028F4u;
constexpr uint32_t next_cells = 0x00010000u;
constexpr int32_t cells_in_frame = 4;

// Bits of a frame with 8 bytes of data without stuffing, the gap of 3 bits included (ISO 11898-1).
constexpr uint32_t standard_bits = 111;
constexpr uint32_t extended_bits = 131;

constexpr uint32_t absent_temperature = 0xFF;

uint32_t temperature(int32_t value_ddegC) {
  return value_ddegC == absent_ddegC ? absent_temperature : static_cast<uint32_t>(to_degC(value_ddegC) + 50);
}

void write_pack(const Board& board, const Status& status, Writer& data) {
  const bool charge_positive = board.part().protocol.can_charge_is_positive;
  const int32_t current_mA = charge_positive ? -status.current_mA : status.current_mA;
  data.little_endian(static_cast<uint32_t>(round_div(status.pack_mV, 100)), 2);
  data.little_endian(static_cast<uint32_t>(round_div(current_mA, 100) + 4000), 2);
  data.u8(static_cast<uint32_t>(status.soc_percent));
}

void write_extreme_cells(const Board&, const Status& status, Writer& data) {
  data.little_endian(static_cast<uint32_t>(status.cell_mV[status.highest_cell]), 2);
  data.u8(static_cast<uint32_t>(status.highest_cell + 1));
  data.little_endian(static_cast<uint32_t>(status.cell_mV[status.lowest_cell]), 2);
  data.u8(static_cast<uint32_t>(status.lowest_cell + 1));
}

void write_extreme_temperatures(const Board&, const Status& status, Writer& data) {
  uint32_t highest = PACKRIG_AFE_NTCS;  // none
  uint32_t lowest = PACKRIG_AFE_NTCS;
  int32_t sum_ddegC = 0;
  int32_t count = 0;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    const int32_t value_ddegC = status.probe_ddegC[probe];
    if (value_ddegC == absent_ddegC) continue;
    if (count == 0 || value_ddegC > status.probe_ddegC[highest]) highest = probe;
    if (count == 0 || value_ddegC < status.probe_ddegC[lowest]) lowest = probe;
    sum_ddegC += value_ddegC;
    ++count;
  }
  if (count == 0) {
    constexpr uint32_t none[] = {absent_temperature, 0, absent_temperature, 0, absent_temperature};
    for (const uint32_t byte : none) data.u8(byte);
    return;
  }
  data.u8(temperature(status.probe_ddegC[highest]));
  data.u8(highest + 1);
  data.u8(temperature(status.probe_ddegC[lowest]));
  data.u8(lowest + 1);
  data.u8(temperature(round_div(sum_ddegC, count)));
}

// To the alarm frame, which has two bits for the level of each: 1 is serious, as what has cut a path.
constexpr AlarmBit alarm_levels[] = {
    {Alarm::cell_over_voltage, 0},  {Alarm::cell_under_voltage, 2}, {Alarm::pack_over_voltage, 4},
    {Alarm::pack_under_voltage, 6}, {Alarm::discharge_current, 10}, {Alarm::discharge_short, 10},
    {Alarm::charge_current, 12},    {Alarm::charge_short, 12},      {Alarm::board_hot, 14},
    {Alarm::charge_hot, 14},        {Alarm::discharge_hot, 14},     {Alarm::charge_cold, 16},
    {Alarm::discharge_cold, 16},    {Alarm::front_end, 28},  // inside the board
};

uint32_t alarm_levels_of(const Status& status) { return translated(status.alarms, alarm_levels); }

void write_alarms(const Board&, const Status& status, Writer& data) { data.little_endian(alarm_levels_of(status), 4); }

void write_capacity(const Board&, const Status& status, Writer& data) {
  data.little_endian(static_cast<uint32_t>(round_div(status.remaining_mAh, 100)), 2);
  data.little_endian(static_cast<uint32_t>(round_div(status.full_mAh, 100)), 2);
  data.little_endian((status.cycle_mAh / 50 + 1) / 2, 2);  // rounded; wraps at 6553.6 Ah, as captured
  data.little_endian(static_cast<uint32_t>(status.cycles), 2);
}

void write_temperatures(const Board&, const Status& status, Writer& data) {
  constexpr uint32_t slots = 5;
  uint32_t present = 0;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    if (status.probe_ddegC[probe] != absent_ddegC) present |= 1u << probe;
  }
  data.u8(present);
  for (uint32_t slot = 0; slot < slots; ++slot) {
    data.u8(slot < PACKRIG_AFE_NTCS ? temperature(status.probe_ddegC[slot]) : absent_temperature);
  }
}

void write_faults(const Board& board, const Status& status, Writer& data) {
  const uint32_t faults = status.alarms & 0x3FFFFu;
  const bool shifted = board.part().protocol.can_faults_are_shifted;
  data.little_endian(shifted ? (faults & 0xFFu) | (faults & ~0xFFu) << 1 : faults, 3);
}

void write_information(const Board&, const Status& status, Writer& data) {
  data.little_endian(status.run_time_s, 4);
  data.little_endian(0, 2);  // current of the heater: not measured
  data.u8(static_cast<uint32_t>(status.soh_percent));
}

void write_switches(const Board&, const Status& status, Writer& data) {
  uint32_t bits = 0;
  if ((status.drives & PACKRIG_DRIVE_CHARGE) != 0) bits |= 1u << 0;
  if ((status.drives & PACKRIG_DRIVE_DISCHARGE) != 0) bits |= 1u << 1;
  if (status.balance_mA != 0) bits |= 1u << 2;
  if ((status.drives & PACKRIG_DRIVE_HEATER) != 0) bits |= 1u << 3;
  if (status.charger_plugged != 0) bits |= 1u << 4;
  data.u8(bits);
}

// What the board asks a charger for: the charge voltage that is set, or where none is, the one that means full.
void write_charge_request(const Board& board, const Status& status, Writer& data) {
  const ProtocolChoices& choices = board.part().protocol;
  int32_t cell_request_mV = setting(board.settings(), request_charge_mV);
  if (cell_request_mV == 0) cell_request_mV = setting(board.settings(), soc_full_mV);
  const bool heats = (status.drives & PACKRIG_DRIVE_HEATER) != 0;
  data.big_endian(static_cast<uint32_t>(round_div(cell_request_mV * status.cell_count, 100)), 2);
  data.big_endian(static_cast<uint32_t>(round_div(setting(board.settings(), charge_limit_mA), 100)), 2);
  data.u8((status.drives & PACKRIG_DRIVE_CHARGE) != 0 ? 0 : 1);
  while (data.length() < can_head_size + choices.can_heat_byte) data.u8(0);
  data.u8(heats ? 1 : 0);
}

struct Message {
  uint32_t id;
  uint32_t period_ms;
  void (*write)(const Board& board, const Status& status, Writer& data);  // nullptr: the cells, a frame per four
};

constexpr Message messages[] = {
    {0x02F4, 20, write_pack},
    {0x04F4, 100, write_extreme_cells},
    {0x05F4, 500, write_extreme_temperatures},  // the first version of the protocol: 100 ms
    {0x07F4, 100, write_alarms},                // while there are any
    {extended | 0x18F128F4u, 100, write_capacity},
    {extended | 0x18F228F4u, 500, write_temperatures},
    {extended | 0x18F328F4u, 100, write_faults},
    {extended | 0x18F428F4u, 500, write_information},
    {extended | 0x18F528F4u, 500, write_switches},
    {first_cells_id, 1000, nullptr},
    {extended | 0x1806E5F4u, 500, write_charge_request},
};
static_assert(sizeof messages / sizeof messages[0] == can_message_count);

class Sender {
 public:
  Sender(const Board& board, CanBus& bus, PackrigAfeCommands& commands)
      : board_(board), bus_(bus), commands_(commands), status_(board.status()) {}

  const Status& status() const { return status_; }
  bool has_room(size_t frames) const { return commands_.bus_count + frames * can_frame_size <= PACKRIG_AFE_BUS_BYTES; }

  template <class Fill>
  void send(uint32_t id, int64_t due_ns, Fill fill) {
    uint8_t bytes[can_frame_size];
    Writer frame(bytes, sizeof bytes);
    frame.big_endian(id, 4);
    frame.u8(8);
    fill(frame);
    while (frame.length() < can_frame_size) frame.u8(0);
    const int64_t begin_ns = due_ns > bus_.free_ns ? due_ns : bus_.free_ns;
    const bool fast = board_.options().can_protocol == can_jk_500k;
    const uint32_t bits = (id & extended) != 0 ? extended_bits : standard_bits;
    bus_.free_ns = begin_ns + static_cast<int64_t>(bits) * (fast ? 2000 : 4000);
    const auto offset_ns = static_cast<uint32_t>(bus_.free_ns - board_.now_ns());
    for (const uint8_t byte : bytes) commands_.bus[commands_.bus_count++] = {offset_ns, port_can, byte, 0};
  }

 private:
  const Board& board_;
  CanBus& bus_;
  PackrigAfeCommands& commands_;
  Status status_;
};

int32_t cell_frames(const Status& status) { return (status.cell_count + cells_in_frame - 1) / cells_in_frame; }

void send_cells(const Status& status, int64_t due_ns, Sender& sender) {
  for (int32_t group = 0; group < cell_frames(status); ++group) {
    const uint32_t id = first_cells_id + static_cast<uint32_t>(group) * next_cells;
    sender.send(id, due_ns, [&](Writer& data) {
      for (int32_t cell = group * cells_in_frame; cell < (group + 1) * cells_in_frame; ++cell) {
        data.little_endian(static_cast<uint32_t>(cell < status.cell_count ? status.cell_mV[cell] : 0), 2);
      }
    });
  }
}

size_t first_due_message(const CanBus& bus) {
  size_t first = 0;
  for (size_t i = 1; i < can_message_count; ++i) {
    if (bus.due_ns[i] < bus.due_ns[first]) first = i;
  }
  return first;
}

void send_message(const Board& board, const Message& message, int64_t due_ns, Sender& sender) {
  const Status& status = sender.status();
  if (message.write == nullptr) return send_cells(status, due_ns, sender);
  if (message.write == write_alarms && alarm_levels_of(status) == 0) return;
  sender.send(message.id, due_ns, [&](Writer& data) { message.write(board, status, data); });
}

// The switches that a control frame may set, in the order of its bytes and of the bits of its mask.
constexpr uint8_t controlled[] = {charge_switch, discharge_switch, balance_switch};

void obey_control(Board& board, const uint8_t* data) {
  constexpr size_t count = sizeof controlled;
  if (data[0] >= 1u << count) return;
  for (size_t i = 0; i < count; ++i) {
    if (data[1 + i] > 1) return;
  }
  for (size_t i = 0; i < count; ++i) {
    if ((data[0] >> i & 1u) != 0) board.write(controlled[i], data[1 + i]);
  }
}

}  // namespace

void hear_can(Board& board, CanBus& bus, int64_t at_ns, uint8_t value) {
  const int64_t apart_ns = us_in_ns(board.part().protocol.can_frame_us);
  if (at_ns - bus.heard_ns > apart_ns) bus.in_length = 0;
  bus.heard_ns = at_ns;
  if (bus.in_length == can_frame_size) return;  // beyond any frame: until the next gap
  bus.in[bus.in_length++] = value;
  if (bus.in_length < can_head_size) return;
  const size_t length = bus.in[can_head_size - 1];
  if (length > can_frame_size - can_head_size) {
    bus.in_length = can_frame_size;
  } else if (bus.in_length == can_head_size + length) {
    if (big_endian(bus.in, 4) == control_id && length == 8) obey_control(board, bus.in + can_head_size);
    bus.in_length = 0;
  }
}

void say_can(const Board& board, CanBus& bus, int64_t until_ns, PackrigAfeCommands& commands) {
  size_t next = first_due_message(bus);
  if (bus.due_ns[next] >= until_ns) return;
  Sender sender(board, bus, commands);
  const auto most_frames = static_cast<size_t>(cell_frames(sender.status()));
  for (; bus.due_ns[next] < until_ns && sender.has_room(most_frames); next = first_due_message(bus)) {
    const Message& message = messages[next];
    const int64_t due_ns = bus.due_ns[next] > board.now_ns() ? bus.due_ns[next] : board.now_ns();
    send_message(board, message, due_ns, sender);
    bus.due_ns[next] = due_ns + ms_in_ns(message.period_ms);
  }
}

}  // namespace packrig::bms
