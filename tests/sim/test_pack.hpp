// A pack whose numbers are round, so that a test's expectation is arithmetic on paper.
#pragma once

#include <memory>
#include <vector>

#include "models/cells/cell_set.hpp"
#include "sim/pack_description.hpp"
#include "sim/plant.hpp"

namespace packrig::test {

// 3.2 V at half charge whatever the temperature, rising 0.4 V from empty to full; 1 mOhm, no RC pair, no entropy.
inline std::shared_ptr<const CellSet> plain_cells() {
  CellSet set;
  set.name = "plain";
  set.provenance = "made for tests";
  set.capacity_Ah = 100.0;
  set.nominal_V = 3.2;
  set.usual_low_V = 2.8;
  set.usual_high_V = 3.6;
  const std::vector<double> soc{0.0, 1.0};
  const std::vector<double> temperature_degC{25.0};
  const std::vector<double> value_V{3.0, 3.4};
  set.open_circuit_V = make_open_circuit_table(soc, temperature_degC, value_V);
  set.series_Ohm = math::Table2::constant(1e-3);
  set.heat_capacity_J_per_K = 1000.0;
  set.thermal_resistance_K_per_W = 4.0;
  set.validity = {2.0, 4.0, -20.0, 60.0, 0.0, 1.0};
  return std::make_shared<const CellSet>(set);
}

// 16 cells of 100 Ah; string of 16 mOhm and 51.2 V; shunt, fuse, contacts, busbars so that the loop is 20 mOhm:
// 16 x 1 mOhm + 16 x 0.1 mOhm + 0.5 mOhm (shunt) + 0.9 mOhm (fuse) + 1 mOhm (discharge contact).
inline PackDescription plain_pack() {
  PackDescription d;
  d.cells = plain_cells();
  d.series = 16;
  d.capacity_Ah = 100.0;
  d.busbar_Ohm = 0.1e-3;
  d.shunt.resistance_Ohm = 0.5e-3;
  d.fuse.resistance_Ohm = 0.9e-3;
  d.discharge_relay.contact_Ohm = 1e-3;
  d.charge_relay.contact_Ohm = 1e-3;
  d.precharge_relay.contact_Ohm = 1.0;
  d.precharge_Ohm = 49.0;
  d.loop_H = 2e-6;
  d.load_F = 1e-3;
  d.discharge_relay.making_limit_A = 10e3;  // the surge into the capacitor is 1145 A
  return d;
}

inline Plant make_plant(const PackDescription& d, std::uint64_t seed = 1) {
  return Plant(std::make_shared<const PackDescription>(d), seed);
}

inline Actions edge(TimeNs at_ns, Actuator actuator, bool on) {
  Actions actions;
  actions.edges.push_back({at_ns, actuator, on});
  return actions;
}

// Lets time pass as a session would: never beyond the plant's step limit.
inline void pass(Plant& plant, TimeNs until_ns, TimeNs tick_ns = 25 * millisecond_ns) {
  while (plant.now_ns() < until_ns) {
    TimeNs step_ns = std::min(tick_ns, until_ns - plant.now_ns());
    step_ns = std::min(step_ns, plant.step_limit_ns());
    plant.advance(Actions{}, plant.now_ns() + step_ns);
  }
}

// Drives a relay and waits until it has stopped bouncing and the circuit is quiet.
inline void switch_relay(Plant& plant, Actuator actuator, bool on) {
  const TimeNs start_ns = plant.now_ns();
  plant.advance(edge(start_ns, actuator, on), start_ns + microsecond_ns);
  pass(plant, start_ns + 100 * millisecond_ns);
}

inline Load load_of(Load::Kind kind, double value) {
  Load load;
  load.kind = kind;
  load.value = value;
  return load;
}

}  // namespace packrig::test
