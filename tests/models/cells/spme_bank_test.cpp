#include "models/cells/spme_bank.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "models/errors.hpp"
#include "tests/models/cells/one_cell.hpp"
#include "tests/models/cells/test_electrochemistry.hpp"

namespace packrig {
namespace {

using reference::one_cell;
using reference::round_cell;
using reference::share;
using reference::terminal_V;

// Steady state of the electrolyte, solved on paper: fluxes parabolic in the electrodes, constant in the separator.
TEST(ElectrolyteModes, SettleOnTheParabola) {
  const ElectrochemicalSet set = round_cell();
  const ElectrolyteModes modes = electrolyte_modes(set);
  double negative_m = 0.0;
  double positive_m = 0.0;
  for (std::size_t m = 0; m < electrolyte_mode_count; ++m) {
    negative_m += modes.negative_m[m];
    positive_m += modes.positive_m[m];
    if (m > 0) {
      EXPECT_GT(modes.rate_per_m2[m], modes.rate_per_m2[m - 1]);
    }
  }
  // With unit source D dc/dx = -x / (L B) etc.: c falls by L / (2 B) over each electrode and by L / B over the
  // separator; an electrode's mean lies a third of that from its inner edge. Salt is conserved.
  const Electrode& n = set.negative;
  const Electrode& p = set.positive;
  const double n_drop = n.thickness_m / (2.0 * n.transport_efficiency);
  const double s_drop = set.separator.thickness_m / set.separator.transport_efficiency;
  const double p_drop = p.thickness_m / (2.0 * p.transport_efficiency);
  const double apart = 2.0 / 3.0 * n_drop + s_drop + 2.0 / 3.0 * p_drop;
  EXPECT_NEAR(negative_m - positive_m, apart, 2e-3 * apart);
  const double n_salt = n.thickness_m * n.porosity;
  const double s_salt = set.separator.thickness_m * set.separator.porosity;
  const double p_salt = p.thickness_m * p.porosity;
  const double s_below_n = 2.0 / 3.0 * n_drop + 0.5 * s_drop;  // means
  const double negative = (s_salt * s_below_n + p_salt * apart) / (n_salt + s_salt + p_salt);
  EXPECT_NEAR(negative_m, negative, 2e-3 * apart);
}

TEST(SpmeBank, StepLengthDoesNotMatterUnderAConstantCurrent) {
  const ElectrochemicalSet set = round_cell();
  SpmeBank coarse = one_cell(set, 0.6);
  SpmeBank fine = coarse;
  const std::vector<double> current{set.capacity_Ah};
  for (int i = 0; i < 10; ++i) coarse.advance(current, 10.0);
  for (int i = 0; i < 100'000; ++i) fine.advance(current, 0.001);
  EXPECT_NEAR(terminal_V(coarse, 0, current[0]), terminal_V(fine, 0, current[0]), 2e-6);
  EXPECT_NEAR(coarse.soc()[0], fine.soc()[0], 1e-14);
}

// The source is the tangent of the voltage over the current.
TEST(SpmeBank, LinearisesTheKinetics) {
  const ElectrochemicalSet set = round_cell();
  SpmeBank bank = one_cell(set, 0.5);
  for (const double current_A : {-20.0, -1.0, 0.0, 0.3, 5.0, 40.0}) {
    const double step_A = 1e-3;
    bank.linearise(std::vector<double>{current_A - step_A});
    const double before_V = terminal_V(bank, 0, current_A - step_A);
    bank.linearise(std::vector<double>{current_A + step_A});
    const double after_V = terminal_V(bank, 0, current_A + step_A);
    bank.linearise(std::vector<double>{current_A});
    EXPECT_NEAR(bank.series_Ohm()[0], (before_V - after_V) / (2.0 * step_A), 1e-8) << current_A;
    EXPECT_NEAR(terminal_V(bank, 0, current_A), 0.5 * (before_V + after_V), 1e-8) << current_A;
  }
}

// At rest the open voltage moves with the entropy of both electrodes, dU/dT = 1e-4 - (-1e-4) V/K.
TEST(SpmeBank, TemperatureMovesVoltageResistanceAndDiffusion) {
  const ElectrochemicalSet set = round_cell();
  SpmeBank warm = one_cell(set, 0.5, 35.0);
  SpmeBank cold = one_cell(set, 0.5, 25.0);
  EXPECT_NEAR(warm.open_V()[0] - cold.open_V()[0], 10.0 * 2e-4, 1e-9);
  EXPECT_LT(warm.series_Ohm()[0], cold.series_Ohm()[0]);
  cold.set_temperature_degC(std::vector<double>{35.0});
  EXPECT_DOUBLE_EQ(cold.series_Ohm()[0], warm.series_Ohm()[0]);
  // Depth of a particle that has settled: u / 5, u by 1 / D, D by Arrhenius.
  const std::vector<double> current{1.0};
  SpmeBank other = one_cell(set, 0.5, 25.0);
  for (int i = 0; i < 3000; ++i) {
    warm.advance(current, 1.0);
    other.advance(current, 1.0);
  }
  const auto depth = [&](const SpmeBank& bank) {
    return set.negative.lowest_x + bank.soc()[0] * (set.negative.highest_x - set.negative.lowest_x) -
           bank.negative_surface_x()[0];
  };
  const double factor = std::exp(30e3 / 8.31446261815324 * (1.0 / 298.15 - 1.0 / 308.15));
  EXPECT_NEAR(depth(other) / depth(warm), factor, 1e-6);
  const double settled = 1.0 * 6e-6 / (3e-14 * 30e3 * 3e5 * 80e-6 * 0.1 * 96485.33212331) / 5.0;
  EXPECT_NEAR(depth(other), settled, 1e-9);
}

TEST(SpmeBank, HeatIsOverpotentialAndEntropy) {
  const ElectrochemicalSet set = round_cell();
  SpmeBank bank = one_cell(set, 0.5);
  bank.advance(std::vector<double>{5.0}, 60.0);
  SpmeBank rested = bank;
  rested.advance(std::vector<double>{0.0}, 1e6);
  const double lost_V = rested.open_V()[0] - terminal_V(bank, 0, 5.0);
  EXPECT_NEAR(bank.heat_W()[0], 5.0 * (lost_V - 298.15 * 2e-4), 1e-5);
  bank.advance(std::vector<double>{0.0}, 1.0);
  EXPECT_EQ(bank.heat_W()[0], 0.0);
}

TEST(SpmeBank, HysteresisGoesOverWithTheCharge) {
  ElectrochemicalSet set = round_cell();
  const std::vector<double> soc{0.0, 1.0};
  const std::vector<double> gap_V{0.02, 0.02};
  set.hysteresis = {true, 50.0, math::Table1("gap", soc, gap_V, stoichiometry_grid())};
  SpmeBank with = one_cell(set, 0.5);
  SpmeBank without = one_cell(round_cell(), 0.5);
  const auto apart_V = [&] { return with.open_V()[0] - without.open_V()[0]; };
  const auto move = [&](double current_A, double duration_s) {
    with.advance(std::vector<double>{current_A}, duration_s);
    without.advance(std::vector<double>{current_A}, duration_s);
  };
  EXPECT_NEAR(apart_V(), 0.0, 1e-12);
  move(-set.capacity_Ah, 36.0);  // 1 % of the charge
  EXPECT_NEAR(apart_V(), 0.02 * (1.0 - std::exp(-0.5)), 1e-9);
  move(0.0, 3600.0);  // it stays at rest
  EXPECT_NEAR(apart_V(), 0.02 * (1.0 - std::exp(-0.5)), 1e-9);
  move(set.capacity_Ah, 36.0);
  EXPECT_NEAR(apart_V(), 0.02 * ((1.0 - std::exp(-0.5)) * std::exp(-0.5) - (1.0 - std::exp(-0.5))), 1e-9);
}

// Whether a step is short or long enough to take an exponential.
TEST(SpmeBank, HysteresisKnowsNoStep) {
  ElectrochemicalSet set = round_cell();
  const std::vector<double> ends{0.0, 1.0};
  const std::vector<double> gap_V{0.02, 0.02};
  set.hysteresis = {true, 50.0, math::Table1("gap", ends, gap_V, stoichiometry_grid())};
  for (const int steps : {1, 63, 65, 1000}) {  // of 64, each is as long as may be without one
    SpmeBank with = one_cell(set, 0.5);
    SpmeBank without = one_cell(round_cell(), 0.5);
    for (int i = 0; i < steps; ++i) {
      with.advance(std::vector<double>{-set.capacity_Ah}, 36.0 / steps);
      without.advance(std::vector<double>{-set.capacity_Ah}, 36.0 / steps);
    }
    EXPECT_NEAR(with.open_V()[0] - without.open_V()[0], 0.02 * (1.0 - std::exp(-0.5)), 1e-13) << steps << " steps";
  }
}

// From full to below 0 V and from empty to above 5 V at 1C, without a jump, and flagged.
TEST(SpmeBank, GoesOnBeyondEmptyAndFullAndFlagsIt) {
  const ElectrochemicalSet set = round_cell();
  SpmeBank bank(share(set), {{}, {}, std::vector<double>{0.5, 0.5}, 25.0});
  const std::vector<double> current{set.capacity_Ah, -set.capacity_Ah};
  EXPECT_FALSE(bank.outside_validity(0));
  EXPECT_FALSE(bank.any_outside_validity());
  double before_V[2] = {terminal_V(bank, 0, 0.0), terminal_V(bank, 1, 0.0)};
  double lowest_V = before_V[0];
  double highest_V = before_V[1];
  for (int i = 0; i < 40'000; ++i) {
    bank.advance(current, 0.25);
    const double now_V[2] = {terminal_V(bank, 0, current[0]), terminal_V(bank, 1, current[1])};
    for (std::size_t c = 0; c < 2 && i > 100; ++c) {
      EXPECT_LT(std::fabs(now_V[c] - before_V[c]), 0.05) << i;
    }
    lowest_V = std::min(lowest_V, now_V[0]);
    highest_V = std::max(highest_V, now_V[1]);
    before_V[0] = now_V[0];
    before_V[1] = now_V[1];
  }
  EXPECT_TRUE(bank.any_outside_validity());
  EXPECT_LE(lowest_V, 0.0);
  EXPECT_GE(highest_V, 5.0);
  EXPECT_TRUE(bank.outside_validity(0));
  EXPECT_TRUE(bank.outside_validity(1));
  EXPECT_NO_THROW(bank.check());
}

// At once, not with the next step.
TEST(SpmeBank, ATemperatureBeyondTheSetsIsFlagged) {
  const ElectrochemicalSet set = round_cell();
  SpmeBank bank(share(set), {{}, {}, std::vector<double>{0.5, 0.5}, set.validity.high_degC});
  EXPECT_FALSE(bank.any_outside_validity());
  bank.set_temperature_degC(std::vector<double>{set.validity.high_degC, set.validity.high_degC + 0.01});
  EXPECT_TRUE(bank.any_outside_validity());
  EXPECT_FALSE(bank.outside_validity(0));
  EXPECT_TRUE(bank.outside_validity(1));
  bank.set_temperature_degC(std::vector<double>{set.validity.low_degC, set.validity.high_degC});
  EXPECT_FALSE(bank.any_outside_validity());
  bank.set_temperature_degC(std::vector<double>{set.validity.low_degC - 0.01, set.validity.high_degC});
  EXPECT_TRUE(bank.any_outside_validity());
  const SpmeBank cold(share(set), {{}, {}, std::vector<double>{0.5}, set.validity.low_degC - 0.01});
  EXPECT_TRUE(cold.any_outside_validity());
}

TEST(SpmeBank, DepletedElectrolyteIsFlaggedAndFinite) {
  ElectrochemicalSet set = round_cell();
  set.validity.low_V = -10.0;
  SpmeBank bank = one_cell(set, 0.9);
  EXPECT_FALSE(bank.outside_validity(0));
  for (int i = 0; i < 200; ++i) bank.advance(std::vector<double>{8.0 * set.capacity_Ah}, 0.5);
  EXPECT_LT(bank.positive_mol_per_m3()[0], 20.0);
  EXPECT_TRUE(bank.outside_validity(0));
  EXPECT_TRUE(bank.any_outside_validity());
  EXPECT_TRUE(std::isfinite(bank.open_V()[0]));
}

TEST(SpmeBank, SpreadScalesAreaAndResistance) {
  const ElectrochemicalSet set = round_cell();
  const std::vector<double> soc{0.5, 0.5, 0.5};
  const std::vector<double> capacity{1.0, 0.5, 1.0};
  const std::vector<double> resistance{1.0, 1.0, 2.0};
  SpmeBank bank(share(set), {capacity, resistance, soc, 25.0});
  EXPECT_DOUBLE_EQ(bank.capacity_Ah(0), set.capacity_Ah);
  EXPECT_DOUBLE_EQ(bank.capacity_Ah(1), 0.5 * set.capacity_Ah);
  EXPECT_NEAR(bank.series_Ohm()[1], 2.0 * bank.series_Ohm()[0], 1e-12);
  EXPECT_NEAR(bank.series_Ohm()[2], 2.0 * bank.series_Ohm()[0], 1e-12);
  // Half the area under half the current is the same cell.
  bank.advance(std::vector<double>{2.0, 1.0, 2.0}, 100.0);
  EXPECT_NEAR(terminal_V(bank, 0, 2.0), terminal_V(bank, 1, 1.0), 1e-12);
  const SpmeBank large = one_cell(scaled_to_capacity(set, 50.0), 0.5);
  EXPECT_NEAR(large.series_Ohm()[0], one_cell(set, 0.5).series_Ohm()[0] * set.capacity_Ah / 50.0, 1e-12);
}

TEST(SpmeBank, NaNIsNamed) {
  SpmeBank bank(share(round_cell()), {{}, {}, std::vector<double>(3, 0.5), 25.0});
  bank.advance(std::vector<double>{1.0, std::numeric_limits<double>::quiet_NaN(), 1.0}, 1.0);
  try {
    bank.check();
    FAIL() << "a NaN went unnoticed";
  } catch (const NumericFault& fault) {
    EXPECT_NE(std::string(fault.what()).find("cell 2: state of charge"), std::string::npos) << fault.what();
  }
}

TEST(SpmeBank, RefusesBadStartsAndSteps) {
  const auto set = share(round_cell());
  const std::vector<double> soc{0.5, 0.5};
  const std::vector<double> one{1.0};
  const std::vector<double> over{0.5, 1.01};
  EXPECT_THROW(SpmeBank(set, {one, {}, soc, 25.0}), BadInput);
  EXPECT_THROW(SpmeBank(set, {{}, {}, over, 25.0}), BadInput);
  SpmeBank bank(set, {{}, {}, soc, 25.0});
  EXPECT_THROW(bank.advance(soc, 0.0), BadInput);
  EXPECT_THROW(bank.advance(one, 1.0), BadInput);
  EXPECT_THROW(bank.linearise(one), BadInput);
  EXPECT_THROW(bank.set_temperature_degC(one), BadInput);
}

}  // namespace
}  // namespace packrig
