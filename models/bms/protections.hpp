// Protections: one table of rules, one loop over it.
//
// A rule watches one source. When the source has been strictly beyond the limit without a break for the delay, the
// rule trips and cuts its drives. It ends either by level (the release source strictly on the safe side of the
// release level) or a set time after the trip, from which on it may trip again. Delays are times compared with
// `now`; a source that comes back before the delay has passed starts from nothing.
//
// A short circuit that comes back as soon as its path has closed again is a release that failed. The part's number of
// such tries in a row, and the rule stays tripped until the path's switch is turned off.
//
// Beside the rules stands the number of cells: while it differs from the setting, both paths are cut. It is counted at
// the end of each scan until it fits, and then not again until the setting changes: a cell that reads nothing later
// on is an under-voltage, not another pack.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "alarms.hpp"
#include "settings.hpp"
#include "sources.hpp"

namespace packrig::bms {

constexpr size_t rule_count = 22;

// As wide as the time beside it: the state has no padding, so equal states are equal bytes.
enum class RulePhase : uint64_t { idle, counting, tripped };

struct RuleState {
  int64_t since_ns;  // counting: first seen beyond; tripped: the trip
  RulePhase phase;
};

// Reclosings of a path onto a short circuit.
struct ShortTries {
  int64_t released_ns;
  uint64_t failed;
};

struct Protections {
  RuleState rule[rule_count];
  ShortTries tries[2];    // discharge, charge
  uint32_t alarms;        // a bit for each Alarm
  uint32_t fitted_count;  // the setting that the number of cells fitted; 0 none yet
  uint16_t wrong_count;   // 1: it has been counted and does not fit
  uint16_t cuts;          // PACKRIG_DRIVE_* that some rule, or the number of cells, cuts
  uint16_t counting;      // PACKRIG_DRIVE_* that some rule would cut once its delay has passed
  uint16_t rearm_short;   // 1: a short-circuit rule was released at this wake
  uint16_t firm_cuts;     // of the cuts, those that the emergency switch does not lift
  uint16_t firm_counting;
  uint16_t reserved[2];
};

// `scan_ended`: all rules are judged; otherwise only those that need no scan.
void protect(const Watched& watched, bool scan_ended, Protections& protections);

// A front end that answers in another layout: nothing that it says is taken in.
void protect_without_front_end(Protections& protections);

// Of an alarm with one rule, which ends by time: seconds until it is released, rounded up; 0: it is not tripped, or its
// time is over and it stays for another reason.
int32_t release_left_s(const Settings& settings, const Protections& protections, Alarm alarm, int64_t now_ns);

}  // namespace packrig::bms
