// The quantities that a board reports over a bus, by name, for conditions and rules.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "rig/codec/telemetry.hpp"

namespace packrig {

enum class ReportedQuantity : std::uint8_t {
  cell_V,  // numbers from 1
  pack_V,
  current_A,  // positive when it discharges the pack
  soc,        // 0 to 1
  remaining_Ah,
  full_Ah,
  cycle_Ah,
  cycle_count,
  board_degC,
  probe_degC,  // numbers from 1
  balance_A,   // positive into the low cell
  charge_on,   // 1 or 0
  discharge_on,
  balancing_on,
  suspect_cells,  // bit per cell, 0 first
  alarms,         // bits of AlarmSet
};
inline constexpr int reported_quantity_count = 16;

struct ReportedChannel {
  ReportedQuantity quantity = ReportedQuantity::pack_V;
  int number = 0;  // 1-based; 0 where the quantity is single

  bool operator==(const ReportedChannel&) const = default;
};

constexpr const char* reported_name(ReportedQuantity quantity) {
  constexpr std::array<const char*, reported_quantity_count> names = {
      "cell_V",       "pack_V",       "current_A",     "soc",        "remaining_Ah", "full_Ah",
      "cycle_Ah",     "cycle_count",  "board_degC",    "probe_degC", "balance_A",    "charge_on",
      "discharge_on", "balancing_on", "suspect_cells", "alarms"};
  return names[static_cast<std::size_t>(quantity)];
}

// The columns of a trace's reported rows: cells first, then probes, then the single ones in the enumerators' order.
// What a frame does not carry is NaN.
std::vector<std::string> reported_columns(int cell_count);
void fill_reported_row(const Telemetry& telemetry, int cell_count, std::vector<double>& row);
// Throws BadInput for a cell or a probe that does not exist.
std::size_t reported_column(ReportedChannel channel, int cell_count);
// "V", "A", "degC", "Ah"; "1" where there is none.
std::string reported_unit(ReportedQuantity quantity);
// For example "reported cell 3".
std::string reported_label(ReportedChannel channel);

}  // namespace packrig
