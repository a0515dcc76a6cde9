#include "models/afe/balancer.hpp"

#include <algorithm>

#include "models/check.hpp"

namespace packrig {

void check(const BalancerDescription& balancer) {
  check_range("balancer.rated_A", balancer.rated_A, 0.0, 15.0);
  check_range("balancer.first_share", balancer.first_share, 0.1, 1.0);
  check_range("balancer.out_last_share", balancer.out_last_share, 0.1, 1.0);
  check_range("balancer.in_last_share", balancer.in_last_share, 0.1, 1.0);
  check_range("balancer.phase_efficiency", balancer.phase_efficiency, 0.1, 1.0);
  check_range("balancer.store_J", balancer.store_J, 0.1, 1e5);
  check_range("balancer.input_low_V", balancer.input_low_V, 0.1, 5.0);
}

Balancer::Balancer(const BalancerDescription& description) : description_(description) { check(description); }

void Balancer::begin(const PackrigAfeCommands& commands, const Terminals& terminals) {
  cell_A_ = store_W_ = heat_W_ = 0.0;
  const bool out = commands.balance_from != 0;
  cell_ = out ? commands.balance_from : commands.balance_to;
  if (cell_ == 0 || cell_ > terminals.cell_count) return;
  const auto upper = static_cast<std::size_t>(cell_);
  const double input_V = terminals.tap_V[upper] - terminals.tap_V[upper - 1];
  const BalancerDescription& d = description_;
  if (!(input_V >= d.input_low_V)) return;
  const double full_share = stored_J_ / d.store_J;
  if (out ? full_share >= 1.0 : full_share <= 0.0) return;
  const double sag_share =
      out ? 1.0 - (1.0 - d.out_last_share) * full_share : 1.0 - (1.0 - d.in_last_share) * (1.0 - full_share);
  const double magnitude_A = std::min(commands.balance_mA * 1e-3, d.rated_A) * d.first_share * sag_share;
  const double cell_W = magnitude_A * input_V;
  cell_A_ = out ? -magnitude_A : magnitude_A;
  store_W_ = out ? cell_W * d.phase_efficiency : -cell_W / d.phase_efficiency;
  heat_W_ = out ? cell_W - store_W_ : -store_W_ - cell_W;
}

void Balancer::end(TimeNs span_ns) {
  stored_J_ = std::clamp(stored_J_ + store_W_ * to_s(span_ns), 0.0, description_.store_J);
}

void Balancer::feed(std::array<double, tap_count_max>& feed_A) const {
  if (cell_A_ == 0.0) return;
  feed_A[static_cast<std::size_t>(cell_)] += cell_A_;
  feed_A[static_cast<std::size_t>(cell_ - 1)] -= cell_A_;
}

}  // namespace packrig
