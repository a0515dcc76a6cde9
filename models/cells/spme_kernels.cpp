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

// One instruction each; NaN stays NaN. The bound must not be known to the compiler, which would branch on it.
inline double at_least(double x, double bound) { return bound > x ? bound : x; }
inline double at_most(double x, double bound) { return bound < x ? bound : x; }

}  // namespace

PACKRIG_MULTIVERSION void relax(const ParticleRows& negative, const ParticleRows& positive, std::size_t stride,
                                const double* current_A, const std::array<double, 6>& weight, std::size_t count) {
  const std::array<double, 6> w = weight;
  for (const ParticleRows rows : {negative, positive}) {
    PACKRIG_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
      const double target = rows.per_A[i] * current_A[i];
      double total = 0.0;
      for (std::size_t k = 0; k < 6; ++k) {
        const double old = rows.state_x[k * stride + i];
        const double moved = old + rows.gain[k * stride + i] * (target - old);
        rows.state_x[k * stride + i] = moved;
        total += w[k] * moved;
      }
      rows.depth_x[i] = total;
    }
  }
}

PACKRIG_MULTIVERSION void relax_electrolyte(double* state_mol_per_m3_m, const double* gain, std::size_t stride,
                                            const double* per_A, const double* current_A,
                                            const std::array<double, 6>& negative_m,
                                            const std::array<double, 6>& positive_m, double rest_mol_per_m3,
                                            double* negative_mol_per_m3, double* positive_mol_per_m3,
                                            std::size_t count) {
  const std::array<double, 6> v = negative_m;
  const std::array<double, 6> w = positive_m;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double target = per_A[i] * current_A[i];
    double one = 0.0;
    double two = 0.0;
    for (std::size_t k = 0; k < 6; ++k) {
      const double old = state_mol_per_m3_m[k * stride + i];
      const double moved = old + gain[k * stride + i] * (target - old);
      state_mol_per_m3_m[k * stride + i] = moved;
      one += v[k] * moved;
      two += w[k] * moved;
    }
    negative_mol_per_m3[i] = rest_mol_per_m3 + one;
    positive_mol_per_m3[i] = rest_mol_per_m3 + two;
  }
}

PACKRIG_MULTIVERSION bool count_charge(const ChargeRows& given, const math::Table1& negative_V,
                                       const math::Table1& positive_V, const Bounds& bounds, double dt_s,
                                       std::size_t count) {
  const ChargeRows rows = given;
  const SurfaceRows n = given.negative;
  const SurfaceRows p = given.positive;
  const math::GridIndex negative_index = negative_V.index();
  const math::GridIndex positive_index = positive_V.index();
  const double least_mol_per_m3 = bounds.least_mol_per_m3;
  std::int64_t moved_far = 0;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double change = -rows.current_A[i] * dt_s * rows.soc_per_C[i] - rows.carry[i];
    const double next = rows.charge_soc[i] + change;
    rows.carry[i] = (next - rows.charge_soc[i]) - change;
    rows.charge_soc[i] = next;
    // Bits, not ||: a branch would keep the loop scalar.
    const double negative_gap =
        std::fabs(at_least(rows.negative_salt[i], least_mol_per_m3) - rows.read_negative_salt[i]);
    const double positive_gap =
        std::fabs(at_least(rows.positive_salt[i], least_mol_per_m3) - rows.read_positive_salt[i]);
    moved_far |= static_cast<std::int64_t>(std::fabs(next - rows.read_soc[i]) > reread_soc) |
                 static_cast<std::int64_t>(negative_gap > reread_salt * rows.read_negative_salt[i]) |
                 static_cast<std::int64_t>(positive_gap > reread_salt * rows.read_positive_salt[i]);
    const double negative_x = (n.empty_x[i] + rows.negative_slope_x * next) - n.depth_x[i];
    const double positive_x = (p.empty_x[i] + rows.positive_slope_x * next) - p.depth_x[i];
    const math::GridPlace negative = negative_index.place(negative_x);
    const math::GridPlace positive = positive_index.place(positive_x);
    n.x[i] = negative_x;
    n.number[i] = negative.number;
    n.weight[i] = negative.weight;
    p.x[i] = positive_x;
    p.number[i] = positive.number;
    p.weight[i] = positive.weight;
  }
  return moved_far != 0;
}

