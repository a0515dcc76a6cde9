#include "models/cells/ecm_bank.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "models/errors.hpp"
#include "models/math/random.hpp"
#include "tests/models/cells/charge_sum.hpp"
#include "tests/models/cells/ecm_reference.hpp"
#include "tests/models/cells/test_cells.hpp"

namespace packrig {
namespace {

using reference::bent_cell;
using reference::plain_cell;

std::shared_ptr<const CellSet> share(const CellSet& set) { return std::make_shared<const CellSet>(set); }

double terminal_V(const EcmBank& bank, std::size_t cell, double current_A) {
  return bank.open_V()[cell] - bank.series_Ohm()[cell] * current_A;
}

// Largest terminal voltage difference to Odeint over an hour of random current steps of one second to a minute.
double worst_against_odeint(const CellSet& set, double dt_s) {
  const std::vector<double> soc{0.55, 0.8, 0.3, 0.5, 0.6};
  const std::vector<double> capacity{1.0, 0.98, 1.02, 1.0, 0.95};
  const std::vector<double> resistance{1.0, 1.1, 0.9, 1.2, 1.0};
  EcmBank bank(share(set), {capacity, resistance, soc, 25.0});
  std::vector<reference::State> states;
  for (const double start : soc) states.push_back({start, 0.0, 0.0, 25.0});
  math::Random random(5);
  double worst_V = 0.0;
  for (double t = 0.0; t < 3600.0;) {
    const double duration_s = std::floor(1.0 + 59.0 * random.uniform());
    const std::vector<double> current(soc.size(), 30.0 * (random.uniform() - 0.5));
    for (int k = 0; k < static_cast<int>(duration_s / dt_s + 0.5); ++k) bank.advance(current, dt_s);
    for (std::size_t i = 0; i < soc.size(); ++i) {
      const reference::Cell cell{set, current[i], capacity[i], resistance[i]};
      reference::integrate(cell, states[i], duration_s, 1e-12);
      worst_V = std::max(worst_V, std::fabs(terminal_V(bank, i, current[i]) - cell.terminal_V(states[i])));
    }
    t += duration_s;
  }
  return worst_V;
}

TEST(EcmBank, AgreesWithOdeintForConstantElements) { EXPECT_LE(worst_against_odeint(plain_cell(), 1.0), 1e-6); }

// Elements that depend on charge are read in steps of 0.001 of SoC: 20 uOhm at most here, under 15 A.
TEST(EcmBank, AgreesWithOdeintForElementsThatBend) { EXPECT_LE(worst_against_odeint(bent_cell(), 1.0), 5e-4); }

TEST(EcmBank, RelaxesAsWorkedOutByHand) {
  CellSet set = plain_cell();
  set.entropy_V_per_K = math::Table1();
  EcmBank bank(share(set), {{}, {}, std::vector<double>{0.8}, 0.0});
  bank.advance(std::vector<double>{10.0}, 100.0);
  const double soc = 0.8 - 1000.0 / 36000.0;
  const double v1 = 0.05 * (1.0 - std::exp(-10.0));
  const double v2 = 0.08 * (1.0 - std::exp(-0.5));
  EXPECT_NEAR(bank.soc()[0], soc, 1e-15);
  EXPECT_NEAR(bank.open_V()[0], 3.3 + (soc - 0.5) * 0.2 - v1 - v2, 1e-9);
  EXPECT_NEAR(bank.series_Ohm()[0], 0.010, 1e-15);
  bank.advance(std::vector<double>{0.0}, 100.0);
  EXPECT_NEAR(bank.open_V()[0], 3.3 + (soc - 0.5) * 0.2 - v1 * std::exp(-10.0) - v2 * std::exp(-0.5), 1e-9);
}

// One step of any length ends where many short ones end.
TEST(EcmBank, StepLengthDoesNotMatterForConstantElements) {
  const std::vector<double> soc{0.9};
  const std::vector<double> current{4.0};
  EcmBank coarse(share(plain_cell()), {{}, {}, soc, 25.0});
  EcmBank fine = coarse;
  for (int i = 0; i < 5; ++i) coarse.advance(current, 10.0);
  for (int i = 0; i < 50'000; ++i) fine.advance(current, 0.001);
  EXPECT_NEAR(coarse.open_V()[0], fine.open_V()[0], 1e-6);
  EXPECT_NEAR(coarse.soc()[0], fine.soc()[0], 1e-14);
}

TEST(EcmBank, HeatIsWhatTheCircuitLoses) {
  CellSet set = plain_cell();
  set.entropy_V_per_K = math::Table1();
  const std::vector<double> soc{0.9};
  EcmBank bank(share(set), {{}, {}, soc, 25.0});
  // 500 s of 10 A, then rest until the capacitors are empty: all energy of the overpotential must have become heat.
  double heat_J = 0.0;
  double overpotential_J = 0.0;
  for (int i = 0; i < 10'000; ++i) {
    const double current_A = i < 500 ? 10.0 : 0.0;
    bank.advance(std::vector<double>{current_A}, 1.0);
    heat_J += bank.heat_W()[0];
  }
  // Integral of I (R0 I + v1 + v2) over the discharge.
  const auto branch = [](double settled_V, double tau_s) {
    return settled_V * (500.0 - tau_s * (1.0 - std::exp(-500.0 / tau_s)));
  };
  overpotential_J = 10.0 * (0.1 * 500.0 + branch(0.05, 10.0) + branch(0.08, 200.0));
  EXPECT_NEAR(heat_J, overpotential_J, 1e-6 * overpotential_J);
}

TEST(EcmBank, ReversibleHeatCoolsADischargeWhenTheVoltageRisesWithTemperature) {
  CellSet set = plain_cell();
  set.series_Ohm = math::Table2::constant(0.0);
  set.rc = {};
  EcmBank bank(share(set), {{}, {}, std::vector<double>{0.5, 0.5}, 25.0});
  bank.advance(std::vector<double>{5.0, -5.0}, 1.0);
  EXPECT_NEAR(bank.heat_W()[0], -5.0 * 298.15 * 2e-4, 1e-12);
  EXPECT_NEAR(bank.heat_W()[1], 5.0 * 298.15 * 2e-4, 1e-12);
}

TEST(EcmBank, ConservesChargeOverAMillionSteps) {
  CellSet set = plain_cell();
  const std::vector<double> soc{0.5};
  EcmBank bank(share(set), {{}, {}, soc, 25.0});
  EXPECT_NEAR(reference::charge_off_soc(bank, set.capacity_Ah, 20.0), 0.0, 1e-12);
}

// At rest, so that only temperature moves: 1 mOhm/K, read anew at least every 0.05 K.
TEST(EcmBank, ResistanceFollowsTemperature) {
  CellSet set = plain_cell();
  const std::vector<double> soc_knots{0.0, 1.0};
  const std::vector<double> degC{0.0, 40.0};
  const std::vector<double> values{0.050, 0.050, 0.010, 0.010};
  set.series_Ohm = math::Table2("series", soc_knots, degC, values, element_soc_grid(), temperature_grid(degC));
  EcmBank bank(share(set), {{}, {}, std::vector<double>{0.5}, 30.0});
  EXPECT_NEAR(bank.series_Ohm()[0], 0.020, 1e-12);
  for (int i = 0; i < 5000; ++i) {
    bank.set_temperature_degC(std::vector<double>{30.0 - 0.004 * i});
    bank.advance(std::vector<double>{0.0}, 1.0);
    ASSERT_NEAR(bank.series_Ohm()[0], 0.050 - 0.001 * (30.0 - 0.004 * i), 0.0501e-3);
  }
}

TEST(EcmBank, SpreadMakesCellsDiffer) {
  const std::vector<double> soc{0.5, 0.5, 0.6};
  const std::vector<double> capacity{1.0, 0.5, 1.0};
  const std::vector<double> resistance{1.0, 2.0, 1.0};
  EcmBank bank(share(plain_cell()), {capacity, resistance, soc, 25.0});
  EXPECT_DOUBLE_EQ(bank.capacity_Ah(0), 10.0);
  EXPECT_DOUBLE_EQ(bank.capacity_Ah(1), 5.0);
  EXPECT_DOUBLE_EQ(bank.series_Ohm()[1], 0.020);
  bank.advance(std::vector<double>(3, 3.6), 100.0);
  EXPECT_NEAR(bank.soc()[0], 0.49, 1e-14);
  EXPECT_NEAR(bank.soc()[1], 0.48, 1e-14);
  EXPECT_NEAR(bank.soc()[2], 0.59, 1e-14);
}

TEST(EcmBank, GoesOnBeyondEmptyAndFullAndFlagsIt) {
  EcmBank bank(share(plain_cell()), {{}, {}, std::vector<double>{0.5, 0.5}, 25.0});
  const std::vector<double> current{2.0, -2.0};
  EXPECT_FALSE(bank.outside_validity(0));
  double previous_low = bank.open_V()[0];
  double previous_high = bank.open_V()[1];
  bool reached_low = false;
  bool reached_high = false;
  for (int i = 0; i < 12'000; ++i) {
    bank.advance(current, 1.0);
    if (i > 2000) {
      EXPECT_LT(bank.open_V()[0], previous_low + 1e-12);
      EXPECT_GT(bank.open_V()[1], previous_high - 1e-12);
    }
    previous_low = bank.open_V()[0];
    previous_high = bank.open_V()[1];
    reached_low = reached_low || terminal_V(bank, 0, 2.0) <= 0.0;
    reached_high = reached_high || terminal_V(bank, 1, -2.0) >= 5.0;
  }
  EXPECT_TRUE(reached_low);
  EXPECT_TRUE(reached_high);
  EXPECT_TRUE(bank.outside_validity(0));
  EXPECT_TRUE(bank.outside_validity(1));
  EXPECT_NO_THROW(bank.check());
}

TEST(EcmBank, FlagsTemperatureAndTerminalVoltage) {
  EcmBank bank(share(plain_cell()), {{}, {}, std::vector<double>{0.5}, 40.0});
  EXPECT_FALSE(bank.outside_validity(0));
  EcmBank hot(share(plain_cell()), {{}, {}, std::vector<double>{0.5}, 40.1});
  EXPECT_TRUE(hot.outside_validity(0));
  // 3.3 V less 10 mOhm times 85 A is below 2.5 V at the terminals, the open voltage is not.
  bank.advance(std::vector<double>{85.0}, 1e-6);
  EXPECT_TRUE(bank.outside_validity(0));
}

TEST(EcmBank, NaNIsNamed) {
  EcmBank bank(share(plain_cell()), {{}, {}, std::vector<double>(3, 0.5), 25.0});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  bank.advance(std::vector<double>{1.0, nan, 1.0}, 1.0);
  try {
    bank.check();
    FAIL() << "a NaN went unnoticed";
  } catch (const NumericFault& fault) {
    EXPECT_NE(std::string(fault.what()).find("cell 2: state of charge"), std::string::npos) << fault.what();
  }
}

TEST(EcmBank, ACopyHasTheSameFuture) {
  const std::vector<double> soc{0.5, 0.7};
  EcmBank bank(share(bent_cell()), {{}, {}, soc, 25.0});
  bank.advance(std::vector<double>{3.0, 4.0}, 7.0);
  EcmBank copy = bank;
  for (int i = 0; i < 1000; ++i) {
    bank.advance(std::vector<double>{3.0, 4.0}, 1.0);
    copy.advance(std::vector<double>{3.0, 4.0}, 1.0);
  }
  EXPECT_EQ(bank.open_V()[0], copy.open_V()[0]);
  EXPECT_EQ(bank.temperature_degC()[1], copy.temperature_degC()[1]);
}

TEST(EcmBank, RefusesBadStarts) {
  const auto set = share(plain_cell());
  const std::vector<double> soc{0.5, 0.5};
  const std::vector<double> one{1.0};
  const std::vector<double> zero{1.0, 0.0};
  const std::vector<double> over{0.5, 1.01};
  const std::vector<double> none;
  EXPECT_THROW(EcmBank(set, {{}, {}, none, 25.0}), BadInput);
  EXPECT_THROW(EcmBank(set, {one, {}, soc, 25.0}), BadInput);
  EXPECT_THROW(EcmBank(set, {{}, zero, soc, 25.0}), BadInput);
  EXPECT_THROW(EcmBank(set, {{}, {}, over, 25.0}), BadInput);
  EXPECT_THROW(EcmBank(set, {{}, {}, soc, -60.1}), BadInput);
  EXPECT_NO_THROW(EcmBank(set, {{}, {}, soc, -60.0}));
  EcmBank bank(set, {{}, {}, soc, 25.0});
  EXPECT_THROW(bank.advance(soc, 0.0), BadInput);
  EXPECT_THROW(bank.advance(soc, std::nan("")), BadInput);
  EXPECT_THROW(bank.advance(one, 1.0), BadInput);
  EXPECT_THROW(bank.set_temperature_degC(one), BadInput);
}

}  // namespace
}  // namespace packrig
