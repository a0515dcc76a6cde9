#include "nw_values.hpp"

#include "models/bms/alarms.hpp"
#include "rounding.hpp"

namespace packrig::bms::nw::value {
namespace {

// To the bits of 0x8B of the same meaning; the other alarms have none there, and a cell under-voltage has the one that
// ProtocolChoices names.
constexpr AlarmBit alarm_bits[] = {
    {Alarm::board_hot, 1},          {Alarm::cell_over_voltage, 10}, {Alarm::pack_over_voltage, 2},
    {Alarm::charge_current, 5},     {Alarm::charge_hot, 4},         {Alarm::charge_cold, 9},
    {Alarm::pack_under_voltage, 3}, {Alarm::discharge_current, 6},  {Alarm::discharge_hot, 4},
    {Alarm::discharge_cold, 9},
};
constexpr uint32_t low_capacity_bit = 1u << 0;  // below low_capacity_percent; a warning
constexpr int32_t low_capacity_percent = 20;    // register 0xB1

const ProtocolChoices& choices_of(const Asked& asked) { return asked.board.part().protocol; }

const Identity& identity_of(const Asked& asked) { return asked.board.part().identity; }

void number(const Asked& asked, uint32_t value, Writer& reply) { reply.big_endian(value, asked.row.size); }

void number(const Asked& asked, int32_t value, Writer& reply) { number(asked, static_cast<uint32_t>(value), reply); }

int32_t register_of(const Asked& asked) { return bms::setting(asked.board.settings(), asked.row.register_number); }

uint32_t temperature_raw(const ProtocolChoices& choices, int32_t value_ddegC) {
  if (value_ddegC == absent_ddegC) return choices.nw_absent_probe_raw;
  const int32_t value_degC = to_degC(value_ddegC);
  if (value_degC < 0) return choices.nw_minus_one_degC_raw + static_cast<uint32_t>(-1 - value_degC);
  return static_cast<uint32_t>(value_degC < 100 ? value_degC : 100);
}

}  // namespace

void setting(const Asked& asked, Writer& reply) { number(asked, register_of(asked) / asked.row.number, reply); }

void fixed(const Asked& asked, Writer& reply) { number(asked, asked.row.number, reply); }

void cells(const Asked& asked, Writer& reply) {
  const Status& status = asked.status;
  reply.u8(static_cast<uint32_t>(3 * status.cell_count));
  for (int32_t cell = 0; cell < status.cell_count; ++cell) {
    reply.u8(static_cast<uint32_t>(cell + 1));
    reply.big_endian(static_cast<uint32_t>(status.cell_mV[cell]), 2);
  }
}

void board_temperature(const Asked& asked, Writer& reply) {
  number(asked, temperature_raw(choices_of(asked), asked.status.board_ddegC), reply);
}

void probe_temperature(const Asked& asked, Writer& reply) {
  number(asked, temperature_raw(choices_of(asked), asked.status.probe_ddegC[asked.row.number]), reply);
}

void pack_10mV(const Asked& asked, Writer& reply) { number(asked, round_div(asked.status.pack_mV, 10), reply); }

// Units of 10 mA, bit 15 while charging; the board's shunt ends below the 327.67 A that fit.
void current(const Asked& asked, Writer& reply) {
  const int32_t tens = round_div(asked.status.current_mA, 10);
  number(asked, tens < 0 ? static_cast<uint32_t>(-tens) | 0x8000u : static_cast<uint32_t>(tens), reply);
}

void soc_percent(const Asked& asked, Writer& reply) { number(asked, asked.status.soc_percent, reply); }

void cycles(const Asked& asked, Writer& reply) { number(asked, asked.status.cycles, reply); }

void cycle_Ah(const Asked& asked, Writer& reply) { number(asked, asked.status.cycle_mAh / 1000, reply); }

void cell_count(const Asked& asked, Writer& reply) { number(asked, asked.status.cell_count, reply); }

void alarms(const Asked& asked, Writer& reply) {
  const Status& status = asked.status;
  uint32_t word = translated(status.alarms, alarm_bits);
  if (has(status.alarms, Alarm::cell_under_voltage)) word |= 1u << choices_of(asked).nw_cell_under_voltage_bit;
  const bool low = status.soc_percent < low_capacity_percent;
  if (low && choices_of(asked).nw_warns_of_low_capacity) word |= low_capacity_bit;
  number(asked, word, reply);
}

void state(const Asked& asked, Writer& reply) {
  const Status& status = asked.status;
  const bool dropped = has(status.alarms, Alarm::cell_number);
  uint32_t word = 0;
  if ((status.drives & PACKRIG_DRIVE_CHARGE) != 0) word |= 1u << 0;
  if ((status.drives & PACKRIG_DRIVE_DISCHARGE) != 0) word |= 1u << 1;
  if (status.balance_mA != 0) word |= 1u << 2;
  if (dropped == choices_of(asked).nw_status_bit_3_is_dropped) word |= 1u << 3;
  number(asked, word, reply);
}

void pack_limit_10mV(const Asked& asked, Writer& reply) {
  number(asked, register_of(asked) * asked.status.cell_count / 10, reply);
}

void cell_delay_s(const Asked& asked, Writer& reply) { number(asked, asked.board.part().cell_delay_ms / 1000, reply); }

void chemistry(const Asked& asked, Writer& reply) { number(asked, asked.status.chemistry, reply); }

void password(const Asked& asked, Writer& reply) {
  reply.text(asked.board.options().setup_password, asked.row.size, '\0');
}

void device_id(const Asked& asked, Writer& reply) { reply.text(asked.board.options().user_data, asked.row.size, '\0'); }

void date(const Asked& asked, Writer& reply) { reply.text(identity_of(asked).date, asked.row.size, '\0'); }

void run_time_min(const Asked& asked, Writer& reply) { number(asked, asked.status.run_time_s / 60, reply); }

void version(const Asked& asked, Writer& reply) {
  const size_t end = reply.length() + asked.row.size;
  reply.text(identity_of(asked).hardware);
  reply.text("_S");
  reply.text(identity_of(asked).software);
  while (reply.length() < end) reply.u8('_');
}

void full_Ah(const Asked& asked, Writer& reply) { number(asked, asked.status.full_mAh / 1000, reply); }

void manufacturer(const Asked& asked, Writer& reply) {
  reply.text(asked.board.options().user_data, 12, '\0');
  reply.text(identity_of(asked).model, 12, '\0');
}

void address(const Asked& asked, Writer& reply) {
  number(asked, uint32_t{device_address(asked.board.settings())}, reply);
}

}  // namespace packrig::bms::nw::value
