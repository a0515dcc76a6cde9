// Simulated time: an integer number of nanoseconds since the start of a session.
//
// An integer, because a float clock loses its last digits after a few days and then two runs of the
// same scenario no longer trip on the same tick.
#pragma once

#include <cstdint>
#include <limits>

namespace packrig {

using TimeNs = std::int64_t;

inline constexpr TimeNs microsecond_ns = 1'000;
inline constexpr TimeNs millisecond_ns = 1'000'000;
inline constexpr TimeNs second_ns = 1'000'000'000;

// A time that never comes; safe to compare with, never to add to.
inline constexpr TimeNs never_ns = std::numeric_limits<TimeNs>::max();

constexpr double to_s(TimeNs t_ns) { return static_cast<double>(t_ns) * 1e-9; }

// Rounds half away from zero. |t_s| must stay below 9.2e9 s.
constexpr TimeNs from_s(double t_s) { return static_cast<TimeNs>(t_s * 1e9 + (t_s < 0.0 ? -0.5 : 0.5)); }

}  // namespace packrig
