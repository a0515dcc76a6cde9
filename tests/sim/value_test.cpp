// A plant is a value: copies, seeds and split intervals. A pack is refused by the name of what is wrong with it.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

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

std::vector<std::uint64_t> bits_of(const Plant& plant) {
  std::vector<std::uint64_t> bits;
  const auto add = [&](double value) { bits.push_back(std::bit_cast<std::uint64_t>(value)); };
  for (const double value : plant.cell_V()) add(value);
  for (const double value : plant.cell_soc()) add(value);
  for (const double value : plant.cell_degC()) add(value);
  Terminals terminals;
  plant.show(terminals);
  for (const double value : terminals.tap_V) add(value);
  add(terminals.load_port_V);
  add(plant.string_A());
  return bits;
}

PackDescription spread_pack(int parallel) {
  PackDescription d = plain_pack();
  d.parallel = parallel;
  d.spread = {0.01, 0.05, 0.02};
  return d;
}

void exercise(Plant& plant) {
  plant.set_load(load_of(Load::Kind::power, 2000.0));
  switch_relay(plant, Actuator::precharge, true);
  switch_relay(plant, Actuator::discharge, true);
  pass(plant, plant.now_ns() + second_ns);
}

TEST(Value, CopyInTheMiddleOfATransientGoesTheSameWay) {
  PackDescription d = spread_pack(2);
  Plant original = make_plant(d);
  exercise(original);
  original.short_load_port(5e-3);
  original.advance(Actions{}, original.now_ns() + 20 * microsecond_ns);
  ASSERT_NE(original.step_limit_ns(), never_ns);
  Plant copy = original;
  pass(original, original.now_ns() + 5 * millisecond_ns);
  EXPECT_NE(bits_of(original), bits_of(copy));
  pass(copy, copy.now_ns() + 5 * millisecond_ns);
  EXPECT_EQ(bits_of(original), bits_of(copy));
}

TEST(Value, OneSeedOnePackAnotherSeedAnother) {
  Plant first = make_plant(spread_pack(1), 7);
  Plant again = make_plant(spread_pack(1), 7);
  Plant other = make_plant(spread_pack(1), 8);
  exercise(first);
  exercise(again);
  exercise(other);
  EXPECT_EQ(bits_of(first), bits_of(again));
  EXPECT_NE(bits_of(first), bits_of(other));
}

TEST(Value, SpreadHasTheDeviationThatWasAsked) {
  PackDescription d = plain_pack();
  d.series = 25;
  d.spread.soc = 0.02;
  double sum = 0.0;
  double squares = 0.0;
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    const Plant plant = make_plant(d, seed);
    for (const double soc : plant.cell_soc()) {
      sum += soc - 0.5;
      squares += (soc - 0.5) * (soc - 0.5);
      ++count;
    }
  }
  ASSERT_EQ(count, 2000);
  EXPECT_NEAR(sum / count, 0.0, 5.0 * 0.02 / 44.7);      // five standard errors
  EXPECT_NEAR(squares / count / 4e-4, 1.0, 5.0 / 31.6);  // the same, of a variance
}

TEST(Value, TwoHalvesOfAnAdvanceEqualTheWhole) {
  Plant whole = make_plant(spread_pack(1));
  exercise(whole);
  whole.set_load(load_of(Load::Kind::current, 50.0));
  Plant halves = whole;
  const TimeNs start_ns = whole.now_ns();
  whole.advance(Actions{}, start_ns + 500 * millisecond_ns);
  halves.advance(Actions{}, start_ns + 250 * millisecond_ns);
  halves.advance(Actions{}, start_ns + 500 * millisecond_ns);
  for (std::size_t k = 0; k < 16; ++k) {
    EXPECT_NEAR(whole.cell_V()[k], halves.cell_V()[k], 1e-9);
    EXPECT_NEAR(whole.cell_degC()[k], halves.cell_degC()[k], 1e-9);
    EXPECT_NEAR(whole.cell_soc()[k], halves.cell_soc()[k], 1e-16);
  }
}

TEST(Value, EdgeInsideAnIntervalEqualsAnIntervalUpToTheEdge) {
  Plant inside = make_plant(plain_pack());
  Plant upto = inside;
  inside.advance(edge(10 * millisecond_ns, Actuator::discharge, true), 100 * millisecond_ns);
  upto.advance(Actions{}, 10 * millisecond_ns);
  upto.advance(edge(10 * millisecond_ns, Actuator::discharge, true), 10 * millisecond_ns);
  upto.advance(Actions{}, 100 * millisecond_ns);
  for (std::size_t k = 0; k < 16; ++k) EXPECT_NEAR(inside.cell_V()[k], upto.cell_V()[k], 1e-9);
  EXPECT_EQ(inside.contact_closed(Contact::discharge), true);
  EXPECT_EQ(upto.contact_closed(Contact::discharge), true);
}

