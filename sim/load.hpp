// What hangs on the load port.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "models/bounded_list.hpp"
#include "models/time.hpp"
#include "sim/profile.hpp"

namespace packrig {

struct Load {
  enum class Kind : std::uint8_t { none, current, power, resistance, profile_current, profile_power };
  Kind kind = Kind::none;
  double value = 0.0;   // A, W or Ohm by kind; negative A or W regenerates; unused by profiles
  Profile profile;      // of the profile kinds
  TimeNs start_ns = 0;  // when the profile's t_s = 0 is
  TimeNs repeat_ns =
      0;  // the profile begins anew this often, its last point being due by then; 0: its last value holds
  // Under-voltage, so that a collapsing port has a stable end and nothing divides by zero. Below this a current load
  // folds back like the resistor that it is at this voltage; a power load gives way over a tenth of it and then draws
  // nothing.
  double lockout_V = 5.0;
  // Over-voltage: a regenerating load fades out over the last volt below this; else it would charge the port's
  // capacitor without end behind an open relay.
  double regeneration_limit_V = 120.0;

  bool follows_profile() const { return kind == Kind::profile_current || kind == Kind::profile_power; }
};

// Throws BadInput naming the member: |A| up to 1e5, |W| up to 1e7, Ohm 1e-4 to 1e9, a profile with at least one point,
// finite values, rising times and no repetition before its last point, lockout 0.1 to 100 V, regeneration limit lockout
// + 1 V to 1 kV.
void check(const Load& load);

// A load at one instant: `value` in A, W or Ohm.
struct LoadPoint {
  Load::Kind kind = Load::Kind::none;  // never a profile
  double value = 0.0;
  double lockout_V = 5.0;
  double regeneration_limit_V = 120.0;
};

// Its characteristic at a port voltage.
struct LoadCurrent {
  double current_A;
  double slope_S;  // d current / d voltage
};

// From from_V up to the next piece: current = slope_S v + offset_A + power_W / v. The slope is never negative, and
// power_W is 0 wherever v may be.
struct LoadPiece {
  double from_V;
  double slope_S;
  double offset_A;
  double power_W;
};

// The characteristic of a load as a whole, for every finite voltage: continuous, in pieces of which each can be
// intersected with a straight line in closed form.
class LoadCurve {
 public:
  LoadCurve() : LoadCurve(LoadPoint{}) {}
  explicit LoadCurve(const LoadPoint& load);

  LoadCurrent at(double port_V) const;
  // Largest d current / d voltage from low_V to high_V; never below 0.
  double steepest_S(double low_V, double high_V) const;
  std::span<const LoadPiece> pieces() const {
    return {pieces_.begin(), pieces_.size()};
  }  // rising, the first from -infinity

 private:
  BoundedList<LoadPiece, 4> pieces_;
};

// Follows a load through time. A value.
class LoadCourse {
 public:
  LoadCourse() = default;
  // As of `now_ns`. The load has been checked.
  LoadCourse(const Load& load, TimeNs now_ns);

  LoadPoint point() const;
  // When the next profile point takes over; never_ns without one.
  TimeNs next_change_ns() const { return next_change_ns_; }
  // Takes over what is due at `now_ns`; true when something changed.
  bool move(TimeNs now_ns);

 private:
  Load load_;
  std::size_t taken_ = 0;  // profile points that have been reached, in all rounds
  TimeNs next_change_ns_ = never_ns;

  TimeNs change_ns(std::size_t point) const;
};

}  // namespace packrig
