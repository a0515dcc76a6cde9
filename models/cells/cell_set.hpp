// A cell as an equivalent circuit: plain values and tables, no files and no state.
#pragma once

#include <array>
#include <span>

#include "models/cells/cell_facts.hpp"
#include "models/math/table.hpp"

namespace packrig {

// One resistor parallel to one capacitor, as resistance and time constant over state of charge and temperature. As it
// stands a pair is absent: no resistance.
struct RcPair {
  math::Table2 resistance_Ohm = math::Table2::constant(0.0);
  math::Table2 time_constant_s = math::Table2::constant(1.0);
};

// Equivalent circuit: OCV(SoC, T) - R0(SoC, T) - up to two RC pairs, with one lumped temperature.
// Resistances are those of the whole cell at `capacity_Ah`. Temperature axes are in degC, SoC axes run 0..1, except
// that of `open_circuit_V`, which make_open_circuit_table() has continued beyond both ends.
struct CellSet : CellFacts {
  math::Table2 open_circuit_V;
  math::Table1 entropy_V_per_K;  // dU/dT over SoC
  math::Table2 series_Ohm;       // R0
  std::array<RcPair, 2> rc;
};

// How far beyond 0..1 the open-circuit table is continued, in SoC.
inline constexpr double soc_margin = 0.25;

// The open-circuit table of a cell from its knots over SoC 0..1 (first knot 0, last knot 1; one row per temperature).
//
// Beyond both ends the curve goes on with the slope of its end (models/cells/continuation.hpp), because protections act
// where no cell model is valid: above full it reaches 5.5 V, below empty -0.5 V. Beyond an overrun of soc_margin the
// table holds its last value.
// Throws BadInput when the knots do not reach from 0 to 1, a value is outside 0..5 V, or a row does not rise with SoC.
math::Table2 make_open_circuit_table(std::span<const double> soc, std::span<const double> temperature_degC,
                                     std::span<const double> value_V);

// The grids on which cell tables are stored: steps of 0.0025 in SoC for the open circuit (0.05 for the elements);
// in temperature the coarsest uniform grid of at least 5 K that has every knot on a point, or else of 5 K.
math::Grid element_soc_grid();
math::Grid temperature_grid(std::span<const double> temperature_degC);

// The same cell at another capacity, as if cut to size: resistances go with 1/C, heat capacity with C, thermal
// resistance with 1/C (surface grows with volume: an optimistic assumption for large cells); voltages and time
// constants stay. Throws BadInput unless capacity_Ah is finite and positive.
CellSet scaled_to_capacity(const CellSet& set, double capacity_Ah);

}  // namespace packrig
