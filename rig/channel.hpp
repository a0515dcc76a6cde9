// The quantities at the plug that a scenario imposes and a rule watches, by name.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace packrig {

enum class Quantity : std::uint8_t {
  cell_V,      // one cell at the BMS's connector; number 1..25
  cell_max_V,  // the highest cell
  cell_min_V,  // the lowest cell
  current_A,   // shunt voltage over the nominal shunt resistance, positive when discharging
  ntc_degC,    // one probe through the rig's NTC curve; number 1..3
  supply_V,    // at the BMS's supply pins
  supply_A,    // mean current that the BMS draws there; observed, never imposed
};
inline constexpr int quantity_count = 7;

struct Channel {
  Quantity quantity = Quantity::current_A;
  int number = 0;  // 1-based; 0 where the quantity is single

  bool operator==(const Channel&) const = default;
};

constexpr const char* quantity_name(Quantity quantity) {
  constexpr std::array<const char*, quantity_count> names = {"cell_V",   "cell_max_V", "cell_min_V", "current_A",
                                                             "ntc_degC", "supply_V",   "supply_A"};
  return names[static_cast<std::size_t>(quantity)];
}

// "V", "A" or "degC": the last word of the quantity's name.
inline std::string quantity_unit(Quantity quantity) {
  const std::string name = quantity_name(quantity);
  return name.substr(name.rfind('_') + 1);
}

// For example "cell 3" or "current".
inline std::string channel_label(Channel channel) {
  switch (channel.quantity) {
    case Quantity::cell_V:
      return "cell " + std::to_string(channel.number);
    case Quantity::cell_max_V:
      return "highest cell";
    case Quantity::cell_min_V:
      return "lowest cell";
    case Quantity::current_A:
      return "current";
    case Quantity::ntc_degC:
      return "probe " + std::to_string(channel.number);
    case Quantity::supply_V:
      return "supply";
    case Quantity::supply_A:
      return "supply current";
  }
  return "?";
}

}  // namespace packrig
