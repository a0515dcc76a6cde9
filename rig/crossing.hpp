// Where a measured channel crosses a level, with the doubt of the measurement carried along.
#pragma once

#include <optional>
#include <span>

#include "models/time.hpp"
#include "rig/rule.hpp"
#include "rig/trace.hpp"

namespace packrig {

// A measured channel: samples, the doubt of each value, and whether the time between two samples is known.
struct Measured {
  std::vector<Sample> samples;
  double value_uncertainty = 0.0;
  bool exact_time = true;
  TimeNs stamp_ns = 0;
  TimeNs end_ns = 0;
};

Measured measured(const Trace& trace, Channel channel);

// The instant of a crossing lies in [early_ns, late_ns].
struct CrossingWindow {
  TimeNs early_ns;
  TimeNs late_ns;
};

enum class Standing : std::uint8_t { not_beyond, doubtful, beyond };

// How the channel stands to `level` at `at_ns`; between two samples, as the one that is further beyond.
Standing standing_at(const Measured& channel, Side side, double level, TimeNs at_ns);

// The last crossing at or before `at_ns` after which the channel stays beyond `level` until `at_ns`; nothing unless
// it is surely beyond at `at_ns`. What happened before `from_ns` is ignored.
std::optional<CrossingWindow> crossing_before(const Measured& channel, Side side, double level, TimeNs from_ns,
                                              TimeNs at_ns);

// The same, narrowed to the microsecond before the last crossing of that level that the session located within it.
std::optional<CrossingWindow> located_crossing_before(const Trace& trace, Channel channel, Side side, double level,
                                                      TimeNs from_ns, TimeNs at_ns);

// Longest unbroken times beyond `level` within [from_ns, end]: surely and possibly.
struct Dwell {
  double sure_s;
  double possible_s;
};
Dwell longest_dwell(const Measured& channel, Side side, double level, TimeNs from_ns);

// Value at `at_ns`, linear between samples; on a staircase the sample that holds.
double value_at(const Measured& channel, TimeNs at_ns);

// How far the channel goes from `value` within [from_ns, to_ns].
double farthest_from(const Measured& channel, double value, TimeNs from_ns, TimeNs to_ns);

}  // namespace packrig
