// What one type of cell is: plain values and tables, no files and no state.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/math/table.hpp"

namespace packrig {

enum class Chemistry : std::uint8_t { lfp, li_ion, lto };
constexpr const char* chemistry_name(Chemistry chemistry) {
  constexpr const char* names[] = {"lfp", "li_ion", "lto"};
  return names[static_cast<int>(chemistry)];
}
// "lfp", "li_ion", "lto"; nothing for any other name.
std::optional<Chemistry> chemistry_from_name(std::string_view name);

// One resistor parallel to one capacitor, as resistance and time constant over state of charge and temperature. As it
// stands a pair is absent: no resistance.
struct RcPair {
  math::Table2 resistance_Ohm = math::Table2::constant(0.0);
  math::Table2 time_constant_s = math::Table2::constant(1.0);
};

// Outside these the model was never fitted: cells go on smoothly and are flagged.
struct CellValidity {
  double low_V = 0.0;
  double high_V = 0.0;
  double low_degC = 0.0;
  double high_degC = 0.0;
  double low_soc = 0.0;
  double high_soc = 1.0;
};

// Equivalent circuit: OCV(SoC, T) - R0(SoC, T) - up to two RC pairs, with one lumped temperature.
// Resistances are those of the whole cell at `capacity_Ah`. Temperature axes are in degC, SoC axes run 0..1, except
// that of `open_circuit_V`, which make_open_circuit_table() has continued beyond both ends.
struct CellSet {
  std::string name;
  Chemistry chemistry = Chemistry::lfp;
  std::string provenance;  // where the numbers come from, in words that a report can show
  bool composed = false;   // true: put together from literature; never measured as one cell
  std::string label;       // what reports must show beside the name when `composed`; empty otherwise

  double capacity_Ah = 0.0;
  double nominal_V = 0.0;
  double usual_low_V = 0.0;   // usual end of discharge
  double usual_high_V = 0.0;  // usual end of charge

  math::Table2 open_circuit_V;
  math::Table1 entropy_V_per_K;  // dU/dT over SoC
  math::Table2 series_Ohm;       // R0
  std::array<RcPair, 2> rc;

  double heat_capacity_J_per_K = 0.0;
  double thermal_resistance_K_per_W = 0.0;  // lumped temperature to ambient
  CellValidity validity;
};

// How far beyond 0..1 the open-circuit table is continued, in SoC.
inline constexpr double soc_margin = 0.25;

// The open-circuit table of a cell from its knots over SoC 0..1 (first knot 0, last knot 1; one row per temperature).
//
// Beyond both ends the curve goes on with the slope of its end (so without a kink) and strictly monotonically, because
// protections act where no cell model is valid: above full it reaches 5.5 V, below empty -0.5 V. With D the distance to
// that voltage, a the slope at the end and u the overrun of SoC:
//   - a flat end (0.1 a <= D): a u + (D - 0.1 a) (u / 0.1)^2, which has covered D at u = 0.1, and on from there with
//   its slope;
//   - a steep end: D (1 - exp(-a u / D)), which approaches D.
// These are chosen shapes, not physics. Beyond an overrun of soc_margin the table holds its last value.
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
