// A root that sets errno would keep the loops below scalar; none of them looks at errno.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-math-errno")
#endif

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

inline double at_least(double x, double bound) { return math::detail::choose(x < bound, bound, x); }
inline double at_most(double x, double bound) { return math::detail::choose(x > bound, bound, x); }

}  // namespace

PACKRIG_MULTIVERSION void relax(double* state, const double* gain, std::size_t stride, const double* per_A,
                                const double* current, const std::array<double, 6>& weight, double* sum,
                                std::size_t count) {
  const std::array<double, 6> w = weight;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double target = per_A[i] * current[i];
    double total = 0.0;
    for (std::size_t k = 0; k < 6; ++k) {
      const double old = state[k * stride + i];
      const double moved = old + gain[k * stride + i] * (target - old);
      state[k * stride + i] = moved;
      total += w[k] * moved;
    }
    sum[i] = total;
  }
}

PACKRIG_MULTIVERSION void relax_electrolyte(double* state, const double* gain, std::size_t stride, const double* per_A,
                                            const double* current, const std::array<double, 6>& first_weight,
                                            const std::array<double, 6>& second_weight, double rest, double* first,
                                            double* second, std::size_t count) {
  const std::array<double, 6> v = first_weight;
  const std::array<double, 6> w = second_weight;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double target = per_A[i] * current[i];
    double one = 0.0;
    double two = 0.0;
    for (std::size_t k = 0; k < 6; ++k) {
      const double old = state[k * stride + i];
      const double moved = old + gain[k * stride + i] * (target - old);
      state[k * stride + i] = moved;
      one += v[k] * moved;
      two += w[k] * moved;
    }
    first[i] = rest + one;
    second[i] = rest + two;
  }
}

PACKRIG_MULTIVERSION bool count_charge(const ChargeRows& given, double dt_s, std::size_t count) {
  const ChargeRows rows = given;
  std::int64_t moved_far = 0;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double change = -rows.current[i] * dt_s * rows.per_coulomb[i] - rows.carry[i];
    const double next = rows.charge[i] + change;
    rows.carry[i] = (next - rows.charge[i]) - change;
    rows.charge[i] = next;
    // Bits, not ||: a branch would keep the loop scalar.
    const double negative_gap = std::fabs(rows.negative_salt[i] - rows.read_negative_salt[i]);
    const double positive_gap = std::fabs(rows.positive_salt[i] - rows.read_positive_salt[i]);
    moved_far |= static_cast<std::int64_t>(std::fabs(next - rows.read_soc[i]) > reread_soc) |
                 static_cast<std::int64_t>(negative_gap > reread_salt * rows.read_negative_salt[i]) |
                 static_cast<std::int64_t>(positive_gap > reread_salt * rows.read_positive_salt[i]);
  }
  return moved_far != 0;
}

PACKRIG_MULTIVERSION void surface(const double* start, double slope, const double* charge, const double* depth,
                                  double* x, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) x[i] = (start[i] + slope * charge[i]) - depth[i];
}

PACKRIG_MULTIVERSION void look_up_potential(const math::Table1& negative, const math::Table1& positive,
                                            const double* negative_x, const double* positive_x, double* potential,
                                            std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) potential[i] = positive.at(positive_x[i]) - negative.at(negative_x[i]);
}

PACKRIG_MULTIVERSION void move_hysteresis(const double* current, const double* per_coulomb, double charges_per_A,
                                          double* state, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double target = std::copysign(1.0, -current[i]);
    const double gain = -math::expm1(-std::fabs(current[i]) * per_coulomb[i] * charges_per_A);
    state[i] = state[i] + gain * (target - state[i]);
  }
}

// With s_k = sqrt(I^2 + j_k^2), asinh(|I| / j_k) = ln((|I| + s_k) / j_k): both electrodes in one logarithm, whose
// argument is squared so that the roots in j_k fall away; d asinh(I / j_k) / dI = 1 / s_k.
PACKRIG_MULTIVERSION void linearise(const SourceRows& given, double anion_transference, double reference_degC,
                                    std::size_t count) {
  const SourceRows rows = given;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double amperes = rows.current[i];
    const double size_A = std::fabs(amperes);
    const double degC = rows.temperature[i];
    const double thermal_V = (gas_J_per_mol_K / faraday_C_per_mol) * (degC + kelvin_offset);
    const double negative_salt = at_least(rows.negative_salt[i], least_mol_per_m3);
    const double positive_salt = at_least(rows.positive_salt[i], least_mol_per_m3);
    const double negative_x = at_most(at_least(rows.negative_x[i], least_x), 1.0 - least_x);
    const double positive_x = at_most(at_least(rows.positive_x[i], least_x), 1.0 - least_x);
    const double negative_A2 = rows.negative_kinetics_A2[i] * negative_salt * (negative_x * (1.0 - negative_x));
    const double positive_A2 = rows.positive_kinetics_A2[i] * positive_salt * (positive_x * (1.0 - positive_x));
    const double negative_A = std::sqrt(size_A * size_A + negative_A2);
    const double positive_A = std::sqrt(size_A * size_A + positive_A2);
    const double product = (size_A + negative_A) * (size_A + positive_A);
    const double kinetic_V = thermal_V * math::log(product * product / (negative_A2 * positive_A2));
    const double salt_V = 2.0 * thermal_V * anion_transference * math::log(positive_salt / negative_salt);
    const double kinetic_Ohm = 2.0 * thermal_V * (negative_A + positive_A) / (negative_A * positive_A);
    const double rest_V =
        rows.potential[i] + (degC - reference_degC) * rows.entropy[i] + rows.half_gap[i] * rows.hysteresis[i] + salt_V;
    rows.series[i] = rows.ohmic[i] + kinetic_Ohm;
    rows.open[i] = rest_V - std::copysign(kinetic_V, amperes) + kinetic_Ohm * amperes;
  }
}

PACKRIG_MULTIVERSION void note_heat(const HeatRows& given, std::size_t count) {
  const HeatRows rows = given;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double amperes = rows.current[i];
    const double rest_V = rows.mean_open[i] + rows.mean_open_slope[i] * (rows.charge[i] - rows.read_soc[i]);
    const double lost_V = rest_V - (rows.open[i] - rows.series[i] * amperes);
    rows.heat[i] = amperes * (lost_V - (rows.temperature[i] + kelvin_offset) * rows.entropy[i]);
  }
}

PACKRIG_MULTIVERSION void prepare_gain(const double* base, double factor, double dt_s, double* gain,
                                       std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) gain[i] = -math::expm1(-(base[i] * factor) * dt_s);
}

PACKRIG_MULTIVERSION void arrhenius(const double* temperature_degC, double reference_degC, double activation_K,
                                    double factor, double* result, std::size_t count) {
  const double reference_K = reference_degC + kelvin_offset;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double kelvin = temperature_degC[i] + kelvin_offset;
    result[i] = factor * math::exp(activation_K * (1.0 / reference_K - 1.0 / kelvin));
  }
}

}  // namespace packrig::spme
