#include "models/cells/cell_set.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "models/cells/continuation.hpp"
#include "models/errors.hpp"

namespace packrig {

namespace {

constexpr double above_full_V = 5.5;
constexpr double below_empty_V = -0.5;
constexpr double open_circuit_step_soc = 0.0025;
constexpr double coarsest_temperature_step_K = 5.0;

}  // namespace

math::Table2 make_open_circuit_table(std::span<const double> soc, std::span<const double> temperature_degC,
                                     std::span<const double> value_V) {
  math::check_rising("ocv soc", soc, 2);
  math::check_rising("ocv temperature_degC", temperature_degC, 1);
  if (soc.front() != 0.0 || soc.back() != 1.0) {
    throw BadInput("ocv soc: runs from " + std::to_string(soc.front()) + " to " + std::to_string(soc.back()) +
                   ", accepted: 0 to 1");
  }
  if (value_V.size() != soc.size() * temperature_degC.size()) {
    throw BadInput("ocv value_V: " + std::to_string(value_V.size()) + " values, accepted: " +
                   std::to_string(soc.size() * temperature_degC.size()) + ", one per soc and temperature");
  }
  const math::Grid grid{-soc_margin, 1.0 + soc_margin,
                        static_cast<int>((1.0 + 2.0 * soc_margin) / open_circuit_step_soc + 0.5) + 1};
  std::vector<double> grid_soc;
  for (int i = 0; i < grid.count; ++i) grid_soc.push_back(grid.at(i));
  std::vector<double> continued;
  for (std::size_t row = 0; row < temperature_degC.size(); ++row) {
    const std::span<const double> values = value_V.subspan(row * soc.size(), soc.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string where = "ocv value_V at soc " + std::to_string(soc[i]) + ", " +
                                std::to_string(temperature_degC[row]) + " degC: " + std::to_string(values[i]);
      if (!(values[i] > 0.0 && values[i] < 5.0)) throw BadInput(where + " V, accepted: above 0 and below 5 V");
      if (i > 0 && values[i] <= values[i - 1]) {
        throw BadInput(where + " V, accepted: above " + std::to_string(values[i - 1]) + " V, the one before");
      }
    }
    // The slopes of the stored curve, one grid step wide, so that the continuation meets it without a kink.
    const double empty_V = values.front();
    const double full_V = values.back();
    const double empty_slope =
        (math::interpolate(soc, values, open_circuit_step_soc) - empty_V) / open_circuit_step_soc;
    const double full_slope =
        (full_V - math::interpolate(soc, values, 1.0 - open_circuit_step_soc)) / open_circuit_step_soc;
    for (const double at : grid_soc) {
      if (at < 0.0) {
        continued.push_back(empty_V - continued_V(-at, empty_V - below_empty_V, empty_slope));
      } else if (at > 1.0) {
        continued.push_back(full_V + continued_V(at - 1.0, above_full_V - full_V, full_slope));
      } else {
        continued.push_back(math::interpolate(soc, values, at));
      }
    }
  }
  return {"ocv", grid_soc, temperature_degC, continued, grid, temperature_grid(temperature_degC)};
}

math::Grid element_soc_grid() { return {0.0, 1.0, 21}; }

math::Grid temperature_grid(std::span<const double> temperature_degC) {
  const double low = temperature_degC.front();
  const double range = temperature_degC.back() - low;
  if (range <= 0.0) return {low - 1.0, low + 1.0, 2};  // one temperature: the table is constant along this axis
  for (int count = 2; range / (count - 1) >= coarsest_temperature_step_K; ++count) {
    const double step = range / (count - 1);
    const bool fits = std::all_of(temperature_degC.begin(), temperature_degC.end(), [&](double knot) {
      const double position = (knot - low) / step;
      return std::fabs(position - std::floor(position + 0.5)) < 1e-9;
    });
    if (fits) return {low, low + range, count};
  }
  return {low, low + range, static_cast<int>(range / coarsest_temperature_step_K) + 2};
}

CellSet scaled_to_capacity(const CellSet& set, double capacity_Ah) {
  if (!std::isfinite(capacity_Ah) || capacity_Ah <= 0.0) {
    throw BadInput("capacity_Ah: " + std::to_string(capacity_Ah) + ", accepted: finite and above 0");
  }
  const double larger = capacity_Ah / set.capacity_Ah;
  CellSet result = set;
  result.capacity_Ah = capacity_Ah;
  result.series_Ohm = set.series_Ohm.scaled(1.0 / larger);
  for (RcPair& pair : result.rc) pair.resistance_Ohm = pair.resistance_Ohm.scaled(1.0 / larger);
  result.heat_capacity_J_per_K = set.heat_capacity_J_per_K * larger;
  result.thermal_resistance_K_per_W = set.thermal_resistance_K_per_W / larger;
  return result;
}

}  // namespace packrig
