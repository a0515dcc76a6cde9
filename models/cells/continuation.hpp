// How a potential goes on beyond the end of what is known of it: a chosen shape, not physics.
#pragma once

#include <algorithm>

#include "models/math/elementary.hpp"

namespace packrig {

// Within how much overrun (of state of charge or of stoichiometry) a flat end has reached its last voltage.
inline constexpr double overrun_to_end = 0.1;

// How far a curve has gone at an overrun `u`, monotonically and without a kink, towards a voltage that lies `distance`
// away; `slope` is its slope at the end, all as magnitudes (V, V per unit of u). With D the distance and a the slope:
//   - a flat end (0.1 a <= D): a u + (D - 0.1 a) (u / 0.1)^2, which has covered D at u = 0.1, and on from there with
//   its slope;
//   - a steep end: D (1 - exp(-a u / D)), which approaches D.
inline double continued_V(double u, double distance, double slope) {
  if (overrun_to_end * slope > distance) return -distance * math::expm1(-slope * u / distance);
  const double bend = distance - overrun_to_end * slope;
  const double inside = std::min(u, overrun_to_end);
  const double end_slope = slope + 2.0 * bend / overrun_to_end;
  return slope * inside + bend * (inside / overrun_to_end) * (inside / overrun_to_end) + end_slope * (u - inside);
}

}  // namespace packrig
