#include "models/ntc.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "models/errors.hpp"

namespace packrig {
namespace {

// B-equation tables of 10 k thermistors (columns B3435, B3950, B3380; computed, four digits, by an independent script).
struct Row {
  double temperature_degC;
  std::array<double, 3> resistance_Ohm;
};
constexpr std::array<double, 3> table_b_K{3435.0, 3950.0, 3380.0};
constexpr Row as_published[] = {
    {-40.0, {2.483e5, 4.019e5, 2.358e5}},
    {-20.0, {7.752e4, 1.054e5, 7.502e4}},
    {-10.0, {4.629e4, 5.825e4, 4.517e4}},
    {0.0, {2.87e4, 3.362e4, 2.822e4}},
    {25.0, {1e4, 1e4, 1e4}},
    {45.0, {4847.0, 4348.0, 4903.0}},
    {60.0, {2981.0, 2486.0, 3039.0}},
    {85.0, {1451.0, 1087.0, 1497.0}},
    {125.0, {553.7, 358.8, 580.0}},
};

TEST(Ntc, ARowReadsAsEachOfItsProbes) {
  const NtcDescription ntc{10e3, 3435.0};
  const NtcRow degC{-40.0, 0.0, 25.3, 124.9};
  NtcRow read_Ohm;
  ntc_Ohm(ntc, degC, read_Ohm);
  for (std::size_t n = 0; n < degC.size(); ++n) EXPECT_EQ(read_Ohm[n], ntc_Ohm(ntc, degC[n]));
}

TEST(Ntc, AgreesWithTheTablesToTheirLastDigit) {
  for (std::size_t part = 0; part < table_b_K.size(); ++part) {
    const NtcDescription ntc{10e3, table_b_K[part]};
    for (const Row& row : as_published) {
      EXPECT_NEAR(ntc_Ohm(ntc, row.temperature_degC) / row.resistance_Ohm[part], 1.0, 1e-3)
          << "B " << table_b_K[part] << " at " << row.temperature_degC;
      EXPECT_NEAR(ntc_degC(ntc, row.resistance_Ohm[part]), row.temperature_degC, 0.05);
    }
  }
}

TEST(Ntc, GoesThereAndBack) {
  const NtcDescription ntc{10e3, 3435.0};
  for (double temperature_degC = -60.0; temperature_degC <= 150.0; temperature_degC += 0.37) {
    EXPECT_NEAR(ntc_degC(ntc, ntc_Ohm(ntc, temperature_degC)), temperature_degC, 1e-9);
  }
}

TEST(Ntc, RefusesWhatNoProbeIs) {
  check(NtcDescription{1.0, 100.0});
  check(NtcDescription{1e7, 20e3});
  EXPECT_THROW(check(NtcDescription{0.99, 3435.0}), BadInput);
  EXPECT_THROW(check(NtcDescription{10e3, 99.0}), BadInput);
  EXPECT_THROW(check(NtcDescription{10e3, std::numeric_limits<double>::quiet_NaN()}), BadInput);
}

}  // namespace
}  // namespace packrig
