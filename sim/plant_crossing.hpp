// When something becomes true of a plant, to a microsecond, between two ticks.
//
// The plant at any instant within a step is an explicit function of that instant: the same update with a fraction of
// the step. So the instant is found by bisection on it, and a plant that is then advanced to it arrives with exactly
// the state that was judged: no interpolation. One step of a copy of the plant per halving, so this is for the tick in
// which something happened, not for every tick.
#pragma once

#include <functional>
#include <optional>

#include "sim/plant.hpp"

namespace packrig {

// The first microsecond (counted from the plant's time) up to `until_ns` at which `holds` is true of the plant that
// moves there under `actions`, its edges included; nothing when it is not true at `until_ns`. Exact where it becomes
// true once within the step. Throws BadInput for a time that runs backwards.
std::optional<TimeNs> first_instant_ns(const Plant& plant, const Actions& actions, TimeNs until_ns,
                                       const std::function<bool(const Plant&)>& holds);

}  // namespace packrig
