#include "sim/plant.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "models/errors.hpp"
#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

using test::edge;
using test::load_of;
using test::make_plant;
using test::pass;
using test::plain_pack;
using test::switch_relay;

constexpr double open_Ohm = std::numeric_limits<double>::infinity();
constexpr TimeNs ms = millisecond_ns;

Terminals terminals_of(const Plant& plant) {
  Terminals terminals;
  plant.show(terminals);
  return terminals;
}

Charger charger_of(double cv_V, double cc_A, double output_Ohm) { return {true, cv_V, cc_A, output_Ohm}; }

TEST(Plant, OpenCircuitShowsTheCellsSources) {
  const Plant plant = make_plant(plain_pack());
  EXPECT_NEAR(plant.pack_V(), 51.2, 1e-9);
  EXPECT_EQ(plant.string_A(), 0.0);
  EXPECT_EQ(plant.step_limit_ns(), never_ns);
  const Terminals terminals = terminals_of(plant);
  EXPECT_EQ(terminals.cell_count, 16);
  for (std::size_t k = 0; k <= 16; ++k) EXPECT_NEAR(terminals.tap_V[k], 3.2 * static_cast<double>(k), 1e-9);
  EXPECT_EQ(terminals.shunt_V, 0.0);
  for (const double probe_Ohm : terminals.ntc_Ohm) EXPECT_NEAR(probe_Ohm, 10e3, 1e-6);  // 25 degC
  EXPECT_NEAR(terminals.supply_V, 51.2, 1e-9);
  EXPECT_EQ(terminals.charge_port_V, 0.0);
  EXPECT_EQ(terminals.load_port_V, 0.0);
  EXPECT_FALSE(terminals.charger_plugged);
}

// The first 100 ms of a load move the cells by less than 1e-4 of their charge; drops are exact.
TEST(Plant, ResistorDrawsWhatOhmSays) {
  Plant plant = make_plant(plain_pack());
  plant.set_load(load_of(Load::Kind::resistance, 0.492));  // with the loop's 20 mOhm: 0.512 Ohm at 51.2 V
  switch_relay(plant, Actuator::discharge, true);
  EXPECT_NEAR(plant.string_A(), 100.0, 0.01);
  const double current_A = plant.string_A();
  const Terminals terminals = terminals_of(plant);
  EXPECT_NEAR(terminals.shunt_V, 0.5e-3 * current_A, 1e-12);
  EXPECT_NEAR(terminals.load_port_V, 0.492 * current_A, 1e-6);
  const double sum_V = std::accumulate(plant.cell_V().begin(), plant.cell_V().end(), 0.0);
  EXPECT_NEAR(plant.pack_V(), sum_V - 16 * 0.1e-3 * current_A, 1e-9);
  // bus = pack - shunt - fuse; port = bus - contact
  EXPECT_NEAR(terminals.load_port_V, plant.pack_V() - (0.5e-3 + 0.9e-3 + 1e-3) * current_A, 1e-6);
  EXPECT_TRUE(terminals.discharge_feedback);
  EXPECT_FALSE(terminals.charge_feedback);
}

TEST(Plant, ConstantCurrentIsExactAndCountsCoulombs) {
  Plant plant = make_plant(plain_pack());
  switch_relay(plant, Actuator::discharge, true);
  const double before = plant.cell_soc()[4];
  plant.set_load(load_of(Load::Kind::current, 36.0));
  pass(plant, plant.now_ns() + 100 * second_ns);
  EXPECT_EQ(plant.string_A(), 36.0);
  EXPECT_NEAR(before - plant.cell_soc()[4], 0.01, 1e-12);  // 1 Ah of 100 Ah
}

// P = v (E - v) / R with E = 51.2 V, R = 20 mOhm: 100 A at 49.2 V is 4920 W.
TEST(Plant, ConstantPowerTakesTheHigherVoltage) {
  Plant plant = make_plant(plain_pack());
  switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::power, 4920.0));
  EXPECT_NEAR(plant.string_A(), 100.0, 0.01);
  EXPECT_EQ(plant.step_limit_ns(), never_ns);
}

