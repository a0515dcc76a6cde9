#include "sim/plant_crossing.hpp"

namespace packrig {

std::optional<TimeNs> first_instant_ns(const Plant& plant, const Actions& actions, TimeNs until_ns,
                                       const std::function<bool(const Plant&)>& holds) {
  const auto holds_at = [&](TimeNs at_ns) {
    Plant copy = plant;
    Actions due = actions;
    due.edges.clear();
    for (const Edge& edge : actions.edges) {
      if (edge.at_ns <= at_ns) due.edges.push_back(edge);
    }
    copy.advance(due, at_ns);
    return holds(copy);
  };
  const TimeNs start_ns = plant.now_ns();
  if (holds(plant)) return start_ns;
  if (!holds_at(until_ns)) return std::nullopt;
  TimeNs before_ns = start_ns;
  TimeNs holding_ns = until_ns;
  while (holding_ns - before_ns > microsecond_ns) {
    const TimeNs half_us = (holding_ns - before_ns + microsecond_ns) / (2 * microsecond_ns);
    const TimeNs middle_ns = before_ns + half_us * microsecond_ns;
    (holds_at(middle_ns) ? holding_ns : before_ns) = middle_ns;
  }
  return holding_ns;
}

}  // namespace packrig
