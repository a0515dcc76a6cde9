#include "models/cells/spme_kernels.hpp"

#include <cmath>
#include <cstdint>

#include "models/cells/constants.hpp"
#include "models/math/elementary.hpp"
#include "models/math/multiversion.hpp"

namespace packrig::spme {

namespace {

constexpr double reread_soc = 0.002;
constexpr double reread_salt = 0.005;  // relative
constexpr double short_exponent = 1.0 / 128.0;

// One instruction each; NaN stays NaN. The bound must not be known to the compiler, which would branch on it.
inline double at_least(double x, double bound) { return bound > x ? bound : x; }
inline double at_most(double x, double bound) { return bound < x ? bound : x; }

template <std::size_t Count>
struct Lanes {};

// stage(lanes, tile, the tile's first cell) for each tile. Half of the last one is left out where no cell lies in it.
template <class Stage>
PACKRIG_INLINED void for_each_tile(Tile* tiles, std::size_t count, const Stage& stage) {
  const std::size_t computed = computed_lanes(count);
  const std::size_t whole = computed / lanes;
  for (std::size_t t = 0; t < whole; ++t) stage(Lanes<lanes>{}, tiles[t], t * lanes);
  if (computed % lanes != 0) stage(Lanes<lanes / 2>{}, tiles[whole], whole * lanes);
}

struct ElectrodeRows {
  Row gain, per_A, modes, depth;
};

template <std::size_t Count>
PACKRIG_INLINED void relax_electrode(Tile& c, const ElectrodeRows& row, const double* current_A) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < Count; ++i) {
    const double target = c[row.per_A][i] * current_A[i];
    double total = 0.0;
    for (std::size_t k = 0; k < particle_mode_count; ++k) {
      const double old = c[row.modes + k][i];
      const double moved = old + c[row.gain + k][i] * (target - old);
      c[row.modes + k][i] = moved;
      total += particle_weight[k] * moved;
    }
    c[row.depth][i] = total;
  }
}

}  // namespace

PACKRIG_MULTIVERSION void relax(Tile* tiles, const Faces& faces, std::size_t count) {
  const double* current_A = faces.current_A;
  for_each_tile(tiles, count, [=]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t first) PACKRIG_INLINED_LAMBDA {
    relax_electrode<Count>(c, {negative_gain, negative_per_A, negative_modes, negative_depth}, current_A + first);
    relax_electrode<Count>(c, {positive_gain, positive_per_A, positive_modes, positive_depth}, current_A + first);
  });
}

PACKRIG_MULTIVERSION void relax_electrolyte(Tile* tiles, const Faces& given, const ElectrolyteModes& modes,
                                            double rest_mol_per_m3, std::size_t count) {
  const Faces faces = given;
  const std::array<double, electrolyte_mode_count> v = modes.negative_m;
  const std::array<double, electrolyte_mode_count> w = modes.positive_m;
  for_each_tile(tiles, count, [&]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t first) PACKRIG_INLINED_LAMBDA {
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < Count; ++i) {
      const double target = c[electrolyte_per_A][i] * faces.current_A[first + i];
      double one = 0.0;
      double two = 0.0;
      for (std::size_t k = 0; k < electrolyte_mode_count; ++k) {
        const double old = c[electrolyte_states + k][i];
        const double moved = old + c[electrolyte_gain + k][i] * (target - old);
        c[electrolyte_states + k][i] = moved;
        one += v[k] * moved;
        two += w[k] * moved;
      }
      faces.negative_mol_per_m3[first + i] = rest_mol_per_m3 + one;
      faces.positive_mol_per_m3[first + i] = rest_mol_per_m3 + two;
    }
  });
}

