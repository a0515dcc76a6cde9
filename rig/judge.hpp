// Verdicts: a trace and a rule, nothing else.
//
// Guard band: with the expanded uncertainty u (k = 2) of the measured value, PASS when [value - u, value + u] lies
// inside the promised band, FAIL when it lies outside, INCONCLUSIVE when it straddles a limit (ISO/IEC Guide 98-4,
// guarded acceptance and guarded rejection). The band itself holds no u.
#pragma once

#include <span>
#include <string>

#include "rig/rule.hpp"
#include "rig/trace.hpp"

namespace packrig {

enum class Outcome : std::uint8_t { pass, fail, inconclusive, error, skipped, characterised };
const char* outcome_name(Outcome outcome);  // "PASS", "FAIL", ...

struct Verdict {
  Outcome outcome = Outcome::error;
  std::string reason;  // one line; empty for a plain PASS
  std::string unit;    // of the numbers below
  double value = 0.0;  // NaN where nothing could be measured
  double low = 0.0;
  double high = 0.0;
  double uncertainty = 0.0;  // expanded, k = 2
  double margin = 0.0;       // from [value - u, value + u] to the nearer limit; negative: outside. NaN if no value
  TimeNs t0_ns = never_ns;   // crossing of the imposed quantity
  TimeNs t1_ns = never_ns;   // edge of the drive
  TimeNs t2_ns = never_ns;   // the relay's contact following it
  TimeNs t3_ns = never_ns;   // the alarm on the bus: the end of the report's last byte
};

Verdict judge(const Rule& rule, const Trace& trace);

// Index of the verdict that counts when several phases were measured: ERROR, FAIL, INCONCLUSIVE, CHARACTERISED, PASS,
// then the smallest margin (a FAIL without any value is the worst, a PASS without any the mildest). Throws BadInput
// when there is none.
std::size_t worst_of(std::span<const Verdict> verdicts);

}  // namespace packrig
