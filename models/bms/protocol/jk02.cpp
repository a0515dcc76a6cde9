#include "jk02.hpp"

#include "bytes.hpp"

namespace packrig::bms::jk02 {
namespace {

constexpr size_t counter_offset = 5;
constexpr size_t sum_offset = frame_size - 1;

class Image {
 public:
  explicit Image(uint8_t* frame) : frame_(frame) {}

  template <class Number>
  void put(size_t offset, size_t size, Number value) {
    for (size_t i = 0; i < size; ++i)
      frame_[offset + i] = static_cast<uint8_t>(static_cast<uint32_t>(value) >> (8 * i));
  }
  void put_text(size_t offset, size_t size, const char* text) {
    for (size_t i = 0; i < size && text[i] != '\0'; ++i) frame_[offset + i] = static_cast<uint8_t>(text[i]);
  }
  void put_bytes(const FrameByte* bytes, size_t count) {
    for (size_t i = 0; i < count; ++i) frame_[bytes[i].offset] = bytes[i].value;
  }

 private:
  uint8_t* frame_;
};

uint32_t is_on(const Status& status, uint32_t drive) { return (status.drives & drive) != 0 ? 1 : 0; }

uint32_t power_mW(const Status& status) {
  const int64_t product = static_cast<int64_t>(status.pack_mV) * status.current_mA;
  return static_cast<uint32_t>((product < 0 ? -product : product) / 1000);
}

uint32_t probes_present(const Status& status) {
  uint32_t present = 0xF0;  // as on a board with none at all
  if (status.board_ddegC != absent_ddegC) present |= 1;
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    if (status.probe_ddegC[probe] != absent_ddegC) present |= 2u << probe;
  }
  return present;
}

// 1: the lowest cell is charged, 2: the highest is discharged.
uint32_t balance_action(const Status& status) {
  if (status.balance_mA == 0) return 0;
  return status.balance_mA > 0 ? 1 : 2;
}

void put_cells(const Status& status, Image& image) {
  for (int32_t cell = 0; cell < status.cell_count; ++cell) {
    image.put(6 + 2 * static_cast<size_t>(cell), 2, status.cell_mV[cell]);
    image.put(80 + 2 * static_cast<size_t>(cell), 2, status.wire_mOhm[cell]);
  }
  image.put(70, 4, (1u << status.cell_count) - 1);
  image.put(74, 2, status.average_mV);
  image.put(76, 2, status.cell_mV[status.highest_cell] - status.cell_mV[status.lowest_cell]);
  image.put(78, 1, status.highest_cell);
  image.put(79, 1, status.lowest_cell);
  image.put(146, 4, status.suspect_cells);
}

void put_pack(const Status& status, Image& image) {
  image.put(150, 4, status.pack_mV);
  image.put(154, 4, power_mW(status));
  image.put(158, 4, -status.current_mA);  // charging is positive on the wire
  image.put(166, 4, status.alarms);
  image.put(170, 2, status.balance_mA);
  image.put(172, 1, balance_action(status));
  image.put(173, 1, status.soc_percent);
  image.put(174, 4, status.remaining_mAh);
  image.put(178, 4, status.full_mAh);
  image.put(182, 4, status.cycles);
  image.put(186, 4, status.cycle_mAh);
  image.put(190, 1, status.soh_percent);
  image.put(234, 2, (status.pack_mV + 5) / 10);
}

void put_temperatures(const Status& status, Image& image) {
  image.put(144, 2, status.board_ddegC);
  image.put(162, 2, status.probe_ddegC[0]);
  image.put(164, 2, status.probe_ddegC[1]);
  image.put(214, 1, probes_present(status));
  image.put(254, 2, status.probe_ddegC[2]);
}

void put_countdowns(const Status& status, Image& image) {
  image.put(202, 2, status.discharge_limit_left_s);
  image.put(204, 2, status.discharge_short_left_s);
  image.put(206, 2, status.charge_limit_left_s);
  image.put(208, 2, status.charge_short_left_s);
  image.put(218, 2, status.emergency_left_s);
  image.put(270, 4, status.sleep_left_s);
}

void put_outputs(const Status& status, Image& image) {
  image.put(191, 1, is_on(status, PACKRIG_DRIVE_PRECHARGE));
  image.put(194, 4, status.run_time_s);
  image.put(198, 1, is_on(status, PACKRIG_DRIVE_CHARGE));
  image.put(199, 1, is_on(status, PACKRIG_DRIVE_DISCHARGE));
  image.put(200, 1, is_on(status, PACKRIG_DRIVE_PRECHARGE));
  image.put(215, 1, is_on(status, PACKRIG_DRIVE_HEATER));
  image.put(245, 1, status.charger_plugged);
  image.put(246, 4, status.ticks_100ms);
  image.put(262, 4, status.clock_s);
  image.put(266, 4, status.event_count);
  image.put(275, 1, status.chemistry);
  image.put(281, 1, is_on(status, PACKRIG_DRIVE_DRY_1) << 1 | is_on(status, PACKRIG_DRIVE_DRY_2) << 2);
}

void write_cells(const Board& board, Image& image) {
  const Status status = board.status();
  image.put_bytes(board.part().cell_frame_bytes, board.part().cell_frame_byte_count);
  put_cells(status, image);
  put_pack(status, image);
  put_temperatures(status, image);
  put_outputs(status, image);
  put_countdowns(status, image);
}

void put_triggers(const Options& options, Image& image) {
  image.put(234, 1, options.buzzer_source);
  image.put(235, 1, options.dry_1_source);
  image.put(236, 1, options.dry_2_source);
  size_t offset = 238;
  const Trigger triggers[] = {options.buzzer, options.dry_1, options.dry_2};
  for (const Trigger& trigger : triggers) {
    image.put(offset, 4, trigger.on_value);
    image.put(offset + 4, 4, trigger.off_value);
    offset += 8;
  }
  image.put(266, 1, options.rcv_time_dh);
  image.put(267, 1, options.rfv_time_dh);
  image.put(269, 1, options.emergency_min);
  image.put(278, 1, options.rebulk_percent);
}

void write_device(const Board& board, Image& image) {
  const Part& part = board.part();
  const Identity& identity = part.identity;
  const Options& options = board.options();
  const Status status = board.status();
  image.put_bytes(part.device_frame_bytes, part.device_frame_byte_count);
  image.put_text(6, 16, identity.model);
  image.put_text(22, 8, identity.hardware);
  image.put_text(30, 8, identity.software);
  image.put(38, 4, status.run_time_s);
  image.put(42, 4, status.power_on_count);
  image.put_text(46, 16, options.device_name);
  image.put_text(62, 16, options.passcode);
  image.put_text(78, 8, identity.date);
  image.put_text(86, 11, identity.serial);
  image.put_text(102, 16, options.user_data);
  image.put_text(118, 16, options.setup_password);
  image.put(184, 1, options.uart_protocol);
  image.put(185, 1, options.can_protocol);
  image.put(186, 4, part.uart_protocols);
  image.put_text(134, 16, options.user_data_2);
  put_triggers(options, image);
  image.put(202, 4, part.can_protocols);
}

// Newest first [assumed].
void write_log(const Board& board, Image& image) {
  constexpr size_t entries = 11;
  constexpr size_t entry_size = 5;
  static_assert(entries + entry_size * log_length <= sum_offset);
  image.put(6, 4, board.status().event_count);
  image.put(10, 1, 3);  // in every capture
  Event event{};
  for (uint32_t age = 0; board.read_event(age, event); ++age) {
    image.put(entries + entry_size * age, 4, event.run_time_s);
    image.put(entries + entry_size * age + 4, 1, event.code);
  }
}

}  // namespace

int32_t board_value(uint8_t register_number, int32_t value) {
  // Turned round as it is on the wire, 32 bits: the lowest number has no opposite.
  return register_number == current_calibration_mA ? static_cast<int32_t>(0u - static_cast<uint32_t>(value)) : value;
}

void write_frame(const Board& board, Type type, uint8_t counter, uint8_t* frame) {
  if (type == Type::settings) {
    store_frame(board.settings(), frame, frame_size);
  } else {
    for (size_t i = 0; i < frame_size; ++i) frame[i] = 0;
    Image image(frame);
    image.put(0, 4, 0x90EBAA55u);
    frame[4] = static_cast<uint8_t>(type);
    if (type == Type::cells) write_cells(board, image);
    if (type == Type::device) write_device(board, image);
    if (type == Type::log) write_log(board, image);
  }
  frame[counter_offset] = counter;
  frame[sum_offset] = static_cast<uint8_t>(sum_of_bytes(frame, sum_offset));
}

}  // namespace packrig::bms::jk02