PACKRIG_MULTIVERSION Counted count_charge(Tile* tiles, const Faces& given, const Surfaces& given_surfaces,
                                          const Bounds& bounds, double dt_s, double hysteresis_decay,
                                          std::size_t count) {
  const Faces faces = given;
  const Surfaces surfaces = given_surfaces;
  const math::GridIndex negative_index = surfaces.negative_V->index();
  const math::GridIndex positive_index = surfaces.positive_V->index();
  const double least_mol_per_m3 = bounds.least_mol_per_m3;
  const double long_soc = short_exponent / hysteresis_decay;  // infinite where there is none
  std::int64_t seen = 0;                                      // moved_far and is_long of any cell, a bit each
  for_each_tile(tiles, count, [&]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t first) PACKRIG_INLINED_LAMBDA {
    std::int64_t here = 0;
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < Count; ++i) {
      const double soc = faces.soc[first + i];
      const double change = -faces.current_A[first + i] * dt_s * c[per_coulomb][i] - c[charge_carry][i];
      const double next = soc + change;
      c[charge_carry][i] = (next - soc) - change;
      faces.soc[first + i] = next;
      // Bits, not ||: a branch would keep the loop scalar.
      const double negative_gap =
          std::fabs(at_least(faces.negative_mol_per_m3[first + i], least_mol_per_m3) - c[read_negative_salt][i]);
      const double positive_gap =
          std::fabs(at_least(faces.positive_mol_per_m3[first + i], least_mol_per_m3) - c[read_positive_salt][i]);
      here |= static_cast<std::int64_t>(std::fabs(next - c[read_soc][i]) > reread_soc) |
              static_cast<std::int64_t>(negative_gap > reread_salt * c[read_negative_salt][i]) |
              static_cast<std::int64_t>(positive_gap > reread_salt * c[read_positive_salt][i]) |
              static_cast<std::int64_t>(std::fabs(change) > long_soc) << 1;
      const double negative_x = (c[negative_empty][i] + surfaces.negative_slope_x * next) - c[negative_depth][i];
      const double positive_x = (c[positive_empty][i] + surfaces.positive_slope_x * next) - c[positive_depth][i];
      const math::GridPlace negative = negative_index.place(negative_x);
      const math::GridPlace positive = positive_index.place(positive_x);
      faces.negative_x[first + i] = negative_x;
      c[negative_number][i] = negative.number;
      c[negative_weight][i] = negative.weight;
      faces.positive_x[first + i] = positive_x;
      c[positive_number][i] = positive.number;
      c[positive_weight][i] = positive.weight;
    }
    seen |= here;
  });
  return {(seen & 1) != 0, (seen & 2) != 0};
}

// Scalar on purpose: gathers are slower than loads on the processors that this was measured on.
void look_up_potential(Tile* tiles, const Surfaces& surfaces, std::size_t count) {
  const math::Table1& negative_V = *surfaces.negative_V;
  const math::Table1& positive_V = *surfaces.positive_V;
  for_each_tile(tiles, count, [&]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t) PACKRIG_INLINED_LAMBDA {
    for (std::size_t i = 0; i < Count; ++i) {
      c[potential][i] = positive_V.between(c[positive_number][i], c[positive_weight][i]) -
                        negative_V.between(c[negative_number][i], c[negative_weight][i]);
    }
  });
}

namespace {

// -expm1(-x) for 0 <= x <= short_exponent, and an ulp more, by the first six terms of its series; what is left out is
// below 2^-54 of it.
inline double short_gain(double x) {
  const double x2 = x * x;
  return x - x2 * ((1.0 / 2.0 - 1.0 / 6.0 * x) + x2 * ((1.0 / 24.0 - 1.0 / 120.0 * x) + 1.0 / 720.0 * x2));
}

// Of each cell, relaxing towards +-1 against the current's direction.
template <class Gain>
PACKRIG_INLINED void move_hysteresis_by(const Gain& gain, Tile* tiles, const Faces& faces, double charges_per_A,
                                        std::size_t count) {
  const double* current_A = faces.current_A;
  for_each_tile(tiles, count, [&]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t first) PACKRIG_INLINED_LAMBDA {
    PACKRIG_INDEPENDENT_BRIEF
    for (std::size_t i = 0; i < Count; ++i) {
      const double exponent = std::fabs(current_A[first + i]) * c[per_coulomb][i] * charges_per_A;
      const double before = c[hysteresis][i];
      c[hysteresis][i] = before + gain(exponent) * (std::copysign(1.0, -current_A[first + i]) - before);
    }
  });
}

}  // namespace

