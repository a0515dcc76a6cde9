// When a cell's voltage crosses a limit, to a microsecond, between two ticks.
//
// The voltage at any instant within a step is an explicit function of that instant: the same update with a fraction of
// the step. So the instant is found by bisection on it, and a plant that is then advanced to it arrives with exactly
// the state that was judged: no interpolation. One step of a copy of the plant per halving, so this is for the tick in
// which something happened, not for every tick.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/plant.hpp"

namespace packrig {

enum class CrossingDirection : std::uint8_t { falling, rising };

struct VoltageCrossing {
  TimeNs at_ns;  // the first microsecond (counted from the plant's time) at which the cell is beyond the limit
  int group;     // 1-based, the lowest of those beyond it then
};

// The first crossing of `limit_V` up to `until_ns` if the plant moves there in one step, with the balancing and supply
// currents of `actions` (its edges do not count); nothing when no cell is beyond the limit at `until_ns`. Exact where
// voltages go one way within the step. Throws BadInput for a limit that is not finite or a time that runs backwards.
std::optional<VoltageCrossing> first_voltage_crossing(const Plant& plant, const Actions& actions, TimeNs until_ns,
                                                      double limit_V, CrossingDirection direction);

}  // namespace packrig
