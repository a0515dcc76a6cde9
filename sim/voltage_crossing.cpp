#include "sim/voltage_crossing.hpp"

#include <cmath>

#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {

namespace {

int first_beyond(const Plant& plant, double limit_V, CrossingDirection direction) {
  const std::span<const double> cell_V = plant.cell_V();
  for (std::size_t k = 0; k < cell_V.size(); ++k) {
    const bool beyond = direction == CrossingDirection::falling ? cell_V[k] < limit_V : cell_V[k] > limit_V;
    if (beyond) return static_cast<int>(k) + 1;
  }
  return 0;
}

}  // namespace

std::optional<VoltageCrossing> first_voltage_crossing(const Plant& plant, const Actions& actions, TimeNs until_ns,
                                                      double limit_V, CrossingDirection direction) {
  if (!std::isfinite(limit_V)) throw BadInput("limit_V = " + shown(limit_V) + ": accepted is a finite number");
  Actions held = actions;
  held.edges.clear();
  const auto group_at = [&](TimeNs at_ns) {
    Plant copy = plant;
    copy.advance(held, at_ns);
    return first_beyond(copy, limit_V, direction);
  };
  const TimeNs start_ns = plant.now_ns();
  if (const int group = first_beyond(plant, limit_V, direction)) return VoltageCrossing{start_ns, group};
  int group = group_at(until_ns);
  if (group == 0) return std::nullopt;
  TimeNs before_ns = start_ns;
  TimeNs beyond_ns = until_ns;
  while (beyond_ns - before_ns > microsecond_ns) {
    const TimeNs half_us = (beyond_ns - before_ns + microsecond_ns) / (2 * microsecond_ns);
    const TimeNs middle_ns = before_ns + half_us * microsecond_ns;
    if (const int found = group_at(middle_ns)) {
      beyond_ns = middle_ns;
      group = found;
    } else {
      before_ns = middle_ns;
    }
  }
  return VoltageCrossing{beyond_ns, group};
}

}  // namespace packrig
