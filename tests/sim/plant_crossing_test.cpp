#include "sim/plant_crossing.hpp"

#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

using test::load_of;
using test::plain_pack;

// 3.2 V at half charge, 0.4 V over 100 Ah; 50 A through 1 mOhm: 3.15 V and falling by 0.4 * 50 / 360000 V/s.
Plant discharging() {
  Plant plant = test::make_plant(plain_pack());
  test::switch_relay(plant, Actuator::discharge, true);
  plant.set_load(load_of(Load::Kind::current, 50.0));
  return plant;
}

auto cell_below(double limit_V) {
  return [limit_V](const Plant& plant) { return plant.cell_V()[0] < limit_V; };
}

TEST(PlantCrossing, IsFoundToAMicrosecond) {
  const Plant plant = discharging();
  const double rate_V_per_s = 0.4 * 50.0 / 360e3;
  for (const double after_s : {1e-6, 0.0123456, 0.5, 0.999}) {
    const double limit_V = plant.cell_V()[0] - rate_V_per_s * after_s;
    const auto at_ns = first_instant_ns(plant, {}, plant.now_ns() + second_ns, cell_below(limit_V));
    ASSERT_TRUE(at_ns.has_value()) << after_s;
    EXPECT_NEAR(to_s(*at_ns - plant.now_ns()), after_s, 1.01e-6) << after_s;
    Plant there = plant;
    there.advance({}, *at_ns);
    EXPECT_LT(there.cell_V()[0], limit_V);
    Plant before = plant;
    before.advance({}, *at_ns - microsecond_ns);
    EXPECT_GE(before.cell_V()[0], limit_V);
  }
}

TEST(PlantCrossing, OfAContactFollowsTheEdgeWithinTheStep) {
  const Plant plant = discharging();
  Actions actions;
  actions.edges.push_back({plant.now_ns() + 100 * millisecond_ns, Actuator::discharge, false});
  const auto open = [](const Plant& p) { return !p.contact_closed(Contact::discharge); };
  const auto at_ns = first_instant_ns(plant, actions, plant.now_ns() + second_ns, open);
  ASSERT_TRUE(at_ns.has_value());
  Plant whole = plant;
  whole.advance(actions, plant.now_ns() + second_ns);
  ASSERT_EQ(whole.contact_events().size(), 1U);
  const TimeNs late_ns = *at_ns - whole.contact_events()[0].at_ns;
  EXPECT_GE(late_ns, 0);
  EXPECT_LE(late_ns, microsecond_ns);
}

TEST(PlantCrossing, IsNoneWhereThereIsNone) {
  const Plant plant = discharging();
  const TimeNs until_ns = plant.now_ns() + second_ns;
  EXPECT_FALSE(first_instant_ns(plant, {}, until_ns, cell_below(3.0)).has_value());
  EXPECT_EQ(first_instant_ns(plant, {}, until_ns, cell_below(3.3)), plant.now_ns());
  EXPECT_THROW(first_instant_ns(plant, {}, plant.now_ns() - 1, cell_below(3.0)), BadInput);
}

}  // namespace
}  // namespace packrig
