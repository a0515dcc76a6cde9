#include "rig/judge_parts.hpp"

#include <algorithm>
#include <cstdio>

namespace packrig {

std::string with_unit(double value, const std::string& unit) {
  char text[48];
  std::snprintf(text, sizeof text, "%.6g %s", value, unit.c_str());
  return text;
}

TimeNs first_edge_ns(const Trace& trace, Actuator actuator, bool drive_on, TimeNs from_ns) {
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::edge && event.at_ns >= from_ns &&
        event.subject == static_cast<std::uint8_t>(actuator) && (event.state != 0) == drive_on) {
      return event.at_ns;
    }
  }
  return never_ns;
}

Verdict without_value(Outcome outcome, std::string reason, Verdict verdict) {
  verdict.outcome = outcome;
  verdict.reason = std::move(reason);
  verdict.value = nan_value;
  verdict.margin = nan_value;
  return verdict;
}

Verdict characterised(Verdict verdict) {
  verdict.outcome = Outcome::characterised;
  verdict.margin = nan_value;
  verdict.reason = "the sheet gives no number";
  return verdict;
}

Verdict decided(Verdict verdict, const std::string& what) {
  const double value_low = verdict.value - verdict.uncertainty;
  const double value_high = verdict.value + verdict.uncertainty;
  verdict.margin = std::min(value_low - verdict.low, verdict.high - value_high);
  const std::string band =
      "[" + with_unit(verdict.low, verdict.unit) + ", " + with_unit(verdict.high, verdict.unit) + "]";
  if (verdict.margin >= 0.0) {
    verdict.outcome = Outcome::pass;
  } else if (value_high < verdict.low || value_low > verdict.high) {
    verdict.outcome = Outcome::fail;
    verdict.reason = what + " " + with_unit(verdict.value, verdict.unit) + " is outside " + band;
  } else {
    verdict.outcome = Outcome::inconclusive;
    verdict.reason = what + " " + with_unit(verdict.value, verdict.unit) + " +- " +
                     with_unit(verdict.uncertainty, verdict.unit) + " straddles a limit of " + band;
  }
  return verdict;
}

}  // namespace packrig
