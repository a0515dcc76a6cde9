// How a potential goes on beyond the end of what is known of it: a chosen shape, not physics.
#pragma once

#include <algorithm>

#include "models/math/elementary.hpp"

namespace packrig {

// Within how much overrun (of state of charge or of stoichiometry) a flat end has reached its last voltage.
inline constexpr double end_overrun_x = 0.1;

// How far a curve has gone at an overrun, monotonically and without a kink, towards a voltage that lies `distance_V`
// away; `slope_V` is its slope at the end, all as magnitudes (a slope in V per whole overrun). With u the overrun, D
// the distance and a the slope:
//   - a flat end (0.1 a <= D): a u + (D - 0.1 a) (u / 0.1)^2, which has covered D at u = 0.1, and on from there with
//   its slope;
//   - a steep end: D (1 - exp(-a u / D)), which approaches D.
inline double continued_V(double overrun_x, double distance_V, double slope_V) {
  if (end_overrun_x * slope_V > distance_V) return -distance_V * math::expm1(-slope_V * overrun_x / distance_V);
  const double bend_V = distance_V - end_overrun_x * slope_V;
  const double inside_x = std::min(overrun_x, end_overrun_x);
  const double end_slope_V = slope_V + 2.0 * bend_V / end_overrun_x;
  return slope_V * inside_x + bend_V * (inside_x / end_overrun_x) * (inside_x / end_overrun_x) +
         end_slope_V * (overrun_x - inside_x);
}

}  // namespace packrig
