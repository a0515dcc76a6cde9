// A pack as it was built: constant for the life of a plant and shared by its copies.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "models/connector.hpp"
#include "models/fuse.hpp"
#include "models/harness.hpp"
#include "models/ntc.hpp"
#include "models/relay.hpp"
#include "models/shunt.hpp"
#include "models/thermal_network.hpp"

namespace packrig {

struct CellFacts;
struct CellSet;
struct ElectrochemicalSet;

// Standard deviations of normal draws, one per cell, cut at four of them.
struct CellSpread {
  double capacity = 0.0;    // relative
  double resistance = 0.0;  // relative, of all resistances
  double soc = 0.0;         // of the initial state of charge, absolute
};

// Where the BMS's supply takes its return current: an own draw that bypasses the shunt is never counted by the BMS.
enum class SupplyReturn : std::uint8_t { before_shunt, after_shunt };

struct PackDescription {
  // What the cells are: exactly one of the two is set.
  std::shared_ptr<const CellSet> cells;                        // as equivalent circuits
  std::shared_ptr<const ElectrochemicalSet> electrochemistry;  // as single-particle models with electrolyte
  int series = 16;
  int parallel = 1;
  double capacity_Ah = 100.0;  // of one cell; the cell set is scaled to it
  CellSpread spread;
  double initial_soc = 0.5;
  std::array<double, cell_count_max> soc_offset{};  // of each series group, added before the cut to 0..1
  double initial_degC = 25.0;
  double ambient_degC = 25.0;
  ThermalDescription thermal;
  double monthly_self_discharge_share = 0.0;  // of the capacity at nominal voltage, in 30 days; as a resistor

  // Between a group and the tap below it: busbar and contacts. A cell's reading holds its drop. Assumed.
  double busbar_Ohm = 0.05e-3;
  double cell_contact_Ohm = 0.0;  // of each cell of a parallel group to the group, on top; no reading holds its drop
  HarnessDescription harness;
  SupplyReturn supply_return = SupplyReturn::before_shunt;
  ShuntDescription shunt;
  NtcDescription ntc;  // all three; they sit on the first, the middle and the last group
  FuseDescription fuse;

  RelayDescription charge_relay;
  RelayDescription discharge_relay;
  // A small relay: faster, a few ten ampere. Assumed.
  RelayDescription precharge_relay{.operate_s = 10e-3,
                                   .release_s = 5e-3,
                                   .bounce_s = 1e-3,
                                   .bounce_count = 2,
                                   .contact_Ohm = 5e-3,
                                   .making_limit_A = 30.0,
                                   .breaking_limit_A = 30.0,
                                   .arc_V = 200.0};
  double precharge_Ohm = 50.0;  // assumed
  double loop_H = 2e-6;         // the load loop as a whole, some metres of cable; assumed
  // Input capacitor of what hangs on the load port. Assumed: a filter, not the bank of a large inverter, so that the
  // surge into it (voltage / sqrt(loop_H / load_F)) stays below the making limit for any pack of up to 25 cells even
  // without precharge.
  double load_F = 0.3e-3;

  // What is known of its cells whatever the model.
  const CellFacts& cell() const;
};

// Throws BadInput naming the member, its value and the range. What a chemistry accepts as a number of cells is the
// rule of a part, not of a pack.
void check(const PackDescription& description);

}  // namespace packrig
