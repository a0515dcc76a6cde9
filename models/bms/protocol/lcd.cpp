#include "lcd.hpp"

#include "models/bms/alarms.hpp"
#include "rounding.hpp"

namespace packrig::bms::lcd {
namespace {

constexpr uint32_t header = 0xA55A;
constexpr uint32_t length = 1 + 2 + 90;  // command, address, data
constexpr uint32_t write_command = 0x82;
constexpr uint32_t status_address = 0x1000;
constexpr int32_t cell_slots = 24;  // a 25th cell is not shown
constexpr int32_t reserved = 3;     // in every capture

// Bits of the board's alarm word that raise a warning of the display, in the order of its words.
constexpr uint32_t warnings[] = {
    bits_of(Alarm::cell_under_voltage),
    bits_of(Alarm::cell_over_voltage),
    bits_of(Alarm::charge_current, Alarm::discharge_current),
    bits_of(Alarm::board_hot),
    bits_of(Alarm::charge_hot, Alarm::discharge_hot),
    bits_of(Alarm::charge_short, Alarm::discharge_short),
    bits_of(Alarm::front_end),
    bits_of(Alarm::wire_resistance),
    bits_of(Alarm::cell_number),
};
constexpr uint32_t reminder = bits_of(Alarm::password);

}  // namespace

void write_status(const Board& board, Writer& frame) {
  const Status status = board.status();
  const auto word = [&](int32_t value) { frame.big_endian(static_cast<uint32_t>(value), 2); };
  const auto flag = [&](bool on) { word(on ? 1 : 0); };
  frame.big_endian(header, 2);
  frame.u8(length);
  frame.u8(write_command);
  frame.big_endian(status_address, 2);
  word(round_div(status.pack_mV, 10));
  word(round_div(-status.current_mA, 100));
  word(reserved);
  word(status.soc_percent);
  word(status.cell_mV[status.highest_cell] - status.cell_mV[status.lowest_cell]);
  word(to_degC(status.board_ddegC));
  word(to_degC(status.probe_ddegC[0]));
  flag((status.alarms & ~reminder) != 0);
  word(status.average_mV);
  word(setting(board.settings(), balance_switch));
  flag((status.drives & PACKRIG_DRIVE_CHARGE) != 0);
  flag((status.drives & PACKRIG_DRIVE_DISCHARGE) != 0);
  for (int32_t cell = 0; cell < cell_slots; ++cell) word(cell < status.cell_count ? status.cell_mV[cell] : 0);
  for (const uint32_t bits : warnings) flag((status.alarms & bits) != 0);
}

}  // namespace packrig::bms::lcd