// The string's most power is E^2 / 4R = 32.77 kW.
TEST(Plant, PowerBeyondTheStringsCollapsesThePortAndComesToRest) {
  PackDescription d = plain_pack();
  d.fuse.rating_A = 10e3;
  d.fuse.melting_A2s = 1e9;
  Plant below = make_plant(d);
  switch_relay(below, Actuator::discharge, true);
  Plant above = below;
  below.set_load(load_of(Load::Kind::power, 32.5e3));
  EXPECT_EQ(below.step_limit_ns(), never_ns);
  above.set_load(load_of(Load::Kind::power, 33e3));
  EXPECT_NE(above.step_limit_ns(), never_ns);
  pass(above, above.now_ns() + 100 * ms);
  EXPECT_EQ(above.step_limit_ns(), never_ns);
  // It rests on the edge of the lock-out: 6600 A at 5 V, falling to nothing at 4.5 V, so 13.2 kS from 4.5 V upwards;
  // (51.2 - v) / 20 mOhm = (v - 4.5) 13.2 kS.
  const double port_V = (51.2 + 4.5 * 264.0) / 265.0;
  EXPECT_NEAR(terminals_of(above).load_port_V, port_V, 0.01);
  EXPECT_NEAR(above.string_A(), (51.2 - port_V) / 0.02, 3.0);
  above.set_load(load_of(Load::Kind::power, 4920.0));  // within its means again: it recovers
  pass(above, above.now_ns() + 100 * ms);
  EXPECT_NEAR(above.string_A(), 100.0, 0.1);
}

TEST(Plant, LoadIsNoStringCurrentBehindAnOpenContact) {
  Plant plant = make_plant(plain_pack());
  plant.set_load(load_of(Load::Kind::current, 50.0));
  pass(plant, second_ns);
  EXPECT_EQ(plant.string_A(), 0.0);
  EXPECT_NEAR(plant.load_port_A(), 0.0, 1e-6);
}

// CC until the pack is at cv - cc R, then CV. Charge path: 5 mOhm output + 1 mOhm contact; string 19 mOhm.
TEST(Plant, ChargerGoesFromConstantCurrentToConstantVoltage) {
  PackDescription d = plain_pack();
  d.capacity_Ah = 1.0;          // 1/100 of the cell: 100 mOhm each, 1.6 Ohm + 1.6 mOhm + 1.4 mOhm
  Plant plant = make_plant(d);  // slope 0.4 V x 16 = 6.4 V per 3600 C
  plant.set_charger(charger_of(54.0, 1.0, 5e-3));
  switch_relay(plant, Actuator::charge, true);
  EXPECT_TRUE(terminals_of(plant).charge_feedback);
  EXPECT_NEAR(plant.string_A(), -1.0, 1e-12);
  EXPECT_NEAR(plant.charge_port_A(), 1.0, 1e-12);
  // cv is reached when E = 54 - 1.609 (Ohm x 1 A) = 52.391 V: 1.191 V above the start = 670 C.
  const double reached_s = (54.0 - 1.609 - 51.2) / 6.4 * 3600.0;
  pass(plant, from_s(reached_s - 3.0), second_ns);
  EXPECT_NEAR(plant.charge_port_A(), 1.0, 1e-9);
  pass(plant, from_s(reached_s + 3.0), second_ns);
  EXPECT_LT(plant.charge_port_A(), 1.0);
  // Then the current decays with R C = 1.609 Ohm x 562.5 F = 905 s.
  const double start_A = plant.charge_port_A();
  pass(plant, plant.now_ns() + 905 * second_ns, second_ns);
  EXPECT_NEAR(plant.charge_port_A() / start_A, std::exp(-1.0), 2e-3);
  EXPECT_NEAR(terminals_of(plant).charge_port_V, 54.0 - 5e-3 * plant.charge_port_A(), 1e-9);
}

TEST(Plant, ChargerNeverSinks) {
  Plant plant = make_plant(plain_pack());
  plant.set_charger(charger_of(48.0, 20.0, 5e-3));
  switch_relay(plant, Actuator::charge, true);
  EXPECT_EQ(plant.charge_port_A(), 0.0);
  EXPECT_NEAR(terminals_of(plant).charge_port_V, 51.2, 1e-6);
}

TEST(Plant, ChargePortOfAnOpenRelayIsTheChargersOrNothing) {
  Plant plant = make_plant(plain_pack());
  EXPECT_EQ(terminals_of(plant).charge_port_V, 0.0);
  plant.set_charger(charger_of(56.0, 20.0, 5e-3));
  EXPECT_EQ(terminals_of(plant).charge_port_V, 56.0);
  EXPECT_TRUE(terminals_of(plant).charger_plugged);
}