PACKRIG_MULTIVERSION void move_hysteresis(Tile* tiles, const Faces& faces, double charges_per_A, std::size_t count) {
  move_hysteresis_by([](double x) PACKRIG_INLINED_LAMBDA { return short_gain(x); }, tiles, faces, charges_per_A, count);
}

PACKRIG_MULTIVERSION void move_hysteresis_far(Tile* tiles, const Faces& faces, double charges_per_A,
                                              std::size_t count) {
  move_hysteresis_by([](double x) PACKRIG_INLINED_LAMBDA { return -math::expm1(-x); }, tiles, faces, charges_per_A,
                     count);
}

// In three loops: one would be a chain of dependent operations too long for a processor to overlap between cells.
//
// With s_k = sqrt(I^2 + j_k^2), asinh(|I| / j_k) = ln((|I| + s_k) / j_k): both electrodes in one logarithm, whose
// argument is squared so that the roots in j_k fall away; d asinh(I / j_k) / dI = 1 / s_k.
PACKRIG_MULTIVERSION void react(Tile* tiles, const Faces& given, const Bounds& bounds, std::size_t count) {
  const Faces faces = given;
  const Bounds b = bounds;
  for_each_tile(tiles, count, [&]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t first) PACKRIG_INLINED_LAMBDA {
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < Count; ++i) {
      const double size_A = std::fabs(faces.current_A[first + i]);
      const double negative_c = at_least(faces.negative_mol_per_m3[first + i], b.least_mol_per_m3);
      const double positive_c = at_least(faces.positive_mol_per_m3[first + i], b.least_mol_per_m3);
      const double negative_x = at_most(at_least(faces.negative_x[first + i], b.least_x), b.greatest_x);
      const double positive_x = at_most(at_least(faces.positive_x[first + i], b.least_x), b.greatest_x);
      const double negative_A2 = c[negative_kinetics_A2][i] * negative_c * (negative_x * (1.0 - negative_x));
      const double positive_A2 = c[positive_kinetics_A2][i] * positive_c * (positive_x * (1.0 - positive_x));
      const double square_A2 = size_A * size_A;
      const double negative_A = std::sqrt(square_A2 + negative_A2);
      const double positive_A = std::sqrt(square_A2 + positive_A2);
      const double product = (size_A + negative_A) * (size_A + positive_A);
      // One division for both.
      const double exchange_A4 = negative_A2 * positive_A2;
      const double both_A2 = negative_A * positive_A;
      const double inverse = 1.0 / (exchange_A4 * both_A2);
      c[reaction_log][i] = product * product * (both_A2 * inverse);
      c[reaction_per_A][i] = (negative_A + positive_A) * (exchange_A4 * inverse);
    }
  });
}

PACKRIG_MULTIVERSION void take_logarithm(Tile* tiles, std::size_t count) {
  for_each_tile(tiles, count, [&]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t) PACKRIG_INLINED_LAMBDA {
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < Count; ++i) c[reaction_log][i] = math::log_of_normal(c[reaction_log][i]);
  });
}

