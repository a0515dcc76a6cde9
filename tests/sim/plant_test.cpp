#include "sim/plant.hpp"

#include <gtest/gtest.h>

#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

using test::load_of;
using test::make_plant;
using test::plain_pack;
using test::switch_relay;

TEST(Plant, OpenCircuitShowsTheCellsSources) {
  const Plant plant = make_plant(plain_pack());
  EXPECT_NEAR(plant.pack_V(), 51.2, 1e-9);
  EXPECT_EQ(plant.string_A(), 0.0);
  EXPECT_EQ(plant.step_limit_ns(), never_ns);
  Terminals terminals;
  plant.show(terminals);
  EXPECT_EQ(terminals.cell_count, 16);
  for (std::size_t k = 0; k <= 16; ++k) EXPECT_NEAR(terminals.tap_V[k], 3.2 * static_cast<double>(k), 1e-9);
}

TEST(Plant, ResistorDrawsWhatOhmSays) {
  Plant plant = make_plant(plain_pack());
  plant.set_load(load_of(Load::Kind::resistance, 0.492));  // with the loop's 20 mOhm: 0.512 Ohm
  switch_relay(plant, Actuator::discharge, true);
  EXPECT_TRUE(plant.contact_closed(Contact::discharge));
  EXPECT_NEAR(plant.string_A(), 100.0, 0.05);  // the cells have sagged by some uV
}

}  // namespace
}  // namespace packrig