// The BMS sees only the net current: a load masks an over-current of the charger.
TEST(Plant, LoadMasksTheCharger) {
  Plant plant = make_plant(plain_pack());
  plant.set_charger(charger_of(58.0, 100.0, 5e-3));
  switch_relay(plant, Actuator::charge, true);
  switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::current, 90.0));
  EXPECT_NEAR(plant.charge_port_A(), 100.0, 1e-9);
  EXPECT_NEAR(plant.load_port_A(), 90.0, 1e-9);
  EXPECT_NEAR(plant.string_A(), -10.0, 1e-9);
  EXPECT_NEAR(terminals_of(plant).shunt_V, -10.0 * 0.5e-3, 1e-12);
}

TEST(Plant, ANewFuseCarriesAgain) {
  Plant plant = make_plant(plain_pack());
  switch_relay(plant, Actuator::discharge, true);
  plant.short_load_port(1e-3);
  pass(plant, plant.now_ns() + second_ns);
  ASSERT_FALSE(plant.contact_closed(Contact::fuse));
  plant.short_load_port(std::numeric_limits<double>::infinity());
  plant.set_load(load_of(Load::Kind::current, 10.0));
  EXPECT_NEAR(plant.string_A(), 0.0, 1e-3);
  plant.replace_fuse();
  EXPECT_TRUE(plant.contact_closed(Contact::fuse));
  pass(plant, plant.now_ns() + 60 * second_ns);
  EXPECT_TRUE(plant.contact_closed(Contact::fuse)) << "heated by what blew the former one";
  EXPECT_NEAR(plant.string_A(), 10.0, 1e-6);
}

TEST(Plant, RegenerationChargesThroughTheLoadPort) {
  Plant plant = make_plant(plain_pack());
  switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::current, -30.0));
  EXPECT_NEAR(plant.string_A(), -30.0, 1e-9);
  const double before = plant.cell_soc()[0];
  pass(plant, plant.now_ns() + 10 * second_ns);
  EXPECT_GT(plant.cell_soc()[0], before);
}

TEST(Plant, RegenerationIntoAnOpenRelayStopsAtItsLimit) {
  Plant plant = make_plant(plain_pack());
  Load load = load_of(Load::Kind::current, -30.0);
  load.regeneration_limit_V = 60.0;
  plant.set_load(load);
  pass(plant, second_ns);
  EXPECT_EQ(plant.string_A(), 0.0);
  EXPECT_NEAR(terminals_of(plant).load_port_V, 60.0, 1e-3);
}

TEST(Plant, ProfileStepsAtItsTimes) {
  Plant plant = make_plant(plain_pack());
  switch_relay(plant, Actuator::discharge, true);
  Load load = load_of(Load::Kind::profile_current, 0.0);
  load.profile = std::make_shared<const std::vector<ProfilePoint>>(
      std::vector<ProfilePoint>{{0.5, 10.0}, {1.5, -20.0}, {2.0, 0.0}});
  load.start_ns = plant.now_ns();
  const TimeNs start_ns = plant.now_ns();
  const double before = plant.cell_soc()[0];
  plant.set_load(load);
  plant.advance(Actions{}, start_ns + 500 * ms - 1);
  EXPECT_EQ(plant.string_A(), 0.0);
  plant.advance(Actions{}, start_ns + 500 * ms);
  EXPECT_EQ(plant.string_A(), 10.0);
  plant.advance(Actions{}, start_ns + 1600 * ms);  // over a point in one step
  EXPECT_EQ(plant.string_A(), -20.0);
  EXPECT_NEAR(before - plant.cell_soc()[0], (10.0 * 1.0 - 20.0 * 0.1) / 360e3, 1e-14);
  plant.advance(Actions{}, start_ns + 100 * second_ns);
  EXPECT_EQ(plant.string_A(), 0.0);
}

TEST(Plant, StepLimitLeadsToEachMovement) {
  Plant plant = make_plant(plain_pack());
  plant.advance(edge(2 * ms, Actuator::charge, true), 5 * ms);
  EXPECT_EQ(plant.step_limit_ns(), 12 * ms);  // touch at 17 ms
  plant.advance(Actions{}, 17 * ms);
  EXPECT_TRUE(plant.contact_closed(Contact::charge));
  EXPECT_EQ(plant.step_limit_ns(), 500 * microsecond_ns);  // first bounce
  pass(plant, 100 * ms);
  EXPECT_EQ(plant.step_limit_ns(), never_ns);
  Load load = load_of(Load::Kind::profile_current, 0.0);
  load.profile = std::make_shared<const std::vector<ProfilePoint>>(std::vector<ProfilePoint>{{0.25, 10.0}});
  load.start_ns = plant.now_ns();
  plant.set_load(load);
  EXPECT_EQ(plant.step_limit_ns(), 250 * ms);
}

