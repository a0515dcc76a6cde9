#include "models/fuse.hpp"

#include <limits>

#include "models/check.hpp"
#include "models/math/elementary.hpp"

namespace packrig {
namespace {

// Share of the melting heat that counts as molten: a planned melting instant is rounded to a nanosecond and the
// exponential to its last digit, and neither may let the fuse survive its own deadline.
constexpr double molten_share = 1.0 - 1e-9;

}  // namespace

void check(const FuseDescription& fuse) {
  check_range("fuse.rating_A", fuse.rating_A, 1.0, 10e3);
  check_range("fuse.melting_A2s", fuse.melting_A2s, 1.0, 1e9);
  check_range("fuse.resistance_Ohm", fuse.resistance_Ohm, 1e-6, 1.0);
  check_range("fuse.blown_Ohm", fuse.blown_Ohm, 0.1e6, 100e6);
  check_range("fuse.arc_V", fuse.arc_V, 150.0, 10e3);
}

Fuse::Fuse(const FuseDescription& description)
    : melting_A2s_(description.melting_A2s),
      tau_s_(description.melting_A2s / (1.5625 * description.rating_A * description.rating_A)) {}

double Fuse::left_A2s() const { return blown_ ? std::numeric_limits<double>::infinity() : melting_A2s_ - heat_A2s_; }

TimeNs Fuse::time_to_melt_ns(double square_A2) const {
  const double final_A2s = square_A2 * tau_s_;
  if (blown_ || !(final_A2s > melting_A2s_)) return never_ns;
  const double t_s = -tau_s_ * math::log((final_A2s - melting_A2s_) / (final_A2s - heat_A2s_));
  return from_s(t_s) + 1;
}

void Fuse::advance(double square_A2, TimeNs dt_ns) {
  if (blown_) return;
  if (dt_ns != cached_dt_ns_) {
    cached_dt_ns_ = dt_ns;
    cached_decay_ = -math::expm1(-to_s(dt_ns) / tau_s_);
  }
  heat_A2s_ += (square_A2 * tau_s_ - heat_A2s_) * cached_decay_;
  blown_ = heat_A2s_ >= melting_A2s_ * molten_share;
}

}  // namespace packrig
