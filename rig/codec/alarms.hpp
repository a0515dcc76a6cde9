// What a board may complain about, in one list for every language it speaks.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace packrig {

// The first 29 in the order of the maker's 32-bit alarm word (Modbus register 0x12A0, vendor document "BMS RS485 Modbus
// V1.1"; bits 24 to 28 from esphome-jk-bms). The others only 4E57 knows (its 16-bit register 0x8B, vendor document
// "Communication protocol between monitoring platform and BMS" V2.5).
enum class Alarm : std::uint8_t {
  wire_resistance,
  board_over_temperature,
  cell_count,
  current_sensor,
  cell_over_voltage,
  pack_over_voltage,
  charge_over_current,
  charge_short_circuit,
  charge_over_temperature,
  charge_under_temperature,
  internal_communication,
  cell_under_voltage,
  pack_under_voltage,
  discharge_over_current,
  discharge_short_circuit,
  discharge_over_temperature,
  charge_switch_abnormal,
  discharge_switch_abnormal,
  gps_disconnected,
  password_reminder,
  discharge_on_failed,
  battery_over_temperature,
  temperature_probe,
  parallel_module,
  short_release_failed,
  discharge_over_current_2,
  discharge_over_current_3,
  discharge_under_temperature,
  gps_locked,
  low_capacity,
  cell_difference,
  box_over_temperature,
  battery_under_temperature,
  protection_a,
  protection_b,
};
inline constexpr int alarm_count = 35;

constexpr const char* alarm_name(Alarm alarm) {
  constexpr std::array<const char*, alarm_count> names = {
      "wire_resistance",
      "board_over_temperature",
      "cell_count",
      "current_sensor",
      "cell_over_voltage",
      "pack_over_voltage",
      "charge_over_current",
      "charge_short_circuit",
      "charge_over_temperature",
      "charge_under_temperature",
      "internal_communication",
      "cell_under_voltage",
      "pack_under_voltage",
      "discharge_over_current",
      "discharge_short_circuit",
      "discharge_over_temperature",
      "charge_switch_abnormal",
      "discharge_switch_abnormal",
      "gps_disconnected",
      "password_reminder",
      "discharge_on_failed",
      "battery_over_temperature",
      "temperature_probe",
      "parallel_module",
      "short_release_failed",
      "discharge_over_current_2",
      "discharge_over_current_3",
      "discharge_under_temperature",
      "gps_locked",
      "low_capacity",
      "cell_difference",
      "box_over_temperature",
      "battery_under_temperature",
      "protection_a",
      "protection_b",
  };
  return names[static_cast<std::size_t>(alarm)];
}

// A set of alarms; bit k is the enumerator of value k.
class AlarmSet {
 public:
  constexpr AlarmSet() = default;
  constexpr explicit AlarmSet(std::uint64_t bits) : bits_(bits) {}

  constexpr void add(Alarm alarm) { bits_ |= bit(alarm); }
  constexpr bool has(Alarm alarm) const { return (bits_ & bit(alarm)) != 0; }
  constexpr bool has_any(AlarmSet others) const { return (bits_ & others.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint64_t bits() const { return bits_; }
  bool operator==(const AlarmSet&) const = default;

 private:
  static constexpr std::uint64_t bit(Alarm alarm) { return std::uint64_t{1} << static_cast<unsigned>(alarm); }

  std::uint64_t bits_ = 0;
};

// "cell_over_voltage, charge_over_current"; "none" of an empty set.
inline std::string describe(AlarmSet alarms) {
  std::string text;
  for (int i = 0; i < alarm_count; ++i) {
    const auto alarm = static_cast<Alarm>(i);
    if (!alarms.has(alarm)) continue;
    if (!text.empty()) text += ", ";
    text += alarm_name(alarm);
  }
  return text.empty() ? "none" : text;
}

}  // namespace packrig
