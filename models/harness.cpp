#include "models/harness.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "models/check.hpp"
#include "models/math/multiversion.hpp"

namespace packrig {
namespace {

constexpr double infinite_Ohm = std::numeric_limits<double>::infinity();
constexpr double good_wire_Ohm = 0.5;

PACKRIG_MULTIVERSION void lift(const double* node_V, const double* wire_Ohm, const double* feed_A, double* tap_V,
                               std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t k = 0; k < count; ++k) tap_V[k] = node_V[k] + wire_Ohm[k] * feed_A[k];
}

void check_wire(int tap, double wire_Ohm) {
  check_range("harness.wire_Ohm[" + std::to_string(tap) + "]", wire_Ohm, 1e-4, infinite_Ohm);
}

}  // namespace

void check(const HarnessDescription& harness) {
  for (int tap = 0; tap < tap_count_max; ++tap) check_wire(tap, harness.wire_Ohm[static_cast<std::size_t>(tap)]);
  check_range("harness.input_Ohm", harness.input_Ohm, 1e3, 1e9);
  check_range("harness.supply_wire_Ohm", harness.supply_wire_Ohm, 0.0, 100.0);
  check_range("harness.drive_V", harness.drive_V, 0.1, 10.0);
}

Harness::Harness(const HarnessDescription& description, int cell_count)
    : cell_count_(cell_count),
      input_Ohm_(description.input_Ohm),
      drive_V_(description.drive_V),
      wire_Ohm_(description.wire_Ohm) {
  set_wire_Ohm(0, wire_Ohm_[0]);
}

void Harness::set_wire_Ohm(int tap, double wire_Ohm) {
  check_range("tap", tap, 0, cell_count_);
  check_wire(tap, wire_Ohm);
  wire_Ohm_[static_cast<std::size_t>(tap)] = wire_Ohm;
  ladder_ = std::any_of(wire_Ohm_.begin(), wire_Ohm_.begin() + cell_count_ + 1,
                        [](double one_Ohm) { return one_Ohm > good_wire_Ohm; });
  limit_feed();
}

bool Harness::feed(const std::array<double, tap_count_max>& asked_A) {
  if (std::memcmp(&asked_A, &asked_A_, sizeof asked_A) == 0) return false;
  asked_A_ = asked_A;
  limit_feed();
  return true;
}

double Harness::tap_Ohm(std::size_t tap) const {
  const double inputs_S = (tap == 0 || tap == static_cast<std::size_t>(cell_count_) ? 1.0 : 2.0) / input_Ohm_;
  return 1.0 / (1.0 / wire_Ohm_[tap] + inputs_S);
}

void Harness::limit_feed() {
  double keep = 1.0;
  if (ladder_) {
    for (std::size_t k = 0; k <= static_cast<std::size_t>(cell_count_); ++k) {
      const double wanted_V = std::fabs(asked_A_[k]) * tap_Ohm(k);
      if (wanted_V > drive_V_) keep = std::min(keep, drive_V_ / wanted_V);
    }
  }
  feed_A_ = asked_A_;
  if (keep < 1.0) {
    for (double& one_A : feed_A_) one_A *= keep;
  }
}

void Harness::tap_V(std::span<const double> node_V, std::array<double, tap_count_max>& tap_V) const {
  if (ladder_) {
    solve_ladder(node_V, tap_V);
    return;
  }
  lift(node_V.data(), wire_Ohm_.data(), feed_A_.data(), tap_V.data(), static_cast<std::size_t>(cell_count_) + 1);
}

// (u_k - node_k) / wire_k + (u_k - u_{k-1}) / input + (u_k - u_{k+1}) / input = feed_k: tridiagonal, symmetric and
// diagonally dominant wherever one wire conducts, so elimination without pivoting is stable.
void Harness::solve_ladder(std::span<const double> node_V, std::array<double, tap_count_max>& tap_V) const {
  const auto last = static_cast<std::size_t>(cell_count_);
  const double side_S = 1.0 / input_Ohm_;
  std::array<double, tap_count_max> upper{};  // eliminated upper diagonal
  std::array<double, tap_count_max> right{};
  for (std::size_t k = 0; k <= last; ++k) {
    const double wire_S = 1.0 / wire_Ohm_[k];  // zero when open
    const double below_S = k > 0 ? side_S : 0.0;
    const double above_S = k < last ? side_S : 0.0;
    // Were every wire up to here open, the last pivot would vanish; 1 POhm to B- stands for the insulation.
    const double pivot_S = wire_S + below_S + above_S + 1e-15 - (k > 0 ? below_S * upper[k - 1] : 0.0);
    upper[k] = above_S / pivot_S;
    right[k] = (wire_S * node_V[k] + feed_A_[k] + (k > 0 ? below_S * right[k - 1] : 0.0)) / pivot_S;
  }
  tap_V[last] = right[last];
  for (std::size_t k = last; k-- > 0;) tap_V[k] = right[k] + upper[k] * tap_V[k + 1];
}

}  // namespace packrig
