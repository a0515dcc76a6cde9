#include "sim/load.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr double current_limit_A = 1e5;
constexpr double power_limit_W = 1e7;
constexpr double fade_V = 1.0;          // width over which a regenerating load gives way
constexpr double give_way_share = 0.1;  // width over which a power load does, of its lock-out

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
  // At one instant, the first point of a round comes after the last of the one before.
  const double first_after_s = before_s - load.profile->front().t_s;
  if (load.repeat_ns != 0 && (load.repeat_ns < 0 || to_s(load.repeat_ns) < first_after_s)) {
    throw BadInput("load.repeat_ns = " + std::to_string(load.repeat_ns) + ": accepted is 0, or " +
                   shown(first_after_s) + " s and more");
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

LoadCurve::LoadCurve(const LoadPoint& load) {
  constexpr double lowest_V = -std::numeric_limits<double>::infinity();
  const double lockout_V = load.lockout_V;
  const double fade_start_V = load.regeneration_limit_V - fade_V;
  const auto add = [this](double from_V, double slope_S, double offset_A, double power_W) {
    pieces_.push_back({from_V, slope_S, offset_A, power_W});
  };
  if (load.kind == Load::Kind::resistance) {
    add(lowest_V, 1.0 / load.value, 0.0, 0.0);
  } else if (load.kind == Load::Kind::current && load.value >= 0.0) {
    add(lowest_V, load.value / lockout_V, 0.0, 0.0);
    add(lockout_V, 0.0, load.value, 0.0);
  } else if (load.kind == Load::Kind::current) {
    const double fade_S = -load.value / fade_V;
    add(lowest_V, 0.0, load.value, 0.0);
    add(fade_start_V, fade_S, -fade_S * load.regeneration_limit_V, 0.0);
    add(load.regeneration_limit_V, 0.0, 0.0, 0.0);
  } else if (load.kind == Load::Kind::power && load.value >= 0.0) {
    const double width_V = give_way_share * lockout_V;
    const double knee_S = load.value / lockout_V / width_V;
    add(lowest_V, 0.0, 0.0, 0.0);
    add(lockout_V - width_V, knee_S, -knee_S * (lockout_V - width_V), 0.0);
    add(lockout_V, 0.0, 0.0, load.value);
  } else if (load.kind == Load::Kind::power) {
    // Fading, (P / v) (limit - v) / fade.
    add(lowest_V, 0.0, load.value / lockout_V, 0.0);
    add(lockout_V, 0.0, 0.0, load.value);
    add(fade_start_V, 0.0, -load.value / fade_V, load.value * load.regeneration_limit_V / fade_V);
    add(load.regeneration_limit_V, 0.0, 0.0, 0.0);
  } else {
    add(lowest_V, 0.0, 0.0, 0.0);
  }
}

// A hyperbola's slope is monotonic, so the ends of each piece tell.
double LoadCurve::steepest_S(double low_V, double high_V) const {
  double steepest_S = 0.0;
  for (std::size_t k = 0; k < pieces_.size(); ++k) {
    const LoadPiece& piece = pieces_[k];
    const double start_V = std::max(low_V, piece.from_V);
    const double end_V = k + 1 < pieces_.size() ? std::min(high_V, pieces_[k + 1].from_V) : high_V;
    if (start_V > end_V) continue;
    for (const double port_V : {start_V, end_V}) {
      const double bend_S = piece.power_W != 0.0 ? piece.power_W / (port_V * port_V) : 0.0;
      steepest_S = std::max(steepest_S, piece.slope_S - bend_S);
    }
  }
  return steepest_S;
}

LoadCurrent LoadCurve::at(double port_V) const {
  std::size_t k = pieces_.size() - 1;
  while (k > 0 && port_V < pieces_[k].from_V) --k;
  const LoadPiece& piece = pieces_[k];
  LoadCurrent current{piece.slope_S * port_V + piece.offset_A, piece.slope_S};
  if (piece.power_W != 0.0) {
    const double power_A = piece.power_W / port_V;
    current.current_A += power_A;
    current.slope_S -= power_A / port_V;
  }
  return current;
}

LoadCourse::LoadCourse(const Load& load, TimeNs now_ns) : load_(load), next_change_ns_(change_ns(0)) { move(now_ns); }

LoadPoint LoadCourse::point() const {
  LoadPoint point{load_.kind, load_.value, load_.lockout_V, load_.regeneration_limit_V};
  if (load_.follows_profile()) {
    point.kind = load_.kind == Load::Kind::profile_current ? Load::Kind::current : Load::Kind::power;
    point.value = taken_ > 0 ? (*load_.profile)[(taken_ - 1) % load_.profile->size()].value : 0.0;
  }
  return point;
}

TimeNs LoadCourse::change_ns(std::size_t point) const {
  if (!load_.follows_profile() || (load_.repeat_ns == 0 && point == load_.profile->size())) return never_ns;
  const auto round = static_cast<TimeNs>(point / load_.profile->size());
  return load_.start_ns + round * load_.repeat_ns + from_s((*load_.profile)[point % load_.profile->size()].t_s);
}

bool LoadCourse::move(TimeNs now_ns) {
  const std::size_t before = taken_;
  while (next_change_ns_ <= now_ns) next_change_ns_ = change_ns(++taken_);
  return taken_ != before;
}

}  // namespace packrig
