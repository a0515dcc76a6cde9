#include "models/thermal_network.hpp"

#include "models/check.hpp"

namespace packrig {

void check(const ThermalDescription& d) {
  check_range("thermal.neighbour_W_per_K", d.neighbour_W_per_K, 0.0, 1e3);
  check_range("thermal.board_heat_capacity_J_per_K", d.board_heat_capacity_J_per_K, 1.0, 1e5);
  check_range("thermal.board_W_per_K", d.board_W_per_K, 1e-3, 1e3);
  check_range("thermal.cell_board_W_per_K", d.cell_board_W_per_K, 0.0, 1e3);
}

ThermalNetwork::ThermalNetwork(const ThermalDescription& description, std::size_t count,
                               double cell_heat_capacity_J_per_K, double cell_air_K_per_W, double start_degC)
    : description_(description),
      cell_J_per_K_(cell_heat_capacity_J_per_K),
      cell_air_W_per_K_(1.0 / cell_air_K_per_W),
      degC_(count + 1, start_degC),
      pivot_(count + 1),
      change_K_(count + 1) {}

double ThermalNetwork::link_W_per_K(std::size_t below) const {
  return below + 2 == degC_.size() ? description_.cell_board_W_per_K : description_.neighbour_W_per_K;
}

void ThermalNetwork::advance(std::span<const double> heat_W, double board_W, double air_degC, double dt_s) {
  const std::size_t board = degC_.size() - 1;
  double link_before_W_per_K = 0.0;
  for (std::size_t i = 0; i <= board; ++i) {
    const double air_W_per_K = i == board ? description_.board_W_per_K : cell_air_W_per_K_;
    const double heat_capacity = i == board ? description_.board_heat_capacity_J_per_K : cell_J_per_K_;
    const double link_after_W_per_K = i == board ? 0.0 : link_W_per_K(i);
    double flow_W = (i == board ? board_W : heat_W[i]) + air_W_per_K * (air_degC - degC_[i]);
    if (i > 0) flow_W += link_before_W_per_K * (degC_[i - 1] - degC_[i]);
    if (i < board) flow_W += link_after_W_per_K * (degC_[i + 1] - degC_[i]);
    pivot_[i] = heat_capacity / dt_s + 0.5 * (air_W_per_K + link_before_W_per_K + link_after_W_per_K);
    change_K_[i] = flow_W;
    if (i > 0) {
      const double share = 0.5 * link_before_W_per_K / pivot_[i - 1];
      pivot_[i] -= share * 0.5 * link_before_W_per_K;
      change_K_[i] += share * change_K_[i - 1];
    }
    link_before_W_per_K = link_after_W_per_K;
  }
  double next_K = 0.0;
  for (std::size_t i = board + 1; i-- > 0;) {
    const double link_after_W_per_K = i == board ? 0.0 : link_W_per_K(i);
    next_K = (change_K_[i] + 0.5 * link_after_W_per_K * next_K) / pivot_[i];
    degC_[i] += next_K;
  }
}

}  // namespace packrig