// Scalar on purpose: gathers are slower than loads on the processors that this was measured on.
void look_up_potential(const math::Table1& negative, const math::Table1& positive, const SurfaceRows& negative_rows,
                       const SurfaceRows& positive_rows, double* potential_V, std::size_t count) {
  const SurfaceRows n = negative_rows;
  const SurfaceRows p = positive_rows;
  for (std::size_t i = 0; i < count; ++i) {
    potential_V[i] = positive.between(p.number[i], p.weight[i]) - negative.between(n.number[i], n.weight[i]);
  }
}

// Below this expm1 is its series alone, to the bit; only a long step moves more charge.
constexpr double short_exponent = 0.34;

// Relaxes towards +-1, against the current's direction.
inline double relaxed(double before, double current_A, double gain) {
  return before + gain * (std::copysign(1.0, -current_A) - before);
}

PACKRIG_MULTIVERSION void move_hysteresis(const double* current_A, const double* soc_per_C, double charges_per_A,
                                          double* hysteresis_fraction, double* before_fraction, std::size_t count) {
  std::int64_t moves_far = 0;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double exponent = std::fabs(current_A[i]) * soc_per_C[i] * charges_per_A;
    const double before = hysteresis_fraction[i];
    before_fraction[i] = before;
    hysteresis_fraction[i] = relaxed(before, current_A[i], -math::detail::expm1_series(-exponent));
    moves_far |= static_cast<std::int64_t>(exponent > short_exponent);
  }
  if (moves_far == 0) return;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double exponent = std::fabs(current_A[i]) * soc_per_C[i] * charges_per_A;
    hysteresis_fraction[i] = relaxed(before_fraction[i], current_A[i], -math::expm1(-exponent));
  }
}

// In three loops: one would be a chain of dependent operations too long for a processor to overlap between cells.
//
// With s_k = sqrt(I^2 + j_k^2), asinh(|I| / j_k) = ln((|I| + s_k) / j_k): both electrodes in one logarithm, whose
// argument is squared so that the roots in j_k fall away; d asinh(I / j_k) / dI = 1 / s_k.
PACKRIG_MULTIVERSION void react(const ReactionRows& given, const Bounds& bounds, std::size_t count) {
  const ReactionRows rows = given;
  const Bounds b = bounds;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double size_A = std::fabs(rows.current_A[i]);
    const double negative_salt = at_least(rows.negative_salt[i], b.least_mol_per_m3);
    const double positive_salt = at_least(rows.positive_salt[i], b.least_mol_per_m3);
    const double negative_x = at_most(at_least(rows.negative_x[i], b.least_x), b.greatest_x);
    const double positive_x = at_most(at_least(rows.positive_x[i], b.least_x), b.greatest_x);
    const double negative_A2 = rows.negative_kinetics_A2[i] * negative_salt * (negative_x * (1.0 - negative_x));
    const double positive_A2 = rows.positive_kinetics_A2[i] * positive_salt * (positive_x * (1.0 - positive_x));
    const double square_A2 = size_A * size_A;
    const double negative_A = std::sqrt(square_A2 + negative_A2);
    const double positive_A = std::sqrt(square_A2 + positive_A2);
    const double product = (size_A + negative_A) * (size_A + positive_A);
    // One division for both.
    const double exchange_A4 = negative_A2 * positive_A2;
    const double both_A2 = negative_A * positive_A;
    const double inverse = 1.0 / (exchange_A4 * both_A2);
    rows.ratio[i] = product * product * (both_A2 * inverse);
    rows.slope_per_A[i] = (negative_A + positive_A) * (exchange_A4 * inverse);
  }
}