TEST(Plant, BalancingMovesCellsTerminalsAndCharge) {
  PackDescription d = plain_pack();
  d.harness.wire_Ohm.fill(0.05);
  d.busbar_Ohm = 0.0;
  Plant plant = make_plant(d);
  Actions actions{};
  actions.balance_A[4] = 2.0;  // charges cell 4
  actions.balance_A[3] = -2.0;
  plant.advance(actions, 36 * second_ns);
  EXPECT_EQ(plant.string_A(), 0.0);
  const Terminals terminals = terminals_of(plant);
  // 72 C into 360 000 C: 2e-4 of charge, 0.08 mV; 2 A through 1 mOhm: 2 mV; through two wires: 200 mV.
  EXPECT_NEAR(plant.cell_soc()[3] - 0.5, 2e-4, 1e-12);
  EXPECT_NEAR(plant.cell_soc()[2] - 0.5, 0.0, 1e-12);
  EXPECT_NEAR(plant.cell_V()[3], 3.2 + 2e-3 + 0.08e-3, 1e-9);
  EXPECT_NEAR(terminals.tap_V[4] - terminals.tap_V[3], 3.2 + 0.2 + 2.08e-3, 1e-9);
  EXPECT_NEAR(terminals.tap_V[3] - terminals.tap_V[2], 3.2 - 0.1, 1e-9);
  EXPECT_NEAR(terminals.tap_V[5] - terminals.tap_V[4], 3.2 - 0.1, 1e-9);
}

TEST(Plant, SupplyCurrentBypassesTheShuntUnlessWiredBehindIt) {
  PackDescription d = plain_pack();
  Actions actions{};
  actions.supply_A = 0.5;
  Plant before = make_plant(d);
  before.advance(actions, 360 * second_ns);
  EXPECT_EQ(before.string_A(), 0.0);
  EXPECT_NEAR(0.5 - before.cell_soc()[0], 5e-4, 1e-12);  // 180 C of 360 000 C
  EXPECT_NEAR(terminals_of(before).supply_V, before.pack_V() - 0.5 * 0.05, 1e-12);
  d.supply_return = SupplyReturn::after_shunt;
  Plant after = make_plant(d);
  after.advance(actions, 360 * second_ns);
  EXPECT_NEAR(after.string_A(), 0.5, 1e-12);
  EXPECT_NEAR(0.5 - after.cell_soc()[0], 5e-4, 1e-12);
}

TEST(Plant, SupplyCurrentIsFollowedByTheMicroampere) {
  PackDescription d = plain_pack();
  d.supply_return = SupplyReturn::after_shunt;
  Plant plant = make_plant(d);
  const auto string_A = [&](double supply_A) {
    Actions actions{};
    actions.supply_A = supply_A;
    plant.advance(actions, plant.now_ns() + millisecond_ns);
    return plant.string_A();
  };
  EXPECT_NEAR(string_A(0.0100000), 0.0100000, 1e-12);
  EXPECT_NEAR(string_A(0.0100009), 0.0100000, 1e-12);
  EXPECT_NEAR(string_A(0.0100011), 0.0100011, 1e-12);  // from where it was taken up, not from the last
  EXPECT_NEAR(string_A(0.0100000), 0.0100000, 1e-12);
}

TEST(Plant, AProbeReadsAtZeroDegreesToo) {
  PackDescription d = plain_pack();
  d.initial_degC = 0.0;
  for (const double probe_Ohm : terminals_of(make_plant(d)).ntc_Ohm) EXPECT_NEAR(probe_Ohm, 28.7e3, 10.0);
}

TEST(Plant, OpenSenseWireAndUnfittedProbe) {
  Plant plant = make_plant(plain_pack());
  plant.set_sense_wire_Ohm(16, open_Ohm);
  plant.set_ntc_fitted(2, false);
  Terminals terminals = terminals_of(plant);
  EXPECT_NEAR(terminals.tap_V[16], terminals.tap_V[15], 1e-4);
  EXPECT_TRUE(std::isinf(terminals.ntc_Ohm[1]));
  EXPECT_FALSE(std::isinf(terminals.ntc_Ohm[0]));
  plant.set_ntc_fitted(2, true);
  plant.set_sense_wire_Ohm(16, 0.07);
  terminals = terminals_of(plant);
  EXPECT_NEAR(terminals.tap_V[16], 51.2, 1e-9);
  EXPECT_NEAR(terminals.ntc_Ohm[1], 10e3, 1e-6);
}

