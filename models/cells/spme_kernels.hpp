// The loops over cells of SpmeBank: none allocates, branches on data or iterates. `count` is the number of cells; the
// lanes beyond it, up to a half or a whole tile, are computed too.
#pragma once

#include <array>
#include <cstddef>

#include "models/cells/cell_facts.hpp"
#include "models/cells/electrolyte_modes.hpp"
#include "models/cells/spme_tiles.hpp"
#include "models/math/table.hpp"

namespace packrig::spme {

// Beyond these the model is continued, not valid.
struct Bounds {
  double least_mol_per_m3;
  double least_x;  // what the kinetics see of a surface
  double greatest_x;
};
inline constexpr Bounds continued_beyond{20.0, 0.001, 0.999};

// How many lanes are computed for so many cells.
constexpr std::size_t computed_lanes(std::size_t count) { return math::rounded_up(count, lanes / 2); }

// Of each electrode six states per cell, each relaxing towards per_A * current by its gain; the depth is their weighted
// sum.
void relax(Tile* tiles, const Faces& faces, std::size_t count);

// The same with two sums, each on top of the concentration at rest.
void relax_electrolyte(Tile* tiles, const Faces& faces, const ElectrolyteModes& modes, double rest_mol_per_m3,
                       std::size_t count);

// Counts charge; the surfaces follow: x = empty + slope * SoC - depth, and where they lie in the tables of potentials.
struct Surfaces {
  const math::Table1 *negative_V, *positive_V;
  double negative_slope_x, positive_slope_x;  // dx/dSoC
};
struct Counted {
  bool moved_far;  // a cell, so that what depends on charge must be read anew
  bool is_long;    // the step, for the hysteresis of a cell
};
Counted count_charge(Tile* tiles, const Faces& faces, const Surfaces& surfaces, const Bounds& bounds, double dt_s,
                     double hysteresis_decay, std::size_t count);

// U_p - U_n at the surfaces.
void look_up_potential(Tile* tiles, const Surfaces& surfaces, std::size_t count);

// The hysteresis state, moved by the charge that passes: the former, which has no exponential, by a step that is not
// long, the latter by any.
void move_hysteresis(Tile* tiles, const Faces& faces, double charges_per_A, std::size_t count);
void move_hysteresis_far(Tile* tiles, const Faces& faces, double charges_per_A, std::size_t count);

// For each cell the argument of the kinetics' logarithm, and the sum of d asinh / dI over both electrodes.
void react(Tile* tiles, const Faces& faces, const Bounds& bounds, std::size_t count);

void take_logarithm(Tile* tiles, std::size_t count);

// Voltage as a source behind a resistor, tangent at the present current, and the heat under this current. Returns
// whether a cell is outside `valid`, of which its temperature is left out, or the bounds.
bool compose(Tile* tiles, const Faces& faces, const CellValidity& valid, const Bounds& bounds,
             double anion_transference, double reference_degC, std::size_t count);

// Whether a cell's temperature is outside `valid`, and whether one is farther than `far_K` from the last that was read.
struct TemperatureCheck {
  bool outside, moved_far;
};
TemperatureCheck check_temperature(const double* degC, const double* last_degC, const CellValidity& valid, double far_K,
                                   std::size_t count);

// gain = 1 - exp(-factor rate dt).
void prepare_gain(Tile* tiles, Row rate_Hz, double factor, double dt_s, std::size_t gain, std::size_t count);

// factor = exp(activation_K (1/T_ref - 1/T)).
void arrhenius(Tile* tiles, const Faces& faces, double reference_degC, double activation_K, Row factor,
               std::size_t count);

}  // namespace packrig::spme