PACKRIG_MULTIVERSION bool compose(Tile* tiles, const Faces& given, const CellValidity& given_validity,
                                  const Bounds& given_bounds, double anion_transference, double reference_degC,
                                  std::size_t count) {
  const Faces faces = given;
  const CellValidity valid = given_validity;
  const Bounds bounds = given_bounds;
  std::int64_t any_outside = 0;
  for_each_tile(tiles, count, [&]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t first) PACKRIG_INLINED_LAMBDA {
    std::int64_t outside = 0;
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < Count; ++i) {
      const double amperes = faces.current_A[first + i];
      const double degC = faces.temperature_degC[first + i];
      const double thermal_V = (gas_J_per_mol_K / faraday_C_per_mol) * (degC + kelvin_offset_K);
      const double negative_c = at_least(faces.negative_mol_per_m3[first + i], bounds.least_mol_per_m3);
      const double positive_c = at_least(faces.positive_mol_per_m3[first + i], bounds.least_mol_per_m3);
      const double salt_ratio_log =
          c[read_salt_log][i] + positive_c * c[per_read_positive_salt][i] - negative_c * c[per_read_negative_salt][i];
      const double salt_V = 2.0 * thermal_V * anion_transference * salt_ratio_log;
      const double kinetic_Ohm = 2.0 * thermal_V * c[reaction_per_A][i];
      const double shift_V = (degC - reference_degC) * c[entropy][i] + c[half_gap][i] * c[hysteresis][i];
      const double rest_V = c[potential][i] + shift_V + salt_V;
      const double kinetic_V = std::copysign(thermal_V * c[reaction_log][i], amperes);
      const double series_Ohm = c[ohmic][i] + kinetic_Ohm;
      const double open_V = rest_V - kinetic_V + kinetic_Ohm * amperes;
      faces.series_Ohm[first + i] = series_Ohm;
      faces.open_V[first + i] = open_V;
      const double soc = faces.soc[first + i];
      const double mean_V = shift_V + c[mean_open][i] + c[mean_open_slope][i] * (soc - c[read_soc][i]);
      const double lost_V = mean_V - (rest_V - kinetic_V - c[ohmic][i] * amperes);
      faces.heat_W[first + i] = amperes * (lost_V - (degC + kelvin_offset_K) * c[entropy][i]);
      const double terminal_V = open_V - series_Ohm * amperes;
      // Bits, not &&: a branch would keep the loop scalar.
      const bool inside = (soc >= valid.low_soc) & (soc <= valid.high_soc) & (terminal_V >= valid.low_V) &
                          (terminal_V <= valid.high_V) & (faces.negative_x[first + i] >= bounds.least_x) &
                          (faces.negative_x[first + i] <= bounds.greatest_x) &
                          (faces.positive_x[first + i] >= bounds.least_x) &
                          (faces.positive_x[first + i] <= bounds.greatest_x) &
                          (faces.negative_mol_per_m3[first + i] >= bounds.least_mol_per_m3) &
                          (faces.positive_mol_per_m3[first + i] >= bounds.least_mol_per_m3);
      outside |= static_cast<std::int64_t>(!inside);
    }
    any_outside |= outside;
  });
  return any_outside != 0;
}

PACKRIG_MULTIVERSION TemperatureCheck check_temperature(const double* degC, const double* last_degC,
                                                        const CellValidity& given_validity, double far_K,
                                                        std::size_t count) {
  const CellValidity valid = given_validity;
  std::int64_t outside = 0;
  std::int64_t far = 0;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < computed_lanes(count); ++i) {
    // Bits, not &&: a branch would keep the loop scalar.
    outside |= static_cast<std::int64_t>(!(degC[i] >= valid.low_degC)) |
               static_cast<std::int64_t>(!(degC[i] <= valid.high_degC));
    far |= static_cast<std::int64_t>(!(std::fabs(degC[i] - last_degC[i]) <= far_K));
  }
  return {outside != 0, far != 0};
}

PACKRIG_MULTIVERSION void prepare_gain(Tile* tiles, Row rate_Hz, double factor, double dt_s, std::size_t gain,
                                       std::size_t count) {
  for_each_tile(tiles, count, [=]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t) PACKRIG_INLINED_LAMBDA {
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < Count; ++i) c[gain][i] = -math::expm1(-(c[rate_Hz][i] * factor) * dt_s);
  });
}

PACKRIG_MULTIVERSION void arrhenius(Tile* tiles, const Faces& faces, double reference_degC, double activation_K,
                                    Row factor, std::size_t count) {
  const double reference_K = reference_degC + kelvin_offset_K;
  const double* temperature_degC = faces.temperature_degC;
  for_each_tile(tiles, count, [=]<std::size_t Count>(Lanes<Count>, Tile& c, std::size_t first) PACKRIG_INLINED_LAMBDA {
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < Count; ++i) {
      const double kelvin = temperature_degC[first + i] + kelvin_offset_K;
      c[factor][i] = math::exp(activation_K * (1.0 / reference_K - 1.0 / kelvin));
    }
  });
}

}  // namespace packrig::spme
