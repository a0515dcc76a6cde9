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
    : heat_capacity_J_per_K_(count + 1, cell_heat_capacity_J_per_K),
      air_W_per_K_(count + 1, 1.0 / cell_air_K_per_W),
      link_W_per_K_(count, description.neighbour_W_per_K),
      degC_(count + 1, start_degC),
      inverse_pivot_K_per_W_(count + 1),
      share_(count + 1),
      change_K_(count + 1) {
  heat_capacity_J_per_K_.back() = description.board_heat_capacity_J_per_K;
  air_W_per_K_.back() = description.board_W_per_K;
  link_W_per_K_.back() = description.cell_board_W_per_K;
}

// The elimination depends on the step only.
void ThermalNetwork::prepare_step() {
  const std::size_t board = degC_.size() - 1;
  const std::size_t middle = degC_.size() / 2;
  for (std::size_t i = 0; i <= board; ++i) {
    const double links_W_per_K = (i > 0 ? link_W_per_K_[i - 1] : 0.0) + (i < board ? link_W_per_K_[i] : 0.0);
    inverse_pivot_K_per_W_[i] = heat_capacity_J_per_K_[i] / dt_s_ + 0.5 * (air_W_per_K_[i] + links_W_per_K);
  }
  const auto eliminate = [&](std::size_t node, std::size_t neighbour, double link_W_per_K) {
    inverse_pivot_K_per_W_[node] = 1.0 / inverse_pivot_K_per_W_[node];
    share_[node] = 0.5 * link_W_per_K * inverse_pivot_K_per_W_[node];
    inverse_pivot_K_per_W_[neighbour] -= 0.5 * link_W_per_K * share_[node];
  };
  for (std::size_t i = 0; i < middle; ++i) eliminate(i, i + 1, link_W_per_K_[i]);
  for (std::size_t i = board; i > middle; --i) eliminate(i, i - 1, link_W_per_K_[i - 1]);
  inverse_pivot_K_per_W_[middle] = 1.0 / inverse_pivot_K_per_W_[middle];
}

void ThermalNetwork::advance(std::span<const double> heat_W, double board_W, double air_degC, double dt_s) {
  if (dt_s != dt_s_) {
    dt_s_ = dt_s;
    prepare_step();
  }
  const std::size_t board = degC_.size() - 1;
  const std::size_t middle = degC_.size() / 2;
  double from_before_W = 0.0;
  for (std::size_t i = 0; i < board; ++i) {
    const double to_after_W = link_W_per_K_[i] * (degC_[i] - degC_[i + 1]);
    change_K_[i] = heat_W[i] + air_W_per_K_[i] * (air_degC - degC_[i]) + from_before_W - to_after_W;
    from_before_W = to_after_W;
  }
  change_K_[board] = board_W + air_W_per_K_[board] * (air_degC - degC_[board]) + from_before_W;

  for (std::size_t i = 0; i < middle; ++i) change_K_[i + 1] += share_[i] * change_K_[i];
  for (std::size_t i = board; i > middle; --i) change_K_[i - 1] += share_[i] * change_K_[i];
  const double middle_K = change_K_[middle] * inverse_pivot_K_per_W_[middle];
  degC_[middle] += middle_K;
  double next_K = middle_K;
  for (std::size_t i = middle; i-- > 0;) {
    next_K = change_K_[i] * inverse_pivot_K_per_W_[i] + share_[i] * next_K;
    degC_[i] += next_K;
  }
  next_K = middle_K;
  for (std::size_t i = middle + 1; i <= board; ++i) {
    next_K = change_K_[i] * inverse_pivot_K_per_W_[i] + share_[i] * next_K;
    degC_[i] += next_K;
  }
}

}  // namespace packrig
