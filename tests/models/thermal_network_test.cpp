#include "models/thermal_network.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/errors.hpp"

namespace packrig {
namespace {

TEST(ThermalNetwork, AloneACellFollowsItsExponential) {
  ThermalDescription d;
  d.neighbour_W_per_K = 0.0;
  d.cell_board_W_per_K = 0.0;
  ThermalNetwork network(d, 2, 1000.0, 4.0, 25.0);
  const std::vector<double> heat_W{2.5, 0.0};
  for (int i = 0; i < 40'000; ++i) network.advance(heat_W, 0.0, 25.0, 0.1);  // one time constant
  EXPECT_NEAR(network.cell_degC()[0], 25.0 + 10.0 * (1.0 - std::exp(-1.0)), 1e-6);
  EXPECT_EQ(network.cell_degC()[1], 25.0);
  EXPECT_EQ(network.board_degC(), 25.0);
}

// In the steady state the cell in the middle of three passes its heat on: a linear system solved on paper. With
// G = 0.5, 1/R = 0.5 and 3 W: ends T_e = 0.5 / (0.5 + 0.5) T_m, middle (0.5 + 2 * 0.5 - 2 * 0.25) T_m = 3, so T_m = 3.
TEST(ThermalNetwork, NeighboursShareHeat) {
  ThermalDescription d;
  d.neighbour_W_per_K = 0.5;
  d.cell_board_W_per_K = 0.0;
  ThermalNetwork network(d, 3, 100.0, 2.0, 20.0);
  const std::vector<double> heat_W{0.0, 3.0, 0.0};
  for (int i = 0; i < 10'000; ++i) network.advance(heat_W, 0.0, 20.0, 10.0);
  EXPECT_NEAR(network.cell_degC()[1], 23.0, 1e-9);
  EXPECT_NEAR(network.cell_degC()[0], 21.5, 1e-9);
  EXPECT_NEAR(network.cell_degC()[2], 21.5, 1e-9);
}

TEST(ThermalNetwork, BoardHeatsTheLastCell) {
  ThermalDescription d;
  d.neighbour_W_per_K = 0.0;
  d.board_W_per_K = 1.0;
  d.cell_board_W_per_K = 1.0;
  ThermalNetwork network(d, 2, 100.0, 1.0, 0.0);
  const std::vector<double> none_W{0.0, 0.0};
  for (int i = 0; i < 10'000; ++i) network.advance(none_W, 3.0, 0.0, 1.0);
  EXPECT_NEAR(network.board_degC(), 2.0, 1e-9);
  EXPECT_NEAR(network.cell_degC()[1], 1.0, 1e-9);
  EXPECT_EQ(network.cell_degC()[0], 0.0);
}

// No way out but a very small one to the air: what went in is in the cells.
TEST(ThermalNetwork, ConservesEnergy) {
  ThermalDescription d;
  d.board_W_per_K = 1e-3;
  d.cell_board_W_per_K = 0.0;
  ThermalNetwork network(d, 4, 50.0, 1e12, 25.0);
  const std::vector<double> heat_W{1.0, 2.0, 0.0, 5.0};
  for (int i = 0; i < 1000; ++i) network.advance(heat_W, 0.0, 25.0, 0.7);
  double stored_J = 0.0;
  for (const double degC : network.cell_degC()) stored_J += 50.0 * (degC - 25.0);
  EXPECT_NEAR(stored_J, 8.0 * 700.0, 1e-6);
}

TEST(ThermalNetwork, StaysInBalanceToTheLastBit) {
  ThermalNetwork network(ThermalDescription{}, 5, 777.7, 3.3, 25.1);
  const std::vector<double> none_W(5, 0.0);
  for (int i = 0; i < 1000; ++i) network.advance(none_W, 0.0, 25.1, 0.37);
  for (const double degC : network.cell_degC()) EXPECT_EQ(degC, 25.1);
}

TEST(ThermalNetwork, RefusesByName) {
  ThermalDescription d;
  d.neighbour_W_per_K = -0.1;
  EXPECT_THROW(check(d), BadInput);
  EXPECT_NO_THROW(check(ThermalDescription{}));
}

}  // namespace
}  // namespace packrig
