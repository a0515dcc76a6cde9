// What a datasheet promises, in the form that judge() understands. Kinds: a trip within a band of time, no trip at
// all, a trip at a value, a setting that is accepted or refused, a register's content, a drive's state, a channel
// that stays within a band, what flows into a cell, the accuracy of what is reported over a bus, an alarm there.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "models/connector.hpp"
#include "models/time.hpp"
#include "rig/channel.hpp"
#include "rig/reported.hpp"

namespace packrig {

enum class Side : std::uint8_t { above, below };

// t1 - t0 lies in [low_s, high_s]. t0: the first instant at which the imposed channel is beyond the threshold and
// stays so until t1. t1: the first edge of the actuator to `drive_on` after `from_ns`. A release is the same rule
// with drive_on = true.
struct TripRule {
  Channel channel;
  Side side = Side::above;
  double threshold = 0.0;  // in the channel's unit
  Actuator actuator = Actuator::charge;
  bool drive_on = false;
  double low_s = 0.0;
  double high_s = 0.0;   // no edge by then is a FAIL
  bool promised = true;  // false: no number in the sheet, so the value is CHARACTERISED
  TimeNs from_ns = 0;
};

// No edge of the actuator to `drive_on` from `from_ns` to the end of the trace. To prove that the question was
// asked, the channel must be beyond `reach` without a break for at least `reach_s`; to prove that it was fair, never
// beyond `ceiling` for longer than `ceiling_s`.
struct HoldRule {
  Channel channel;
  Side side = Side::above;
  double reach = 0.0;
  double reach_s = 0.0;
  double ceiling = std::numeric_limits<double>::infinity();  // -infinity when side is below
  double ceiling_s = 0.0;
  Actuator actuator = Actuator::charge;
  bool drive_on = false;
  bool promised = true;  // false: the sheet does not say, so what the drive does is CHARACTERISED
  TimeNs from_ns = 0;
};

// On a slow ramp towards `side`, the value that the channel had `delay_s` before the edge lies in [low, high].
struct PointRule {
  Channel channel;
  Side side = Side::above;
  double low = 0.0;
  double high = 0.0;
  double delay_s = 0.0;
  double delay_uncertainty_s = 0.0;  // half the width of the band of time that the part is allowed
  Actuator actuator = Actuator::charge;
  bool drive_on = false;
  TimeNs from_ns = 0;
};

// The last write of `value` to the register was accepted and read back the same, or was refused.
struct SettingRule {
  std::uint8_t register_number = 0;
  double value = 0.0;  // register counts
  bool accepted = true;
};

// The register reads back as `value`, whoever set it.
struct ReadingRule {
  std::uint8_t register_number = 0;
  double value = 0.0;  // register counts
};

// The drive stands as it should at the end of the trace.
struct StateRule {
  Actuator actuator = Actuator::charge;
  bool drive_on = false;
};

// From `from_ns` to the end of the trace, `span_s` later at least, the channel lies in [low, high] all the time.
struct LevelRule {
  Channel channel;
  double low = 0.0;  // in the channel's unit
  double high = 0.0;
  double span_s = 0.0;
  bool promised = true;  // false: no number in the sheet, so the highest value is CHARACTERISED
  TimeNs from_ns = 0;
};

// The mean current into a cell, from `from_ns` to the end of the trace, `span_s` later at least, lies in [low, high];
// negative: out of it. The plant alone tells: without its truth it is ERROR.
struct CellCurrentRule {
  int number = 1;
  double low = 0.0;  // in A
  double high = 0.0;
  double span_s = 0.0;
  bool promised = true;  // false: no number in the sheet, so the value is CHARACTERISED
  TimeNs from_ns = 0;
};

// Every report of the channel differs from the truth by an error in [low, high]: from what was imposed at the plug,
// from the plant's state of charge, or from the charge through the shunt since the first report (cycle_Ah half of it,
// remaining_Ah what is left). The truth is taken over the `age_s` before the report arrived; where it moved meanwhile,
// that is its uncertainty.
struct AccuracyRule {
  ReportedChannel channel;
  double low = 0.0;  // in the channel's unit
  double high = 0.0;
  double age_s = 0.0;    // a report is measured no earlier than this before it arrives
  bool promised = true;  // false: no number in the sheet, so the largest error is CHARACTERISED
  TimeNs from_ns = 0;
};

// t3 - t0 lies in [low_s, high_s]. t0 as in TripRule, or `from_ns` where the cause is no quantity at the plug, as a
// broken wire; t3: the arrival of the first report with one of the alarms. The edge of the actuator is noted beside it.
struct AlarmRule {
  std::optional<Channel> channel;
  Side side = Side::above;
  double threshold = 0.0;  // in the channel's unit
  AlarmSet alarms;         // any of them
  Actuator actuator = Actuator::charge;
  double low_s = 0.0;
  double high_s = 0.0;  // no alarm by then is a FAIL
  TimeNs from_ns = 0;
};

// The newest report of the channel lies in [low, high], for what has no truth at the plug to be compared with.
struct ReportRule {
  ReportedChannel channel;
  double low = 0.0;  // in the channel's unit
  double high = 0.0;
  bool promised = true;  // false: no number in the sheet, so the value is CHARACTERISED
  TimeNs from_ns = 0;
};

using Rule = std::variant<TripRule, HoldRule, PointRule, SettingRule, ReadingRule, StateRule, LevelRule,
                          CellCurrentRule, AccuracyRule, AlarmRule, ReportRule>;

// JSON, one object with a member "kind"; floats keep all their bits.
std::string rule_to_json(const Rule& rule);
// Throws BadInput naming the member that is missing or out of range.
Rule rule_from_json(const std::string& text);

}  // namespace packrig
