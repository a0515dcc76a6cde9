#include "rig/codec/lcd.hpp"

namespace packrig::lcd {

namespace {

constexpr std::size_t status_length = 93;  // command, address, 90 bytes
constexpr std::size_t data_at = 6;
constexpr std::size_t slot_count = 24;

// The warnings of the status frame from data offset 72 on.
constexpr Alarm warnings[] = {
    Alarm::cell_under_voltage,     Alarm::cell_over_voltage,        Alarm::discharge_over_current,
    Alarm::board_over_temperature, Alarm::battery_over_temperature, Alarm::discharge_short_circuit,
    Alarm::internal_communication, Alarm::wire_resistance,          Alarm::cell_count,
};

}  // namespace

Match match(std::span<const std::uint8_t> bytes) {
  if (bytes[0] != 0xA5) return Match::nothing();
  if (bytes.size() < 2) return Match::more();
  if (bytes[1] != 0x5A) return Match::nothing();
  if (bytes.size() < 3) return Match::more();
  if (bytes[2] < 3 || bytes[2] > status_length) return Match::nothing();
  const std::size_t whole = 3U + bytes[2];
  return bytes.size() < whole ? Match::more() : Match::frame(whole);
}

bool is_status(const RawFrame& raw) {
  return raw.bytes[2] == status_length && raw.bytes[3] == 0x82 && raw.bytes[4] == 0x10 && raw.bytes[5] == 0x00;
}

Telemetry telemetry_of(const RawFrame& raw) {
  const auto word = [&](std::size_t offset) {
    return static_cast<std::uint16_t>(raw.bytes[data_at + offset] << 8 | raw.bytes[data_at + offset + 1]);
  };
  const auto signed_word = [&](std::size_t offset) {
    return static_cast<double>(static_cast<std::int16_t>(word(offset)));
  };
  const auto degC = [&](std::size_t offset) -> std::optional<double> {
    const double value_degC = signed_word(offset);
    // Boards show -200 degC for a probe that is not there.
    return value_degC <= -200.0 ? std::nullopt : std::optional<double>(value_degC);
  };
  Telemetry telemetry;
  telemetry.arrival_ns = raw.arrival_ns;
  telemetry.pack_V = word(0) / 100.0;
  telemetry.current_A = 0.0 - signed_word(2) / 10.0;  // charging is positive on the wire
  telemetry.soc = word(6) / 100.0;
  telemetry.board_degC = degC(10);
  telemetry.probe_degC[0] = degC(12);
  telemetry.charge_on = word(20) != 0;
  telemetry.discharge_on = word(22) != 0;
  double sum_V = 0.0;
  for (std::size_t slot = 0; slot < slot_count; ++slot) {
    const double cell_V = word(24 + 2 * slot) / 1000.0;
    if (cell_V == 0.0) break;
    telemetry.cell_V.push_back(cell_V);
    sum_V += cell_V;
  }
  if (*telemetry.pack_V - sum_V > 0.5 * word(16) / 1000.0) telemetry.cell_V.clear();
  telemetry.alarms.emplace();
  for (std::size_t i = 0; i < std::size(warnings); ++i) {
    if (word(72 + 2 * i) != 0) telemetry.alarms->add(warnings[i]);
  }
  return telemetry;
}

}  // namespace packrig::lcd
