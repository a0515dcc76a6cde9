// A made-up electrochemical cell for tests: round numbers near those of an NMC cell of 5 Ah.
#pragma once

#include <cmath>
#include <vector>

#include "models/cells/electrochemical_set.hpp"

namespace packrig::reference {

inline ElectrochemicalSet round_cell() {
  const auto on = [](const math::Grid& grid, auto curve) {
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < grid.count; ++i) {
      x.push_back(grid.at(i));
      y.push_back(curve(x.back()));
    }
    return std::pair(x, y);
  };
  const auto table = [&](const math::Grid& grid, auto curve) {
    const auto [x, y] = on(grid, curve);
    return math::Table1("test", x, y, grid);
  };
  ElectrochemicalSet set;
  set.name = "round";
  set.chemistry = Chemistry::li_ion;
  set.nominal_V = 3.8;
  set.usual_low_V = 2.5;
  set.usual_high_V = 4.3;
  set.area_m2 = 0.1;
  Electrode& n = set.negative;
  n.thickness_m = 80e-6;
  n.porosity = 0.3;
  n.transport_efficiency = 0.16;
  n.conductivity_S_per_m = 100.0;
  n.particle_radius_m = 6e-6;
  n.surface_per_m = 3e5;
  n.greatest_mol_per_m3 = 30e3;
  n.lowest_x = 0.03;
  n.highest_x = 0.9;
  n.rate_mol_per_m2_s = 7e-6;
  n.rate_activation_J_per_mol = 35e3;
  n.diffusivity_activation_J_per_mol = 30e3;
  n.diffusivity_m2_per_s = table(stoichiometry_grid(), [](double) { return 3e-14; });
  n.entropy_V_per_K = table(stoichiometry_grid(), [](double) { return -1e-4; });
  Electrode& p = set.positive;
  p.thickness_m = 75e-6;
  p.porosity = 0.33;
  p.transport_efficiency = 0.19;
  p.conductivity_S_per_m = 0.2;
  p.particle_radius_m = 5e-6;
  p.surface_per_m = 4e5;
  p.greatest_mol_per_m3 = 60e3;
  p.lowest_x = 0.27;
  p.highest_x = 0.85;
  p.rate_mol_per_m2_s = 7e-5;
  p.rate_activation_J_per_mol = 18e3;
  p.diffusivity_activation_J_per_mol = 15e3;
  p.diffusivity_m2_per_s = table(stoichiometry_grid(), [](double) { return 5e-15; });
  p.entropy_V_per_K = table(stoichiometry_grid(), [](double) { return 1e-4; });
  // Parabolas and hyperbolas: no libm, so the same bits everywhere.
  const auto [nx, nv] = on({0.0, 1.0, 1001}, [](double x) { return 0.02 + 0.02 / (x + 0.02) + 0.1 * (1.0 - x); });
  n.open_V = make_electrode_potential("test", nx, nv, n.lowest_x, n.highest_x, ElectrodeSide::negative);
  const auto [px, pv] = on({0.0, 1.0, 1001}, [](double x) { return 4.7 - 1.3 * x - 0.01 / (1.02 - x); });
  p.open_V = make_electrode_potential("test", px, pv, p.lowest_x, p.highest_x, ElectrodeSide::positive);
  set.separator = {12e-6, 0.47, 0.32};
  set.electrolyte.initial_mol_per_m3 = 1000.0;
  set.electrolyte.transference = 0.26;
  set.electrolyte.diffusivity_m2_per_s = 1.8e-10;
  set.electrolyte.diffusivity_activation_J_per_mol = 17e3;
  set.electrolyte.conductivity_activation_J_per_mol = 17e3;
  set.electrolyte.conductivity_S_per_m = table(concentration_grid(), [](double c) {
    return 0.05 + 1.8e-3 * c - 0.9e-6 * c * c * (c < 1000.0 ? 1.0 : 1000.0 / c);
  });
  set.capacity_Ah = n.window_C_per_m2() * set.area_m2 / 3600.0;
  set.heat_capacity_J_per_K = 60.0;
  set.thermal_resistance_K_per_W = 15.0;
  set.validity = {2.5, 4.3, -20.0, 60.0, 0.0, 1.0};
  return set;
}

}  // namespace packrig::reference