PACKRIG_MULTIVERSION void take_logarithm(double* ratio, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) ratio[i] = math::log_of_normal(ratio[i]);
}

PACKRIG_MULTIVERSION bool compose(const SourceRows& given, const CellValidity& given_validity,
                                  const Bounds& given_bounds, double anion_transference, double reference_degC,
                                  std::size_t count) {
  const SourceRows rows = given;
  const CellValidity valid = given_validity;
  const Bounds bounds = given_bounds;
  std::int64_t outside = 0;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double amperes = rows.current_A[i];
    const double degC = rows.temperature[i];
    const double thermal_V = (gas_J_per_mol_K / faraday_C_per_mol) * (degC + kelvin_offset_K);
    const double negative_salt = at_least(rows.negative_salt[i], bounds.least_mol_per_m3);
    const double positive_salt = at_least(rows.positive_salt[i], bounds.least_mol_per_m3);
    const double salt_ratio_log = rows.read_log_ratio[i] + positive_salt * rows.per_read_positive_salt[i] -
                                  negative_salt * rows.per_read_negative_salt[i];
    const double salt_V = 2.0 * thermal_V * anion_transference * salt_ratio_log;
    const double kinetic_Ohm = 2.0 * thermal_V * rows.slope_per_A[i];
    const double shift_V = (degC - reference_degC) * rows.entropy[i] + rows.half_gap[i] * rows.hysteresis[i];
    const double rest_V = rows.potential_V[i] + shift_V + salt_V;
    const double kinetic_V = std::copysign(thermal_V * rows.log_ratio[i], amperes);
    const double series_Ohm = rows.ohmic[i] + kinetic_Ohm;
    const double open_V = rest_V - kinetic_V + kinetic_Ohm * amperes;
    rows.series[i] = series_Ohm;
    rows.open_V[i] = open_V;
    const double mean_V =
        shift_V + rows.mean_open[i] + rows.mean_open_slope[i] * (rows.charge_soc[i] - rows.read_soc[i]);
    const double lost_V = mean_V - (rest_V - kinetic_V - rows.ohmic[i] * amperes);
    rows.heat[i] = amperes * (lost_V - (degC + kelvin_offset_K) * rows.entropy[i]);
    const double terminal_V = open_V - series_Ohm * amperes;
    // Bits, not &&: a branch would keep the loop scalar.
    const bool inside = (rows.charge_soc[i] >= valid.low_soc) & (rows.charge_soc[i] <= valid.high_soc) &
                        (terminal_V >= valid.low_V) & (terminal_V <= valid.high_V) &
                        (rows.negative_x[i] >= bounds.least_x) & (rows.negative_x[i] <= bounds.greatest_x) &
                        (rows.positive_x[i] >= bounds.least_x) & (rows.positive_x[i] <= bounds.greatest_x) &
                        (rows.negative_salt[i] >= bounds.least_mol_per_m3) &
                        (rows.positive_salt[i] >= bounds.least_mol_per_m3);
    outside |= static_cast<std::int64_t>(!inside);
  }
  return outside != 0;
}

PACKRIG_MULTIVERSION void prepare_gain(const double* rate_Hz, double factor, double dt_s, double* gain,
                                       std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) gain[i] = -math::expm1(-(rate_Hz[i] * factor) * dt_s);
}

PACKRIG_MULTIVERSION void arrhenius(const double* temperature_degC, double reference_degC, double activation_K,
                                    double* factor, std::size_t count) {
  const double reference_K = reference_degC + kelvin_offset_K;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double kelvin = temperature_degC[i] + kelvin_offset_K;
    factor[i] = math::exp(activation_K * (1.0 / reference_K - 1.0 / kelvin));
  }
}

}  // namespace packrig::spme
