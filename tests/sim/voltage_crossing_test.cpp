#include "sim/voltage_crossing.hpp"

#include <gtest/gtest.h>

#include <cmath>

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

TEST(VoltageCrossing, IsFoundToAMicrosecond) {
  const Plant plant = discharging();
  const double rate_V_per_s = 0.4 * 50.0 / 360e3;
  for (const double after_s : {1e-6, 0.0123456, 0.5, 0.999}) {
    const double limit_V = plant.cell_V()[0] - rate_V_per_s * after_s;
    const TimeNs until_ns = plant.now_ns() + second_ns;
    const auto crossing = first_voltage_crossing(plant, {}, until_ns, limit_V, CrossingDirection::falling);
    ASSERT_TRUE(crossing.has_value()) << after_s;
    EXPECT_NEAR(to_s(crossing->at_ns - plant.now_ns()), after_s, 1.01e-6) << after_s;
    Plant there = plant;
    there.advance({}, crossing->at_ns);
    EXPECT_LT(there.cell_V()[static_cast<std::size_t>(crossing->group - 1)], limit_V);
    Plant before = plant;
    before.advance({}, crossing->at_ns - microsecond_ns);
    EXPECT_GE(before.cell_V()[0], limit_V);
  }
}

TEST(VoltageCrossing, IsNoneWhereThereIsNone) {
  const Plant plant = discharging();
  const TimeNs until_ns = plant.now_ns() + second_ns;
  EXPECT_FALSE(first_voltage_crossing(plant, {}, until_ns, 3.0, CrossingDirection::falling).has_value());
  EXPECT_FALSE(first_voltage_crossing(plant, {}, until_ns, 3.3, CrossingDirection::rising).has_value());
  const auto already = first_voltage_crossing(plant, {}, until_ns, 3.0, CrossingDirection::rising);
  ASSERT_TRUE(already.has_value());
  EXPECT_EQ(already->at_ns, plant.now_ns());
  EXPECT_THROW(first_voltage_crossing(plant, {}, until_ns, std::nan(""), CrossingDirection::rising), BadInput);
  EXPECT_THROW(first_voltage_crossing(plant, {}, plant.now_ns() - 1, 3.0, CrossingDirection::falling), BadInput);
}

}  // namespace
}  // namespace packrig
