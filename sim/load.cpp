#include "sim/load.hpp"

#include <string>

#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr double current_limit_A = 1e5;
constexpr double power_limit_W = 1e7;
constexpr double fade_V = 1.0;  // width over which a regenerating load gives way

void check_profile(const Load& load) {
  if (!load.profile || load.profile->empty()) throw BadInput("load.profile is empty: accepted is 1 point or more");
  const double limit = load.kind == Load::Kind::profile_current ? current_limit_A : power_limit_W;
  double before_s = -1.0;
  for (std::size_t i = 0; i < load.profile->size(); ++i) {
    const ProfilePoint& point = (*load.profile)[i];
    const std::string name = "load.profile[" + std::to_string(i) + "]";
    check_range(name + ".t_s", point.t_s, 0.0, 1e9);
    if (point.t_s <= before_s) {
      throw BadInput(name + ".t_s = " + shown(point.t_s) + ": accepted is more than " + shown(before_s));
    }
    check_range(name + ".value", point.value, -limit, limit);
    before_s = point.t_s;
  }
}

}  // namespace

void check(const Load& load) {
  switch (load.kind) {
    case Load::Kind::none:
      break;
    case Load::Kind::current:
      check_range("load.value (A)", load.value, -current_limit_A, current_limit_A);
      break;
    case Load::Kind::power:
      check_range("load.value (W)", load.value, -power_limit_W, power_limit_W);
      break;
    case Load::Kind::resistance:
      check_range("load.value (Ohm)", load.value, 1e-4, 1e9);
      break;
    case Load::Kind::profile_current:
    case Load::Kind::profile_power:
      check_profile(load);
      break;
  }
  check_range("load.lockout_V", load.lockout_V, 0.1, 100.0);
  check_range("load.regeneration_limit_V", load.regeneration_limit_V, load.lockout_V + fade_V, 1000.0);
}

namespace {

LoadCurrent drawn_current(const LoadPoint& load, double port_V) {
  if (port_V >= load.lockout_V) return {load.value, 0.0};
  const double fold_S = load.value / load.lockout_V;
  return {fold_S * port_V, fold_S};
}

LoadCurrent drawn_power(const LoadPoint& load, double port_V) {
  if (port_V >= load.lockout_V) return {load.value / port_V, -load.value / (port_V * port_V)};
  const double width_V = 0.1 * load.lockout_V;
  const double share = 1.0 - (load.lockout_V - port_V) / width_V;
  if (share <= 0.0) return {0.0, 0.0};
  const double lock_A = load.value / load.lockout_V;
  return {lock_A * share, lock_A / width_V};
}

LoadCurrent regenerated(double current_A, double slope_S, const LoadPoint& load, double port_V) {
  const double share = (load.regeneration_limit_V - port_V) / fade_V;
  if (share >= 1.0) return {current_A, slope_S};
  if (share <= 0.0) return {0.0, 0.0};
  return {current_A * share, slope_S * share - current_A / fade_V};
}

}  // namespace

LoadCurrent load_current(const LoadPoint& load, double port_V) {
  switch (load.kind) {
    case Load::Kind::current:
      if (load.value < 0.0) return regenerated(load.value, 0.0, load, port_V);
      return drawn_current(load, port_V);
    case Load::Kind::power: {
      if (load.value >= 0.0) return drawn_power(load, port_V);
      const bool held = port_V <= load.lockout_V;
      const double current_A = load.value / (held ? load.lockout_V : port_V);
      return regenerated(current_A, held ? 0.0 : -current_A / port_V, load, port_V);
    }
    case Load::Kind::resistance:
      return {port_V / load.value, 1.0 / load.value};
    default:
      return {0.0, 0.0};
  }
}

LoadCourse::LoadCourse(const Load& load, TimeNs now_ns) : load_(load) { move(now_ns); }

LoadPoint LoadCourse::point() const {
  LoadPoint point{load_.kind, load_.value, load_.lockout_V, load_.regeneration_limit_V};
  if (load_.follows_profile()) {
    point.kind = load_.kind == Load::Kind::profile_current ? Load::Kind::current : Load::Kind::power;
    point.value = taken_ > 0 ? (*load_.profile)[taken_ - 1].value : 0.0;
  }
  return point;
}

TimeNs LoadCourse::next_change_ns() const {
  if (!load_.follows_profile() || taken_ == load_.profile->size()) return never_ns;
  return load_.start_ns + from_s((*load_.profile)[taken_].t_s);
}

bool LoadCourse::move(TimeNs now_ns) {
  const std::size_t before = taken_;
  while (next_change_ns() <= now_ns) ++taken_;
  return taken_ != before;
}

}  // namespace packrig
