#include "models/math/elementary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "models/errors.hpp"
#include "models/math/random.hpp"

namespace packrig::math {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Distance to the 80-bit result of the C library, in units of the last place of the double nearest to it.
double ulps(double value, long double exact) {
  const auto nearest = static_cast<double>(exact);
  const double next = std::nextafter(std::fabs(nearest), infinity);
  const long double unit = static_cast<long double>(next) - std::fabs(static_cast<long double>(nearest));
  return static_cast<double>(std::fabs((static_cast<long double>(value) - exact) / unit));
}

template <class Own, class Reference>
double worst_ulps(Own own, Reference reference, double low, double high) {
  Random random(7);
  double worst = 0.0;
  for (int i = 0; i < 400'000; ++i) {
    const double x = low + (high - low) * random.uniform();
    worst = std::max(worst, ulps(own(x), reference(static_cast<long double>(x))));
  }
  return worst;
}

// Magnitudes from 1e-12 to `highest`, evenly spread in their logarithm, both signs.
template <class Own, class Reference>
double worst_ulps_small(Own own, Reference reference, double highest) {
  Random random(8);
  double worst = 0.0;
  for (int i = 0; i < 400'000; ++i) {
    const double size = std::pow(10.0, -12.0 + (std::log10(highest) + 12.0) * random.uniform());
    const double x = (i % 2 == 0) ? size : -size;
    worst = std::max(worst, ulps(own(x), reference(static_cast<long double>(x))));
  }
  return worst;
}

TEST(Elementary, ExpAgreesWithLongDouble) {
  const auto own = [](double x) { return exp(x); };
  const auto reference = [](long double x) { return std::exp(x); };
  EXPECT_LE(worst_ulps(own, reference, -708.0, 709.7), 1.0);
  EXPECT_LE(worst_ulps(own, reference, -1.0, 1.0), 1.0);
  EXPECT_LE(worst_ulps_small(own, reference, 700.0), 1.0);
}

TEST(Elementary, Expm1AgreesWithLongDouble) {
  const auto own = [](double x) { return expm1(x); };
  const auto reference = [](long double x) { return std::expm1(x); };
  EXPECT_LE(worst_ulps(own, reference, -60.0, 700.0), 2.5);
  EXPECT_LE(worst_ulps(own, reference, -2.0, 2.0), 2.5);
  EXPECT_LE(worst_ulps_small(own, reference, 1.0), 2.5);
}

TEST(Elementary, LogAgreesWithLongDouble) {
  const auto own = [](double x) { return log(x); };
  const auto reference = [](long double x) { return std::log(x); };
  EXPECT_LE(worst_ulps(own, reference, 1e-6, 2.0), 1.0);
  EXPECT_LE(worst_ulps(own, reference, 0.9, 1.1), 1.0);
  EXPECT_LE(worst_ulps(own, reference, 2.0, 1e300), 1.0);
  EXPECT_LE(worst_ulps(own, reference, 1e-320, 1e-308), 1.0);
}

TEST(Elementary, LogOfNormalIsLogWhereItIsDefined) {
  Random random(10);
  for (int i = 0; i < 100'000; ++i) {
    const double x = exp(1400.0 * (random.uniform() - 0.5));
    EXPECT_EQ(log_of_normal(x), log(x)) << x;
  }
}

TEST(Elementary, TanhAgreesWithLongDouble) {
  const auto own = [](double x) { return tanh(x); };
  const auto reference = [](long double x) { return std::tanh(x); };
  EXPECT_LE(worst_ulps(own, reference, -25.0, 25.0), 2.5);
  EXPECT_LE(worst_ulps_small(own, reference, 10.0), 2.5);
}

TEST(Elementary, Edges) {
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_LT(exp(709.78), infinity);
  EXPECT_EQ(exp(709.79), infinity);
  EXPECT_EQ(exp(infinity), infinity);
  EXPECT_EQ(exp(-745.14), 0.0);
  EXPECT_GT(exp(-745.13), 0.0);
  EXPECT_EQ(exp(-infinity), 0.0);
  EXPECT_NEAR(exp(-740.0) / std::numeric_limits<double>::denorm_min(),
              static_cast<double>(std::exp(-740.0L) / 4.9406564584124654e-324L), 0.51);
  EXPECT_TRUE(std::isnan(exp(not_a_number)));

  EXPECT_EQ(expm1(0.0), 0.0);
  EXPECT_EQ(expm1(-infinity), -1.0);
  EXPECT_EQ(expm1(infinity), infinity);
  EXPECT_TRUE(std::isnan(expm1(not_a_number)));

  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_EQ(log(0.0), -infinity);
  EXPECT_EQ(log(infinity), infinity);
  EXPECT_TRUE(std::isnan(log(-1e-300)));
  EXPECT_TRUE(std::isnan(log(-infinity)));
  EXPECT_TRUE(std::isnan(log(not_a_number)));

  EXPECT_EQ(tanh(0.0), 0.0);
  EXPECT_TRUE(std::signbit(tanh(-0.0)));
  EXPECT_EQ(tanh(infinity), 1.0);
  EXPECT_EQ(tanh(-infinity), -1.0);
  EXPECT_EQ(tanh(-23.0), -1.0);
  EXPECT_TRUE(std::isnan(tanh(not_a_number)));
}

// The array versions may run in wider registers; the bits must not tell.
TEST(Elementary, ArraysHaveTheBitsOfTheScalars) {
  Random random(9);
  std::vector<double> x(1003);
  for (double& value : x) value = 1500.0 * (random.uniform() - 0.5);
  x[5] = not_a_number;
  x[6] = infinity;
  x[7] = -infinity;
  x[8] = 5e-324;
  std::vector<double> many(x.size());
  const auto compare = [&](double (*one)(double)) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double single = one(x[i]);
      if (std::isnan(single)) {
        EXPECT_TRUE(std::isnan(many[i])) << x[i];
      } else {
        EXPECT_EQ(std::memcmp(&single, &many[i], sizeof single), 0) << x[i];
      }
    }
  };
  exp(x, many);
  compare([](double value) { return exp(value); });
  expm1(x, many);
  compare([](double value) { return expm1(value); });
  log(x, many);
  compare([](double value) { return log(value); });
  tanh(x, many);
  compare([](double value) { return tanh(value); });
}

TEST(Elementary, RefusesSpansOfDifferentSize) {
  const std::vector<double> x(4);
  std::vector<double> result(3);
  EXPECT_THROW(exp(x, result), BadInput);
}

}  // namespace
}  // namespace packrig::math
