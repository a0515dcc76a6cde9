#include "models/afe/afe_errors.hpp"

#include <string>

#include "models/errors.hpp"
#include "models/math/random.hpp"

namespace packrig {
namespace {

// JK-B2A25S-RP data sheet: cell typical < 5 mV, < 10 mV; shunt < 0.5 % of 300 A; total voltage < 0.5 % of 100 V.
constexpr double cell_typical_V = 0.005;
constexpr double cell_limit_V = 0.010;
constexpr double cell_span_V = 5.0;
constexpr double shunt_limit_A = 1.5;
constexpr double shunt_full_scale_A = 300.0;
constexpr double supply_limit_V = 0.5;
constexpr double supply_full_scale_V = 100.0;
constexpr double ntc_limit = 0.015;
constexpr double typical_share = 0.25;

// What the limits hold is what the board reports: a count of the registers (4E57: 1 mV, 10 mA, 10 mV) is left for what
// converter and register round.
constexpr double cell_count_V = 0.001;
constexpr double shunt_count_A = 0.01;
constexpr double supply_count_V = 0.01;

double symmetric(math::Random& random) { return 2.0 * random.uniform() - 1.0; }

// How a cell's limit is shared; the sum is the whole.
constexpr double offset_part = 0.4;
constexpr double gain_part = 0.3;
constexpr double bow_part = 0.1;
constexpr double leakage_part = 0.2;  // of the two taps beside the cell together

// The farthest that the sheet's ambient, -40 to 85 degC, is from 25 degC.
constexpr double drift_span_K = 65.0;
constexpr double cell_drift_V = 0.003;
constexpr double drift_part = 0.1;

Drift drawn_drift(math::Random& random, double limit_V, double full_scale_V, double offset_share) {
  const double gain_per_K = (1.0 - offset_share) * limit_V / full_scale_V / drift_span_K * symmetric(random);
  return {gain_per_K, offset_share * limit_V / drift_span_K * symmetric(random)};
}

void draw_cells(math::Random& random, double limit_V, double noise_V, AfeErrors& errors) {
  for (std::size_t cell = 0; cell < errors.cell.size(); ++cell) {
    const double offset_V = offset_part * limit_V * symmetric(random);
    const double gain_error = gain_part * limit_V / cell_span_V * symmetric(random);
    errors.cell[cell] = {gain_error, offset_V, noise_V};
    errors.cell_bow_V[cell] = bow_part * limit_V * symmetric(random);
  }
  for (double& one_A : errors.leakage_A) {
    one_A = 0.5 * leakage_part * limit_V / errors.input_filter_Ohm * symmetric(random);
  }
}

// Half of the limit as offset, half as gain at full scale: their sum stays inside the limit over the whole range.
VoltageError drawn(math::Random& random, double limit_V, double full_scale_V, double noise_V) {
  const double offset_V = 0.5 * limit_V * symmetric(random);
  const double gain_error = 0.5 * limit_V / full_scale_V * symmetric(random);
  return {gain_error, offset_V, noise_V};
}

}  // namespace

AfeErrors AfeErrors::typical(std::uint64_t seed, double shunt_Ohm) {
  math::Random random(seed);
  AfeErrors errors;
  draw_cells(random, cell_typical_V, 0.0003, errors);
  errors.shunt = drawn(random, typical_share * shunt_limit_A * shunt_Ohm, shunt_full_scale_A * shunt_Ohm, 2e-6);
  errors.supply = drawn(random, typical_share * supply_limit_V, supply_full_scale_V, 0.005);
  for (double& gain_error : errors.ntc_gain_error) gain_error = typical_share * ntc_limit * symmetric(random);
  errors.cell_drift = drawn_drift(random, cell_drift_V, cell_span_V, 0.0);
  errors.shunt_drift =
      drawn_drift(random, typical_share * shunt_limit_A * shunt_Ohm, shunt_full_scale_A * shunt_Ohm, 0.5);
  errors.supply_drift = drawn_drift(random, typical_share * supply_limit_V, supply_full_scale_V, 0.5);
  return errors;
}

AfeErrors AfeErrors::within_limits(std::uint64_t seed, double shunt_Ohm) {
  math::Random random(seed);
  AfeErrors errors;
  constexpr double steady = 1.0 - drift_part;
  draw_cells(random, steady * cell_limit_V, 0.0, errors);
  errors.shunt = drawn(random, steady * shunt_limit_A * shunt_Ohm, shunt_full_scale_A * shunt_Ohm, 0.0);
  errors.supply = drawn(random, steady * supply_limit_V, supply_full_scale_V, 0.0);
  for (double& gain_error : errors.ntc_gain_error) gain_error = ntc_limit * symmetric(random);
  errors.cell_drift = drawn_drift(random, drift_part * cell_limit_V, cell_span_V, 0.5);
  errors.shunt_drift = drawn_drift(random, drift_part * shunt_limit_A * shunt_Ohm, shunt_full_scale_A * shunt_Ohm, 0.5);
  errors.supply_drift = drawn_drift(random, drift_part * supply_limit_V, supply_full_scale_V, 0.5);
  return errors;
}

AfeErrors AfeErrors::at_limit(int direction, double shunt_Ohm) {
  if (direction != 1 && direction != -1) {
    throw BadInput("direction of the AFE error is " + std::to_string(direction) + ", accepted: 1 or -1");
  }
  AfeErrors errors;
  for (VoltageError& cell : errors.cell) cell.offset_V = direction * (cell_limit_V - cell_count_V);
  errors.shunt.offset_V = direction * (shunt_limit_A - shunt_count_A) * shunt_Ohm;
  errors.supply.offset_V = direction * (supply_limit_V - supply_count_V);
  errors.ntc_gain_error.fill(direction * ntc_limit);
  return errors;
}

}  // namespace packrig
