// What a board says of itself, in the project's units and signs, whatever language it said it in. What a language does
// not carry, or a board does not know, is absent: never zero.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "models/bounded_list.hpp"
#include "models/time.hpp"
#include "rig/codec/alarms.hpp"

namespace packrig {

// Cell slots of the largest frame layout (JK02_32S).
inline constexpr std::size_t reported_cell_count_max = 32;
inline constexpr std::size_t reported_probe_count = 5;

struct Telemetry {
  TimeNs arrival_ns = 0;  // the end of the last byte's stop bit
  BoundedList<double, reported_cell_count_max> cell_V;
  std::optional<double> pack_V;
  std::optional<double> current_A;  // positive when it discharges the pack
  std::optional<double> soc;        // 0 to 1
  std::optional<double> soh_share;  // 0 to 1
  std::optional<double> remaining_Ah;
  std::optional<double> full_Ah;      // learned by the board
  std::optional<double> capacity_Ah;  // as it was set
  std::optional<double> cycle_Ah;     // throughput, by the sheet half of charge and discharge
  std::optional<double> cycle_count;
  std::optional<double> board_degC;  // power tubes or relay drivers
  std::array<std::optional<double>, reported_probe_count> probe_degC;
  std::optional<AlarmSet> alarms;
  std::optional<bool> charge_on;
  std::optional<bool> discharge_on;
  std::optional<bool> precharge_on;
  std::optional<bool> balancing_on;
  std::optional<bool> heating_on;
  std::optional<bool> charger_plugged;
  std::optional<double> balance_A;  // positive into the low cell, negative out of the high one
  BoundedList<double, reported_cell_count_max> wire_Ohm;
  std::optional<std::uint32_t> suspect_cells;  // whose sense wires are bad; bit per cell, 0 first
  std::optional<double> run_time_s;
  std::string model;
  std::string hardware;
  std::string software;
};

}  // namespace packrig
