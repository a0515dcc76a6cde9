// What every kind of rule is judged with.
#pragma once

#include <limits>
#include <string>

#include "rig/judge.hpp"

namespace packrig {

inline constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// "3.65 V"
std::string with_unit(double value, const std::string& unit);

// The first edge of the actuator to the wanted state at or after `from_ns`.
TimeNs first_edge_ns(const Trace& trace, Actuator actuator, bool drive_on, TimeNs from_ns);

// `verdict` without a number in it.
Verdict without_value(Outcome outcome, std::string reason, Verdict verdict);

// `verdict` with a value to which the sheet gives no number.
Verdict characterised(Verdict verdict);

// The guard-banded decision on verdict.value, .uncertainty, .low and .high; `what` begins the reason.
Verdict decided(Verdict verdict, const std::string& what);

}  // namespace packrig