TEST(Plant, AmbientReachesTheProbes) {
  Plant plant = make_plant(plain_pack());
  plant.set_ambient_degC(45.0);
  EXPECT_EQ(terminals_of(plant).board_degC, 25.0);
  pass(plant, 50 * second_ns, second_ns);  // one time constant of 100 J/K behind 2 W/K; the last cell adds a little
  EXPECT_NEAR(terminals_of(plant).board_degC, 45.0 - 20.0 * std::exp(-1.0), 0.3);
  pass(plant, 4000 * second_ns, second_ns);  // one time constant of 1000 J/K x 4 K/W
  EXPECT_NEAR(plant.cell_degC()[7], 45.0 - 20.0 * std::exp(-1.0), 1e-3);
  const double expected_Ohm = 10e3 * std::exp(3435.0 * (1.0 / (plant.cell_degC()[7] + 273.15) - 1.0 / 298.15));
  EXPECT_NEAR(terminals_of(plant).ntc_Ohm[1], expected_Ohm, 0.1);
}

TEST(Plant, RefusesStimuliOutOfRange) {
  Plant plant = make_plant(plain_pack());
  EXPECT_THROW(plant.set_load(load_of(Load::Kind::resistance, 0.0)), BadInput);
  EXPECT_THROW(plant.set_load(load_of(Load::Kind::current, std::nan(""))), BadInput);
  EXPECT_THROW(plant.set_load(load_of(Load::Kind::profile_power, 0.0)), BadInput);
  EXPECT_THROW(plant.set_charger(charger_of(-1.0, 10.0, 0.0)), BadInput);
  EXPECT_THROW(plant.set_ambient_degC(151.0), BadInput);
  EXPECT_THROW(plant.short_load_port(1e-6), BadInput);
  EXPECT_THROW(plant.set_sense_wire_Ohm(17, 0.1), BadInput);
  EXPECT_THROW(plant.set_ntc_fitted(0, false), BadInput);
  EXPECT_THROW(plant.set_ntc_fitted(4, false), BadInput);
  EXPECT_THROW(plant.weld(Contact::fuse, true), BadInput);
  plant.advance(Actions{}, second_ns);
  EXPECT_THROW(plant.advance(Actions{}, second_ns - 1), BadInput);
  EXPECT_THROW(plant.advance(edge(second_ns - 1, Actuator::charge, true), 2 * second_ns), BadInput);
  EXPECT_THROW(plant.advance(edge(2 * second_ns + 1, Actuator::charge, true), 2 * second_ns), BadInput);
}

TEST(Plant, NotANumberStopsAndNamesTheState) {
  Plant plant = make_plant(plain_pack());
  Actions actions{};
  actions.supply_A = std::nan("");
  try {
    plant.advance(actions, second_ns);
    FAIL() << "went on";
  } catch (const NumericFault& fault) {
    EXPECT_NE(std::string(fault.what()).find("cell_V of cell 1"), std::string::npos) << fault.what();
  }
}

TEST(Plant, CellsBeyondTheirValidityAreNamed) {
  PackDescription d = plain_pack();
  d.initial_soc = 1.0;
  d.capacity_Ah = 1.0;
  d.soc_offset.fill(-0.5);
  d.soc_offset[2] = 0.0;
  Plant plant = make_plant(d);
  EXPECT_EQ(plant.cell_outside_validity(), 0);
  plant.set_charger(charger_of(70.0, 1.0, 5e-3));
  switch_relay(plant, Actuator::charge, true);
  pass(plant, 10 * second_ns, second_ns);
  EXPECT_EQ(plant.cell_outside_validity(), 3);
}

TEST(Plant, WithoutTheSupplyOfItsCoilsNoContactHolds) {
  Plant plant = test::make_plant(test::plain_pack());
  Actions actions;
  actions.edges.push_back({0, Actuator::discharge, true});
  plant.advance(actions, second_ns);
  ASSERT_TRUE(plant.contact_closed(Contact::discharge));
  plant.set_coil_supply(false);
  actions.edges.clear();
  plant.advance(actions, 2 * second_ns);
  EXPECT_FALSE(plant.contact_closed(Contact::discharge));
  actions.edges.push_back({2 * second_ns, Actuator::charge, true});
  plant.advance(actions, 3 * second_ns);
  EXPECT_FALSE(plant.contact_closed(Contact::charge));
  plant.set_coil_supply(true);
  actions.edges.clear();
  plant.advance(actions, 4 * second_ns);
  EXPECT_TRUE(plant.contact_closed(Contact::discharge));
  EXPECT_TRUE(plant.contact_closed(Contact::charge));
}

}  // namespace
}  // namespace packrig
