// Made-up cells for tests: round numbers, so that an expectation can be worked out by hand.
#pragma once

#include <vector>

#include "models/cells/cell_set.hpp"

namespace packrig::reference {

inline math::Table2 element(const std::vector<double>& at_soc_0_half_1) {
  const std::vector<double> soc{0.0, 0.5, 1.0};
  const std::vector<double> degC{25.0};
  return {"element", soc, degC, at_soc_0_half_1, element_soc_grid(), temperature_grid(degC)};
}

// 10 Ah, OCV 3.0..3.4 V with a bend at half charge, 0.25 mV/K; R0 10 mOhm, RC 5 mOhm/10 s and 8 mOhm/200 s.
inline CellSet plain_cell() {
  CellSet set;
  set.name = "plain";
  set.capacity_Ah = 10.0;
  set.nominal_V = 3.2;
  set.usual_low_V = 2.5;
  set.usual_high_V = 3.6;
  const std::vector<double> soc{0.0, 0.5, 1.0};
  const std::vector<double> degC{0.0, 40.0};
  const std::vector<double> open{3.0, 3.3, 3.4, 3.01, 3.31, 3.41};
  set.open_circuit_V = make_open_circuit_table(soc, degC, open);
  set.entropy_V_per_K = math::Table1("entropy", soc, std::vector<double>{2e-4, 2e-4, 2e-4}, element_soc_grid());
  set.series_Ohm = element({0.010, 0.010, 0.010});
  set.rc[0] = {element({0.005, 0.005, 0.005}), element({10.0, 10.0, 10.0})};
  set.rc[1] = {element({0.008, 0.008, 0.008}), element({200.0, 200.0, 200.0})};
  set.heat_capacity_J_per_K = 300.0;
  set.thermal_resistance_K_per_W = 4.0;
  set.validity = {2.5, 3.6, 0.0, 40.0, 0.0, 1.0};
  return set;
}

// The same with elements that depend on charge.
inline CellSet bent_cell() {
  CellSet set = plain_cell();
  set.series_Ohm = element({0.020, 0.010, 0.012});
  set.rc[0] = {element({0.010, 0.005, 0.007}), element({14.0, 10.0, 12.0})};
  set.rc[1] = {element({0.016, 0.008, 0.010}), element({300.0, 200.0, 250.0})};
  return set;
}

}  // namespace packrig::reference
