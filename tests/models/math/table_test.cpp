#include "models/math/table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "models/errors.hpp"

namespace packrig::math {
namespace {

const std::vector<double> knots{0.0, 0.25, 1.0};
const std::vector<double> values{1.0, 2.0, 8.0};

TEST(Table1, InterpolatesBetweenKnotsAndHoldsTheEdges) {
  const Table1 table("resistance", knots, values, {0.0, 1.0, 9});
  EXPECT_DOUBLE_EQ(table.at(0.0), 1.0);
  EXPECT_DOUBLE_EQ(table.at(0.125), 1.5);
  EXPECT_DOUBLE_EQ(table.at(0.25), 2.0);
  EXPECT_DOUBLE_EQ(table.at(0.5), 4.0);
  EXPECT_DOUBLE_EQ(table.at(1.0), 8.0);
  EXPECT_DOUBLE_EQ(table.at(-3.0), 1.0);
  EXPECT_DOUBLE_EQ(table.at(1e300), 8.0);
}

TEST(Table1, NaNReadsTheFirstPointInsteadOfMemoryBeyondTheTable) {
  const Table1 table("resistance", knots, values, {0.0, 1.0, 9});
  EXPECT_DOUBLE_EQ(table.at(std::numeric_limits<double>::quiet_NaN()), 1.0);
}

// In two parts, as loops over cells use it: below, on, between and above the points, and what is no number.
TEST(Table1, LooksUpInTwoParts) {
  const Table1 table("resistance", knots, values, {0.0, 1.0, 9});
  const std::pair<double, double> expected[] = {{-3.0, 1.0}, {0.0, 1.0},   {0.125, 1.5}, {0.25, 2.0}, {0.3, 2.4},
                                                {0.5, 4.0},  {0.99, 7.92}, {1.0, 8.0},   {1e300, 8.0}};
  for (const auto& [x, value] : expected) {
    const GridPlace place = table.index().place(x);
    EXPECT_NEAR(table.between(place.number, place.weight), value, 1e-12) << x;
  }
  const GridPlace nowhere = table.index().place(std::numeric_limits<double>::quiet_NaN());
  EXPECT_DOUBLE_EQ(table.between(nowhere.number, nowhere.weight), 1.0);
}

TEST(Table1, RefusesBadKnots) {
  const Grid grid{0.0, 1.0, 3};
  const std::vector<double> two{0.0, 1.0};
  const std::vector<double> equal{0.0, 0.25, 0.25};
  const std::vector<double> falling{0.0, 0.25, 0.2};
  const std::vector<double> infinite{0.0, 0.25, std::numeric_limits<double>::infinity()};
  const std::vector<double> nan_value{0.0, 1.0, std::nan("")};
  EXPECT_NO_THROW(Table1("x", knots, values, grid));
  EXPECT_THROW(Table1("x", two, values, grid), BadInput);
  EXPECT_THROW(Table1("x", equal, values, grid), BadInput);
  EXPECT_THROW(Table1("x", falling, values, grid), BadInput);
  EXPECT_THROW(Table1("x", infinite, values, grid), BadInput);
  EXPECT_THROW(Table1("x", knots, nan_value, grid), BadInput);
  EXPECT_THROW(Table1("x", knots, values, Grid{0.0, 1.0, 1}), BadInput);
  EXPECT_THROW(Table1("x", knots, values, Grid{1.0, 1.0, 3}), BadInput);
  try {
    const Table1 table("series_Ohm", falling, values, grid);
    FAIL() << "accepted falling knots";
  } catch (const BadInput& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("series_Ohm"), std::string::npos) << message;
    EXPECT_NE(message.find("0.2,"), std::string::npos) << message;
    EXPECT_NE(message.find("above 0.25"), std::string::npos) << message;
  }
}

TEST(Table2, IsBilinear) {
  const std::vector<double> temperatures{-10.0, 30.0};
  const std::vector<double> surface{0.0, 1.0, 4.0, 10.0, 11.0, 14.0};
  const Table2 table("ocv", knots, temperatures, surface, {0.0, 1.0, 5}, {-10.0, 30.0, 2});
  EXPECT_DOUBLE_EQ(table.at(0.25, -10.0), 1.0);
  EXPECT_DOUBLE_EQ(table.at(0.25, 10.0), 6.0);
  EXPECT_DOUBLE_EQ(table.at(0.625, 30.0), 12.5);
  EXPECT_DOUBLE_EQ(table.at(2.0, 100.0), 14.0);
  EXPECT_DOUBLE_EQ(table.at(-2.0, -100.0), 0.0);
  EXPECT_DOUBLE_EQ(table.scaled(3.0).at(0.25, 10.0), 18.0);
}

TEST(Table2, LooksUpInTwoParts) {
  const std::vector<double> temperatures{-10.0, 30.0};
  const std::vector<double> surface{0.0, 1.0, 4.0, 10.0, 11.0, 14.0};
  const Table2 table("ocv", knots, temperatures, surface, {0.0, 1.0, 5}, {-10.0, 30.0, 2});
  const auto found = [&](double x, double y) {
    const Table2::Places places = table.index().place(x, y);
    return table.between(places.number, places.x_weight, places.y_weight);
  };
  EXPECT_DOUBLE_EQ(found(0.25, -10.0), 1.0);
  EXPECT_DOUBLE_EQ(found(0.25, 10.0), 6.0);
  EXPECT_DOUBLE_EQ(found(0.625, 30.0), 12.5);
  EXPECT_DOUBLE_EQ(found(1.0, 30.0), 14.0);
  EXPECT_DOUBLE_EQ(found(2.0, 100.0), 14.0);
  EXPECT_DOUBLE_EQ(found(-2.0, -100.0), 0.0);
}

TEST(Table2, OneRowDoesNotDependOnTheSecondAxis) {
  const Table2 table("ocv", knots, std::vector<double>{25.0}, values, {0.0, 1.0, 5}, {24.0, 26.0, 2});
  EXPECT_DOUBLE_EQ(table.at(0.5, -40.0), 4.0);
  EXPECT_DOUBLE_EQ(table.at(0.5, 80.0), 4.0);
}

TEST(Table2, RefusesARaggedSurface) {
  const std::vector<double> temperatures{-10.0, 30.0};
  EXPECT_THROW(Table2("ocv", knots, temperatures, values, {0.0, 1.0, 5}, {-10.0, 30.0, 2}), BadInput);
}

}  // namespace
}  // namespace packrig::math
