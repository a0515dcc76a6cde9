#include "models/cells/electrochemical_set.hpp"

#include <cmath>
#include <vector>

#include "models/cells/constants.hpp"
#include "models/cells/continuation.hpp"
#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {

namespace {

constexpr double x_margin = 0.25;
constexpr int points_per_x = 4096;

}  // namespace

double Electrode::window_C_per_m2() const {
  const double active_share = surface_per_m * particle_radius_m / 3.0;  // spheres
  return faraday_C_per_mol * greatest_mol_per_m3 * active_share * thickness_m * (highest_x - lowest_x);
}

math::Grid potential_grid() {
  return {-x_margin, 1.0 + x_margin, static_cast<int>((1.0 + 2.0 * x_margin) * points_per_x) + 1};
}
math::Grid stoichiometry_grid() { return {0.0, 1.0, 201}; }
math::Grid concentration_grid() { return {0.0, 4000.0, 801}; }

math::Table1 make_electrode_potential(const std::string& name, std::span<const double> x,
                                      std::span<const double> value_V, double lowest_x, double highest_x,
                                      ElectrodeSide side) {
  math::check_rising(name, x, 2);
  if (value_V.size() != x.size()) {
    throw BadInput(name + ": " + std::to_string(value_V.size()) + " values, accepted: " + std::to_string(x.size()) +
                   ", one per x");
  }
  if (x.front() > lowest_x || x.back() < highest_x) {
    throw BadInput(name + ": x from " + shown(x.front()) + " to " + shown(x.back()) + ", accepted: all of " +
                   shown(lowest_x) + " to " + shown(highest_x));
  }
  const math::Grid grid = potential_grid();
  const double high_end_V = side == ElectrodeSide::positive ? 5.5 : 4.5;  // for small x
  const double low_end_V = -0.5;
  const double margin_V = 0.1;
  std::vector<double> at(static_cast<std::size_t>(grid.count));
  std::vector<double> kept(at.size());
  for (std::size_t i = 0; i < at.size(); ++i) {
    at[i] = grid.at(static_cast<int>(i));
    kept[i] = math::interpolate(x, value_V, at[i]);
  }
  // The window, one point to the inside at each end, then outwards as far as the curve is one.
  std::size_t first = 0;
  while (at[first] < lowest_x) ++first;
  std::size_t last = at.size() - 1;
  while (at[last] > highest_x) --last;
  const auto inside = [&](double v) { return v > low_end_V + margin_V && v < high_end_V - margin_V; };
  for (std::size_t i = first; i <= last; ++i) {
    const bool falls = i == first || kept[i] < kept[i - 1];
    if (falls && inside(kept[i])) continue;
    throw BadInput(name + " at x = " + shown(at[i]) + ": " + shown(kept[i]) + " V, accepted: falling with x, from " +
                   shown(low_end_V + margin_V) + " to " + shown(high_end_V - margin_V) + " V");
  }
  while (at[first - 1] >= std::max(0.0, x.front()) && kept[first - 1] > kept[first] && inside(kept[first - 1])) --first;
  while (at[last + 1] <= std::min(1.0, x.back()) && kept[last + 1] < kept[last] && inside(kept[last + 1])) ++last;
  const double low_slope = (kept[first] - kept[first + 1]) / grid.step();
  const double high_slope = (kept[last - 1] - kept[last]) / grid.step();
  for (std::size_t i = 0; i < first; ++i) {
    kept[i] = kept[first] + continued_V(at[first] - at[i], high_end_V - kept[first], low_slope);
  }
  for (std::size_t i = last + 1; i < at.size(); ++i) {
    kept[i] = kept[last] - continued_V(at[i] - at[last], kept[last] - low_end_V, high_slope);
  }
  return {name, at, kept, grid};
}

ElectrochemicalSet scaled_to_capacity(const ElectrochemicalSet& set, double capacity_Ah) {
  if (!std::isfinite(capacity_Ah) || capacity_Ah <= 0.0) {
    throw BadInput("capacity_Ah: " + shown(capacity_Ah) + ", accepted: finite and above 0");
  }
  const double larger = capacity_Ah / set.capacity_Ah;
  ElectrochemicalSet result = set;
  result.capacity_Ah = capacity_Ah;
  result.area_m2 = set.area_m2 * larger;
  result.heat_capacity_J_per_K = set.heat_capacity_J_per_K * larger;
  result.thermal_resistance_K_per_W = set.thermal_resistance_K_per_W / larger;
  return result;
}

}  // namespace packrig
