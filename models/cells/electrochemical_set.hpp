// A cell as electrochemistry: what the single-particle model with electrolyte needs. Plain values and tables, no files
// and no state. Names follow the BPX standard (rig/parameters/bpx_reader.hpp); stoichiometry is called x.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "models/cells/cell_facts.hpp"
#include "models/math/table.hpp"

namespace packrig {

struct Electrode {
  double thickness_m = 0.0;
  double porosity = 0.0;              // volume share of electrolyte
  double transport_efficiency = 0.0;  // effective over bulk transport in the electrolyte
  double conductivity_S_per_m = 0.0;  // effective, of the solid
  double particle_radius_m = 0.0;
  double surface_per_m = 0.0;  // particle surface per volume of electrode
  double greatest_mol_per_m3 = 0.0;
  double lowest_x = 0.0;  // of the usual window
  double highest_x = 1.0;
  double rate_mol_per_m2_s = 0.0;  // j0 = F k sqrt(c_e / c_e0 x (1 - x))
  double rate_activation_J_per_mol = 0.0;
  double diffusivity_activation_J_per_mol = 0.0;
  math::Table1 open_V;                // over x, from make_electrode_potential()
  math::Table1 entropy_V_per_K;       // dU/dT over x
  math::Table1 diffusivity_m2_per_s;  // over x, at the reference temperature
  bool diffusivity_varies = false;    // with x

  // Charge of the usual window per area of electrode.
  double window_C_per_m2() const;
};

struct Separator {
  double thickness_m = 0.0;
  double porosity = 0.0;
  double transport_efficiency = 0.0;
};

struct Electrolyte {
  double initial_mol_per_m3 = 0.0;
  double transference = 0.0;
  double diffusivity_m2_per_s = 0.0;  // at the initial concentration and the reference temperature
  double diffusivity_activation_J_per_mol = 0.0;
  double conductivity_activation_J_per_mol = 0.0;
  math::Table1 conductivity_S_per_m;  // over concentration [mol/m3], at the reference temperature
};

// One state h between -1 (after discharge) and 1 (after charge) adds h half_gap_V(SoC) to the cell's open-circuit
// voltage; it follows the charge that passes, dh/dq = decay (-sgn I - h) with q in cell capacities (G. L. Plett,
// Battery Management Systems I, 2015, section 2.9).
struct OpenCircuitHysteresis {
  bool present = false;
  double decay = 0.0;
  math::Table1 half_gap_V;  // over SoC
};

struct ElectrochemicalSet : CellFacts {
  double reference_degC = 25.0;
  double area_m2 = 0.0;  // of all electrode pairs
  Electrode negative;
  Separator separator;
  Electrode positive;
  Electrolyte electrolyte;
  OpenCircuitHysteresis hysteresis;
};

// Which side an electrode is on decides where its potential goes beyond what is known.
enum class ElectrodeSide : std::uint8_t { negative, positive };

// The grid over x on which potentials are stored; beyond 0..1 they are continued.
math::Grid potential_grid();
// The grid over x of slowly varying properties, and the one over concentration.
math::Grid stoichiometry_grid();
math::Grid concentration_grid();

// An electrode's potential over x from its knots. Within `lowest_x`..`highest_x` it must fall strictly; outside it is
// kept as far as it falls and stays inside -0.4..5.4 V (positive; -0.4..4.4 V negative), and from there it goes on
// with the slope of its end (models/cells/continuation.hpp): towards -0.5 V for large x, and for small x towards 5.5 V
// (positive) or 4.5 V (negative), so that every cell reaches from below 0 V to above 5 V. Beyond -0.25..1.25 it holds
// its last value. Throws BadInput naming `name` when knots do not rise or do not cover the window, or the potential
// does not fall within it.
math::Table1 make_electrode_potential(const std::string& name, std::span<const double> x,
                                      std::span<const double> value_V, double lowest_x, double highest_x,
                                      ElectrodeSide side);

// The same cell at another capacity, as if cut to size: area and heat capacity go with C, thermal resistance with 1/C.
// Throws BadInput unless capacity_Ah is finite and positive.
ElectrochemicalSet scaled_to_capacity(const ElectrochemicalSet& set, double capacity_Ah);

}  // namespace packrig
