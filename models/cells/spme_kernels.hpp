// The loops over cells of SpmeBank: each takes rows, none allocates, branches on data or iterates.
#pragma once

#include <array>
#include <cstddef>

#include "models/cells/cell_facts.hpp"
#include "models/cells/particle_modes.hpp"
#include "models/math/table.hpp"

namespace packrig::spme {

// Beyond these the model is continued, not valid.
struct Bounds {
  double least_mol_per_m3;
  double least_x;  // what the kinetics see of a surface
  double greatest_x;
};
inline constexpr Bounds continued_beyond{20.0, 0.001, 0.999};

struct ParticleRows {
  const double *gain, *per_A;
  double *state_x, *depth_x;
};
// Of each electrode six states per cell, each relaxing towards per_A * current by its gain; depth_x is their weighted
// sum. States and gains lie `stride` apart.
void relax(const ParticleRows& negative, const ParticleRows& positive, std::size_t stride, const double* current_A,
           const std::array<double, 6>& weight, std::size_t count);

// The same with two sums, each on top of the concentration at rest.
void relax_electrolyte(double* state_mol_per_m3_m, const double* gain, std::size_t stride, const double* per_A,
                       const double* current_A, const std::array<double, 6>& negative_m,
                       const std::array<double, 6>& positive_m, double rest_mol_per_m3, double* negative_mol_per_m3,
                       double* positive_mol_per_m3, std::size_t count);

// x at a surface and where it lies in the table of its potential (math::GridPlace).
struct SurfaceRows {
  const double *empty_x, *depth_x;
  double *x, *number, *weight;
};
struct ChargeRows {
  const double *current_A, *soc_per_C;
  const double *read_soc, *read_negative_salt, *read_positive_salt, *negative_salt, *positive_salt;
  double *charge_soc, *carry;
  SurfaceRows negative, positive;
  double negative_slope_x, positive_slope_x;  // dx/dSoC
};
// Counts charge; the surfaces follow: x = empty + slope * SoC - depth. Returns whether a cell has moved so far that
// what depends on charge must be read anew.
bool count_charge(const ChargeRows& rows, const math::Table1& negative_V, const math::Table1& positive_V,
                  const Bounds& bounds, double dt_s, std::size_t count);

// U_p - U_n at the surfaces.
void look_up_potential(const math::Table1& negative, const math::Table1& positive, const SurfaceRows& negative_rows,
                       const SurfaceRows& positive_rows, double* potential_V, std::size_t count);

// The hysteresis state, moved by the charge that passes; as it was before is left in `before_fraction`.
void move_hysteresis(const double* current_A, const double* soc_per_C, double charges_per_A,
                     double* hysteresis_fraction, double* before_fraction, std::size_t count);

struct ReactionRows {
  const double *current_A, *negative_x, *positive_x, *negative_salt, *positive_salt;
  const double *negative_kinetics_A2, *positive_kinetics_A2;
  double *ratio, *slope_per_A;
};
// For each cell the argument of the kinetics' logarithm, and the sum of d asinh / dI over both electrodes.
void react(const ReactionRows& rows, const Bounds& bounds, std::size_t count);

void take_logarithm(double* ratio, std::size_t count);

struct SourceRows {
  const double *current_A, *temperature, *potential_V, *negative_x, *positive_x, *negative_salt, *positive_salt;
  const double *log_ratio, *slope_per_A, *ohmic, *entropy, *half_gap, *hysteresis;
  const double *read_log_ratio, *per_read_negative_salt, *per_read_positive_salt;
  const double *charge_soc, *read_soc, *mean_open, *mean_open_slope;
  double *open_V, *series, *heat;
};
// Voltage as a source behind a resistor, tangent at the row's current, and the heat under this current. Returns whether
// a cell is outside `valid`, of which its temperature is left out, or the bounds.
bool compose(const SourceRows& rows, const CellValidity& valid, const Bounds& bounds, double anion_transference,
             double reference_degC, std::size_t count);

// gain = 1 - exp(-factor rate dt).
void prepare_gain(const double* rate_Hz, double factor, double dt_s, double* gain, std::size_t count);

// factor = exp(activation_K (1/T_ref - 1/T)) for T in degC.
void arrhenius(const double* temperature_degC, double reference_degC, double activation_K, double* factor,
               std::size_t count);

}  // namespace packrig::spme
