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
      inverse_pivot_K_per_W_(count + 1),
      share_(count + 1),
      change_K_(count + 1) {}

double ThermalNetwork::link_W_per_K(std::size_t below) const {
  return below + 2 == degC_.size() ? description_.cell_board_W_per_K : description_.neighbour_W_per_K;
}

double ThermalNetwork::air_W_per_K(std::size_t node) const {
  return node + 1 == degC_.size() ? description_.board_W_per_K : cell_air_W_per_K_;
}

// The elimination depends on the step only.
void ThermalNetwork::prepare_step() {
  const std::size_t board = degC_.size() - 1;
  for (std::size_t i = 0; i <= board; ++i) {
    const double heat_capacity = i == board ? description_.board_heat_capacity_J_per_K : cell_J_per_K_;
    const double before_W_per_K = i > 0 ? link_W_per_K(i - 1) : 0.0;
    const double after_W_per_K = i < board ? link_W_per_K(i) : 0.0;
    double pivot = heat_capacity / dt_s_ + 0.5 * (air_W_per_K(i) + before_W_per_K + after_W_per_K);
    if (i > 0) pivot -= 0.5 * before_W_per_K * share_[i - 1];
    inverse_pivot_K_per_W_[i] = 1.0 / pivot;
    share_[i] = 0.5 * after_W_per_K * inverse_pivot_K_per_W_[i];
  }
}

void ThermalNetwork::advance(std::span<const double> heat_W, double board_W, double air_degC, double dt_s) {
  if (dt_s != dt_s_) {
    dt_s_ = dt_s;
    prepare_step();
  }
  const std::size_t board = degC_.size() - 1;
  double from_before_W = 0.0;
  for (std::size_t i = 0; i <= board; ++i) {
    const double to_after_W = i < board ? link_W_per_K(i) * (degC_[i] - degC_[i + 1]) : 0.0;
    change_K_[i] =
        (i == board ? board_W : heat_W[i]) + air_W_per_K(i) * (air_degC - degC_[i]) + from_before_W - to_after_W;
    from_before_W = to_after_W;
  }
  for (std::size_t i = 1; i <= board; ++i) change_K_[i] += share_[i - 1] * change_K_[i - 1];
  double next_K = 0.0;
  for (std::size_t i = board + 1; i-- > 0;) {
    next_K = change_K_[i] * inverse_pivot_K_per_W_[i] + share_[i] * next_K;
    degC_[i] += next_K;
  }
}

}  // namespace packrig
