// How SpmeBank keeps the numbers of its cells: in tiles of eight cells, a cache line per number. In a loop over a tile
// every number lies at an address that the compiler knows from the tile's, and what a cell needs lies together however
// many there are.
//
// What others read or write of a bank (Faces) is apart: one row over all cells each.
#pragma once

#include <array>
#include <cstddef>

#include "models/cells/electrolyte_modes.hpp"
#include "models/cells/particle_modes.hpp"
#include "models/math/lines.hpp"

namespace packrig::spme {

enum Row : std::size_t {
  // description of each cell
  per_coulomb,     // 1 / (3600 Q)
  size_factor,     // of area
  resistance,      // its factor
  negative_empty,  // x_n at SoC 0
  positive_empty,
  // state
  charge_carry,                                               // what the compensated sum still owes SoC
  hysteresis,                                                 // h
  negative_modes,                                             // z
  positive_modes = negative_modes + particle_mode_count,      // z
  electrolyte_states = positive_modes + particle_mode_count,  // y
  // 1 - exp(-rate dt) of each of these states, for the present dt
  negative_gain = electrolyte_states + electrolyte_mode_count,
  positive_gain = negative_gain + particle_mode_count,
  electrolyte_gain = positive_gain + particle_mode_count,
  // of the last step
  negative_depth = electrolyte_gain + electrolyte_mode_count,  // mean less surface x
  positive_depth,
  negative_number,  // where the surface lies in the table of potentials
  negative_weight,
  positive_number,
  positive_weight,
  potential,       // U_p - U_n at the surfaces
  reaction_log,    // argument of the kinetics' logarithm, then the logarithm
  reaction_per_A,  // its slope
  // read at a temperature
  negative_rate_Hz,  // D/R^2
  positive_rate_Hz,
  electrolyte_rate,  // D_e
  negative_per_A,    // u_k / I
  positive_per_A,
  electrolyte_per_A,
  negative_kinetics_A2,  // j_k^2 / (c_k x (1 - x))
  positive_kinetics_A2,
  conduction,  // of kappa
  // read at a charge and a concentration
  read_soc,
  read_negative_salt,
  read_positive_salt,
  read_salt_log,           // ln(c_p / c_n) there, ready for its slopes in c_p and c_n
  per_read_negative_salt,  // 1 / c_n
  per_read_positive_salt,
  ohmic,
  entropy,
  half_gap,
  mean_open,        // OCV at read_soc
  mean_open_slope,  // dOCV/dSoC there
  row_count
};

inline constexpr std::size_t lanes = math::line_doubles;
struct alignas(lanes * sizeof(double)) Tile {
  std::array<std::array<double, lanes>, row_count> of{};

  std::array<double, lanes>& operator[](std::size_t row) { return of[row]; }
  const std::array<double, lanes>& operator[](std::size_t row) const { return of[row]; }
};

// Of all cells; each row is as long as the tiles have lanes.
enum Face : std::size_t {
  current,  // of the last step, A
  temperature,
  read_degC,  // at which what depends on temperature was last read
  charge,     // SoC
  heat,
  open,
  series,
  negative_salt,  // c_n
  positive_salt,
  negative_surface,  // x at the surface
  positive_surface,
  face_count
};
struct Faces {
  const double *current_A, *temperature_degC;
  double *soc, *heat_W, *open_V, *series_Ohm;
  double *negative_mol_per_m3, *positive_mol_per_m3, *negative_x, *positive_x;
};

}  // namespace packrig::spme
