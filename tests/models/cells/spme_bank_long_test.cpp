// The bank against the same equations solved another way: series of a sphere, finite volumes by Boost.Odeint.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/cells/particle_modes.hpp"
#include "models/cells/spme_bank.hpp"
#include "tests/models/cells/spme_accuracy.hpp"

namespace packrig {
namespace {

using reference::one_cell;
using reference::round_cell;
using reference::terminal_V;

TEST(ParticleModes, FollowTheSphereWithin2em4) {
  double share = 0.0;
  for (const double weight : particle_weight) {
    EXPECT_GT(weight, 0.0);
    share += weight;
  }
  EXPECT_NEAR(share, 0.2, 1e-15);
  const double worst = reference::worst_step_share();
  EXPECT_LE(worst, 2e-4);
  EXPECT_GE(worst, 1e-5);  // or the reference is the fit
}

TEST(SpmeBank, AgreesWithOdeintWithinAFifthOfAMillivolt) {
  const reference::OffOdeint off = reference::off_odeint();
  EXPECT_LE(off.root_mean_square_V, 0.2e-3);
  EXPECT_LE(off.worst_V, 1e-3);
  EXPECT_GE(off.root_mean_square_V, 1e-9);  // or the reference is the bank
}

TEST(SpmeBank, ConservesChargeOverAMillionSteps) { EXPECT_NEAR(reference::charge_off_soc(), 0.0, 0.5e-12); }

// The same cell as it is at another temperature: what Arrhenius' law and the entropy make of its properties.
ElectrochemicalSet at_temperature(ElectrochemicalSet set, double degC) {
  const double per_K = 1.0 / (set.reference_degC + 273.15) - 1.0 / (degC + 273.15);
  const auto factor = [&](double activation_J_per_mol) {
    return std::exp(activation_J_per_mol / 8.31446261815324 * per_K);
  };
  const auto scaled = [](const math::Table1& table, const math::Grid& grid, double by, double more) {
    std::vector<double> x;
    std::vector<double> value;
    for (int i = 0; i < grid.count; ++i) {
      x.push_back(grid.at(i));
      value.push_back(by * table.at(x.back()) + more);
    }
    return math::Table1("scaled", x, value, grid);
  };
  for (Electrode* k : {&set.negative, &set.positive}) {
    k->diffusivity_m2_per_s =
        scaled(k->diffusivity_m2_per_s, stoichiometry_grid(), factor(k->diffusivity_activation_J_per_mol), 0.0);
    k->rate_mol_per_m2_s *= factor(k->rate_activation_J_per_mol);
    const double shift_V = (degC - set.reference_degC) * k->entropy_V_per_K.at(0.5);
    k->open_V = scaled(k->open_V, potential_grid(), 1.0, shift_V);
  }
  Electrolyte& e = set.electrolyte;
  e.diffusivity_m2_per_s *= factor(e.diffusivity_activation_J_per_mol);
  e.conductivity_S_per_m =
      scaled(e.conductivity_S_per_m, concentration_grid(), factor(e.conductivity_activation_J_per_mol), 0.0);
  set.reference_degC = degC;
  return set;
}

// Pulses of 2C both ways with a rest between, cold, at the reference temperature and warm.
TEST(SpmeBank, PulsesAgreeWithOdeintAtOtherTemperatures) {
  const ElectrochemicalSet set = round_cell();
  for (const double degC : {5.0, 25.0, 45.0}) {
    SpmeBank bank = one_cell(set, 0.6, degC);
    const ElectrochemicalSet there = at_temperature(set, degC);
    reference::SpmeReference truth(there, 0.6);
    double squares = 0.0;
    int count = 0;
    for (const double rate : {2.0, 0.0, -2.0}) {
      const double current_A = rate * set.capacity_Ah;
      double step_s = 0.02;
      for (double t_s = 0.0; t_s < 5.0; t_s += step_s, step_s = std::min(1.5 * step_s, 0.5)) {
        bank.advance(std::vector<double>{current_A}, step_s);
        truth.advance(current_A, step_s);
        const double off_V = terminal_V(bank, 0, current_A) - truth.terminal_V(current_A);
        EXPECT_LE(std::fabs(off_V), 1e-3) << degC << " degC, " << rate << " C, " << t_s + step_s << " s";
        squares += off_V * off_V;
        ++count;
      }
    }
    EXPECT_LE(std::sqrt(squares / count), 0.2e-3) << degC;
  }
}

}  // namespace
}  // namespace packrig
