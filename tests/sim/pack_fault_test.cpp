// Leaks, breaks and the two kinds of cell in a pack.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/errors.hpp"
#include "tests/models/cells/test_electrochemistry.hpp"
#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

using test::load_of;
using test::make_plant;
using test::pass;
using test::plain_pack;

constexpr double infinity = std::numeric_limits<double>::infinity();

PackDescription electrochemical_pack() {
  PackDescription d = plain_pack();
  d.cells.reset();
  d.electrochemistry = std::make_shared<const ElectrochemicalSet>(reference::round_cell());
  return d;
}

// 3.2 V and 1 mOhm across 0.1 Ohm inside: 3.2 / 0.101 A, seen at the cell only.
TEST(InternalShort, PullsItsCellDownAndDischargesIt) {
  Plant plant = make_plant(plain_pack());
  plant.short_cell(5, 1, 0.1);
  EXPECT_NEAR(plant.cell_V()[4], 3.2 * 0.1 / 0.101, 1e-12);
  EXPECT_NEAR(plant.cell_V()[3], 3.2, 1e-12);
  EXPECT_EQ(plant.string_A(), 0.0);
  pass(plant, 100 * second_ns, second_ns);
  EXPECT_NEAR(plant.cell_soc()[4], 0.5 - 3.2 / 0.101 * 100.0 / 360e3, 1e-5);
  EXPECT_EQ(plant.cell_soc()[3], 0.5);
  EXPECT_GT(plant.cell_degC()[4], 25.0 + 100.0 * 3.2 * 3.2 / 0.101 / 1000.0 * 0.9);  // all of it is heat, in 1000 J/K
  plant.short_cell(5, 1, infinity);
  EXPECT_NEAR(plant.cell_V()[4], 3.0 + 0.4 * plant.cell_soc()[4], 1e-9);
  EXPECT_THROW(plant.short_cell(0, 1, 1.0), BadInput);
  EXPECT_THROW(plant.short_cell(17, 1, 1.0), BadInput);
  EXPECT_THROW(plant.short_cell(1, 2, 1.0), BadInput);
  EXPECT_THROW(plant.short_cell(1, 1, 0.9e-4), BadInput);
}

// A hundredth of the charge in 30 days at the nominal 3.2 V, with 3.2 V there.
TEST(SelfDischarge, TakesItsShareOfAMonth) {
  PackDescription d = plain_pack();
  d.monthly_self_discharge_share = 0.01;
  Plant plant = make_plant(d);
  plant.advance({}, 30LL * 86'400 * second_ns);
  EXPECT_NEAR(plant.cell_soc()[0], 0.49, 0.49 * 1e-4);
  EXPECT_EQ(plant.string_A(), 0.0);
}

TEST(OpenBusbar, StopsTheCurrentAndShowsTheStringAcrossTheBreak) {
  Plant plant = make_plant(plain_pack());
  test::switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::resistance, 10.0));
  pass(plant, plant.now_ns() + second_ns);
  EXPECT_NEAR(plant.string_A(), 51.2 / 10.02, 1e-2);
  plant.set_busbar_Ohm(8, infinity);
  pass(plant, plant.now_ns() + second_ns);
  EXPECT_LT(std::fabs(plant.string_A()), 1e-3);
  Terminals terminals;
  plant.show(terminals);
  EXPECT_NEAR(terminals.tap_V[8] - terminals.tap_V[7], 3.2 - 51.2, 0.1);
  EXPECT_NEAR(terminals.tap_V[9] - terminals.tap_V[8], 3.2, 0.1);
  plant.set_busbar_Ohm(8, 0.1e-3);
  pass(plant, plant.now_ns() + second_ns);
  EXPECT_NEAR(plant.string_A(), 51.2 / 10.02, 1e-2);
  EXPECT_THROW(plant.set_busbar_Ohm(0, 1.0), BadInput);
  EXPECT_THROW(plant.set_busbar_Ohm(17, 1.0), BadInput);
  EXPECT_THROW(plant.set_busbar_Ohm(1, -1.0), BadInput);
}

// Two cells of 1 mOhm in parallel, each behind another 1 mOhm.
TEST(CellContact, AddsToEachCellOfAGroup) {
  PackDescription d = plain_pack();
  d.parallel = 2;
  d.cell_contact_Ohm = 1e-3;
  Plant plant = make_plant(d);
  test::switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::current, 50.0));
  EXPECT_NEAR(plant.cell_V()[0], 3.2 - 50.0 * 1e-3, 1e-4);
}

// After a jump from rest to 3C the tangent of rest would be tens of millivolts off: two sweeps find the true voltage,
// which a bank that is linearised at the current itself has.
TEST(Electrochemistry, JumpsInCurrentAreFollowedAtOnce) {
  Plant plant = make_plant(electrochemical_pack());
  test::switch_relay(plant, Actuator::discharge, true);
  const double load_A = 300.0;
  plant.set_load(load_of(Load::Kind::current, load_A));
  const auto scaled = scaled_to_capacity(reference::round_cell(), 100.0);
  SpmeBank bank(std::make_shared<const ElectrochemicalSet>(scaled), {{}, {}, std::vector<double>{0.5}, 25.0});
  const double tangent_V = bank.open_V()[0] - bank.series_Ohm()[0] * load_A;
  bank.linearise(std::vector<double>{load_A});
  const double true_V = bank.open_V()[0] - bank.series_Ohm()[0] * load_A;
  EXPECT_GT(std::fabs(tangent_V - true_V), 5e-3);
  EXPECT_NEAR(plant.string_A(), load_A, 1e-9);
  EXPECT_NEAR(plant.cell_V()[0], true_V, 1e-5);
}

TEST(Electrochemistry, ParallelCellsShareByTheirVoltages) {
  PackDescription d = electrochemical_pack();
  d.parallel = 3;
  d.spread = {0.02, 0.1, 0.01};
  Plant plant = make_plant(d);
  test::switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::power, 10e3));
  double charge_Ah = 0.0;
  for (const double soc : plant.cell_soc()) charge_Ah += soc * 300.0;
  const TimeNs start_ns = plant.now_ns();
  double moved_Ah = 0.0;
  while (plant.now_ns() < start_ns + 60 * second_ns) {
    moved_Ah += plant.string_A() * 0.1 / 3600.0;
    plant.advance({}, plant.now_ns() + 100 * millisecond_ns);
  }
  double left_Ah = 0.0;
  for (const double soc : plant.cell_soc()) left_Ah += soc * 300.0;
  EXPECT_NEAR(charge_Ah - left_Ah, 16.0 * moved_Ah, 0.05 * 16.0 * moved_Ah);
  EXPECT_GT(plant.string_A(), 10e3 / plant.pack_V() * 0.999);
}

// A pack at rest takes its long step: one advance over a day ends where a thousand short ones end.
TEST(QuietPack, LongStepsEndWhereShortOnesEnd) {
  PackDescription d = electrochemical_pack();
  d.monthly_self_discharge_share = 0.02;
  d.ambient_degC = 35.0;
  Plant once = make_plant(d);
  Plant often = once;
  once.advance({}, 3600 * second_ns);
  pass(often, 3600 * second_ns, second_ns);
  EXPECT_NEAR(once.cell_V()[0], often.cell_V()[0], 1e-6);
  EXPECT_NEAR(once.cell_soc()[0], often.cell_soc()[0], 1e-8);
  EXPECT_NEAR(once.cell_degC()[0], often.cell_degC()[0], 1e-3);
}

}  // namespace
}  // namespace packrig