// Two cells of 1 mOhm in parallel: half the resistance, twice the charge.
TEST(ParallelGroups, AreOneSource) {
  PackDescription d = plain_pack();
  d.parallel = 2;
  Plant plant = make_plant(d);
  switch_relay(plant, Actuator::discharge, true);
  const double before = plant.cell_soc()[5];
  plant.set_load(load_of(Load::Kind::current, 72.0));
  EXPECT_NEAR(plant.cell_V()[5], 3.2 - 36e-3, 1e-7);  // filling the capacitor has cost the cells 28 nV
  pass(plant, plant.now_ns() + 100 * second_ns);
  EXPECT_NEAR(plant.cell_soc()[5], before - 0.01, 1e-12);  // 2 Ah of 200 Ah
}

// Unequal cells level out at rest; what one loses the other gains, and the string carries nothing.
TEST(ParallelGroups, LevelOutAndKeepTheirCharge) {
  PackDescription d = plain_pack();
  d.parallel = 4;
  d.spread.soc = 0.1;
  d.capacity_Ah = 1.0;
  Plant plant = make_plant(d);
  const std::vector<double> before(plant.cell_soc().begin(), plant.cell_soc().end());
  pass(plant, 1000 * second_ns, second_ns);
  for (std::size_t k = 0; k < before.size(); ++k) {
    EXPECT_NEAR(plant.cell_soc()[k], before[k], 1e-12);
    EXPECT_NEAR(plant.cell_V()[k], 3.0 + 0.4 * before[k], 1e-6);
  }
  EXPECT_EQ(plant.string_A(), 0.0);
}

TEST(PackDescription, RefusesByNameValueAndRange) {
  const auto refusal = [](auto change) -> std::string {
    PackDescription d = plain_pack();
    change(d);
    try {
      make_plant(d);
    } catch (const BadInput& bad) {
      return bad.what();
    }
    return "accepted";
  };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([](PackDescription&) {}), "accepted");
  EXPECT_EQ(refusal([](PackDescription& d) { d.series = 6; }), "pack.series = 6: accepted is 7 to 25");
  EXPECT_EQ(refusal([](PackDescription& d) { d.series = 7; }), "accepted");
  EXPECT_EQ(refusal([](PackDescription& d) { d.series = 25; }), "accepted");
  EXPECT_EQ(refusal([](PackDescription& d) { d.series = 26; }), "pack.series = 26: accepted is 7 to 25");
  EXPECT_EQ(refusal([](PackDescription& d) { d.parallel = 0; }), "pack.parallel = 0: accepted is 1 to 100");
  EXPECT_EQ(refusal([](PackDescription& d) { d.initial_soc = 1.01; }), "pack.initial_soc = 1.01: accepted is 0 to 1");
  EXPECT_EQ(refusal([&](PackDescription& d) { d.capacity_Ah = nan; }),
            "pack.capacity_Ah = nan: accepted is 0.1 to 10000");
  EXPECT_EQ(refusal([](PackDescription& d) { d.spread.soc = -0.1; }), "pack.spread.soc = -0.1: accepted is 0 to 0.2");
  EXPECT_EQ(refusal([](PackDescription& d) { d.harness.wire_Ohm[25] = 0.0; }),
            "harness.wire_Ohm[25] = 0: accepted is 1e-04 to inf");
  EXPECT_EQ(refusal([](PackDescription& d) { d.shunt.resistance_Ohm = 0.0; }),
            "shunt.resistance_Ohm = 0: accepted is 1e-06 to 0.1");
  EXPECT_EQ(refusal([](PackDescription& d) { d.fuse.rating_A = -1.0; }), "fuse.rating_A = -1: accepted is 1 to 10000");
  EXPECT_EQ(refusal([](PackDescription& d) { d.precharge_relay.release_s = -1.0; }),
            "precharge_relay.release_s = -1: accepted is 0 to 1");
  EXPECT_EQ(refusal([](PackDescription& d) { d.load_F = 0.0; }), "pack.load_F = 0: accepted is 1e-06 to 1");
  EXPECT_EQ(refusal([](PackDescription& d) { d.cells.reset(); }),
            "pack.cells and pack.electrochemistry: none is set, accepted is exactly one");
  EXPECT_EQ(refusal([](PackDescription& d) { d.monthly_self_discharge_share = 1.1; }),
            "pack.monthly_self_discharge_share = 1.1: accepted is 0 to 1");
  EXPECT_EQ(refusal([](PackDescription& d) { d.thermal.board_W_per_K = 0.0; }),
            "thermal.board_W_per_K = 0: accepted is 0.001 to 1000");
  EXPECT_THROW(Plant(nullptr, 1), BadInput);
}

}  // namespace
}  // namespace packrig
