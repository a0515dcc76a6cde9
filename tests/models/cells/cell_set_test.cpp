#include "models/cells/cell_set.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "models/errors.hpp"
#include "tests/models/cells/test_cells.hpp"

namespace packrig {
namespace {

const std::vector<double> room_degC{25.0};

TEST(CellSet, KnowsTheNamesOfChemistries) {
  EXPECT_EQ(chemistry_from_name("lfp"), Chemistry::lfp);
  EXPECT_EQ(chemistry_from_name("li_ion"), Chemistry::li_ion);
  EXPECT_EQ(chemistry_from_name("lto"), Chemistry::lto);
  EXPECT_FALSE(chemistry_from_name("LFP").has_value());
  EXPECT_STREQ(chemistry_name(Chemistry::li_ion), "li_ion");
}

// Both shapes of the continuation: an end so flat that it must bend, and one so steep that it must level off.
TEST(OpenCircuitTable, ContinuesFromZeroToFiveVoltMonotonicallyAndWithoutAKink) {
  const std::vector<double> soc{0.0, 0.01, 0.99, 1.0};
  const std::vector<double> steep{2.0, 3.2, 3.3, 4.5};
  const std::vector<double> flat{3.0, 3.0001, 3.2, 3.2001};
  for (const std::vector<double>& values : {steep, flat}) {
    const math::Table2 table = make_open_circuit_table(soc, room_degC, values);
    EXPECT_LE(table.at(-soc_margin, 25.0), 0.0);
    EXPECT_GE(table.at(1.0 + soc_margin, 25.0), 5.0);
    for (int i = 0; i < 6000; ++i) {
      const double x = -soc_margin + 1.5 * i / 6000.0;
      EXPECT_LT(table.at(x, 25.0), table.at(x + 1.5 / 6000.0, 25.0)) << x;
    }
    // Slopes just inside and just outside differ by less than a bend of one grid step explains.
    const double step = 0.0025;
    for (const double end : {0.0, 1.0}) {
      const double before = table.at(end, 25.0) - table.at(end - step, 25.0);
      const double after = table.at(end + step, 25.0) - table.at(end, 25.0);
      EXPECT_LT(std::abs(after - before), 0.35 * std::max(before, after) + 0.0025) << end;
    }
    EXPECT_DOUBLE_EQ(table.at(1.0, 25.0), values.back());
    EXPECT_DOUBLE_EQ(table.at(0.0, 25.0), values.front());
  }
}

TEST(OpenCircuitTable, RefusesWhatIsNotACurveFromEmptyToFull) {
  const auto make = [](std::vector<double> soc, std::vector<double> values) {
    return make_open_circuit_table(soc, room_degC, values);
  };
  EXPECT_NO_THROW(make({0.0, 1.0}, {3.0, 3.4}));
  EXPECT_THROW(make({0.01, 1.0}, {3.0, 3.4}), BadInput);
  EXPECT_THROW(make({0.0, 0.99}, {3.0, 3.4}), BadInput);
  EXPECT_THROW(make({0.0, 1.0}, {3.0, 3.0}), BadInput);
  EXPECT_THROW(make({0.0, 1.0}, {3.0, 5.0}), BadInput);
  EXPECT_THROW(make({0.0, 1.0}, {0.0, 3.4}), BadInput);
  EXPECT_THROW(make({0.0, 0.5, 1.0}, {3.0, 3.4}), BadInput);
}

TEST(TemperatureGrid, HasEveryKnotOnAPointWhereAGridOfFiveKelvinCan) {
  const math::Grid even = temperature_grid(std::vector<double>{-15.0, 5.0, 25.0});
  EXPECT_EQ(even.count, 3);
  const math::Grid uneven = temperature_grid(std::vector<double>{0.0, 10.0, 25.0, 45.0});
  EXPECT_EQ(uneven.count, 10);
  EXPECT_DOUBLE_EQ(uneven.at(5), 25.0);
  const math::Grid odd = temperature_grid(std::vector<double>{0.0, 7.3, 21.0});
  EXPECT_LE(odd.step(), 5.0);
  EXPECT_DOUBLE_EQ(odd.high, 21.0);
}

TEST(CellSet, ScalesToAnotherCapacity) {
  const CellSet small = reference::plain_cell();
  const CellSet large = scaled_to_capacity(small, 25.0);
  EXPECT_DOUBLE_EQ(large.capacity_Ah, 25.0);
  EXPECT_DOUBLE_EQ(large.series_Ohm.at(0.3, 25.0), 0.004);
  EXPECT_DOUBLE_EQ(large.rc[0].resistance_Ohm.at(0.3, 25.0), 0.002);
  EXPECT_DOUBLE_EQ(large.rc[1].resistance_Ohm.at(0.3, 25.0), 0.0032);
  EXPECT_DOUBLE_EQ(large.rc[1].time_constant_s.at(0.3, 25.0), 200.0);
  EXPECT_DOUBLE_EQ(large.heat_capacity_J_per_K, 750.0);
  EXPECT_DOUBLE_EQ(large.thermal_resistance_K_per_W, 1.6);
  EXPECT_DOUBLE_EQ(large.open_circuit_V.at(0.5, 0.0), 3.3);
  EXPECT_THROW(scaled_to_capacity(small, 0.0), BadInput);
  EXPECT_THROW(scaled_to_capacity(small, -1.0), BadInput);
}

}  // namespace
}  // namespace packrig
