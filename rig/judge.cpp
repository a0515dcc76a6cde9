#include "rig/judge.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/errors.hpp"
#include "rig/crossing.hpp"
#include "rig/judge_level.hpp"
#include "rig/judge_parts.hpp"
#include "rig/judge_reported.hpp"
#include "rig/truth.hpp"
#include "sim/plant.hpp"

namespace packrig {

namespace {

// How the drive stands just before `at_ns`; off where the trace does not say.
bool drive_before(const Trace& trace, Actuator actuator, TimeNs at_ns) {
  bool on = false;
  for (const Event& event : trace.events()) {
    const bool tells = (event.kind == EventKind::edge && event.at_ns < at_ns) ||
                       (event.kind == EventKind::drive_state && event.at_ns <= at_ns);
    if (tells && event.subject == static_cast<std::uint8_t>(actuator)) on = event.state != 0;
  }
  return on;
}

// When the relay's contact followed the drive, never_ns if it did not (or the actuator has none).
TimeNs contact_after_ns(const Trace& trace, Actuator actuator, bool closed, TimeNs edge_ns) {
  const auto contact = actuator == Actuator::charge      ? Contact::charge
                       : actuator == Actuator::discharge ? Contact::discharge
                                                         : Contact::precharge;
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::contact && event.at_ns >= edge_ns &&
        event.subject == static_cast<std::uint8_t>(contact) && (event.state != 0) == closed) {
      return event.at_ns;
    }
  }
  return never_ns;
}

// nullptr where the rig was sound.
const Event* rig_fault(const Trace& trace) {
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::rig_fault) return &event;
  }
  return nullptr;
}

std::string where(Channel channel, Side side, double level) {
  return channel_label(channel) + (side == Side::above ? " above " : " below ") +
         with_unit(level, quantity_unit(channel.quantity));
}

std::string drive(Actuator actuator, bool on) {
  return std::string(actuator_name(actuator)) + (on ? " drive on" : " drive off");
}

// Why a rule about a drive cannot be judged: it stood as asked before the question. Empty when it can.
std::string answered_before(Actuator actuator, bool drive_on, TimeNs from_ns, const Trace& trace) {
  if (drive_before(trace, actuator, from_ns) != drive_on) return {};
  return std::string(actuator_name(actuator)) + " drive was " + (drive_on ? "on" : "off") +
         " before the question was asked";
}

Verdict judge_trip(const TripRule& rule, const Trace& trace) {
  Verdict verdict;
  verdict.unit = "s";
  verdict.low = rule.low_s;
  verdict.high = rule.high_s;
  const Measured channel = measured(trace, rule.channel);
  const double edge_doubt_s = to_s(trace.info().uncertainty.edge_stamp_ns);
  const std::string crossing = where(rule.channel, rule.side, rule.threshold);
  verdict.t1_ns = first_edge_ns(trace, rule.actuator, rule.drive_on, rule.from_ns);

  if (verdict.t1_ns == never_ns) {
    const Dwell dwell = longest_dwell(channel, rule.side, rule.threshold, rule.from_ns);
    if (const auto window =
            located_crossing_before(trace, rule.channel, rule.side, rule.threshold, rule.from_ns, trace.end_ns())) {
      verdict.t0_ns = window->early_ns + (window->late_ns - window->early_ns) / 2;
    }
    if (dwell.sure_s > rule.high_s + edge_doubt_s) {
      return without_value(
          Outcome::fail,
          "no " + drive(rule.actuator, rule.drive_on) + " within " + with_unit(rule.high_s, "s") + " of " + crossing,
          verdict);
    }
    if (dwell.sure_s > 0.0) {
      return without_value(Outcome::inconclusive,
                           crossing + " lasted " + with_unit(dwell.sure_s, "s") + ", " +
                               drive(rule.actuator, rule.drive_on) + " was not due yet",
                           verdict);
    }
    return dwell.possible_s > 0.0 ? without_value(Outcome::inconclusive,
                                                  "the bench cannot tell whether " + crossing + " was imposed", verdict)
                                  : without_value(Outcome::error, "the stimulus never stood: " + crossing, verdict);
  }

  verdict.t2_ns = contact_after_ns(trace, rule.actuator, rule.drive_on, verdict.t1_ns);
  const auto window =
      located_crossing_before(trace, rule.channel, rule.side, rule.threshold, rule.from_ns, verdict.t1_ns);
  if (!window) {
    const bool doubtful = standing_at(channel, rule.side, rule.threshold, verdict.t1_ns) == Standing::doubtful;
    return doubtful
               ? without_value(Outcome::inconclusive,
                               drive(rule.actuator, rule.drive_on) + " while the bench cannot tell whether " + crossing,
                               verdict)
               : without_value(Outcome::fail, drive(rule.actuator, rule.drive_on) + " without " + crossing, verdict);
  }
  verdict.t0_ns = window->early_ns + (window->late_ns - window->early_ns) / 2;
  verdict.value = to_s(verdict.t1_ns - window->early_ns) - 0.5 * to_s(window->late_ns - window->early_ns);
  verdict.uncertainty = 0.5 * to_s(window->late_ns - window->early_ns) + edge_doubt_s;
  if (!rule.promised) {
    return characterised(verdict);
  }
  return decided(verdict, rule.drive_on ? "release after" : "trip after");
}

Verdict judge_promised_hold(const HoldRule& rule, const Trace& trace) {
  Verdict verdict;
  verdict.unit = "s";
  const Measured channel = measured(trace, rule.channel);
  const Dwell reach = longest_dwell(channel, rule.side, rule.reach, rule.from_ns);
  const Dwell ceiling = longest_dwell(channel, rule.side, rule.ceiling, rule.from_ns);
  verdict.t1_ns = first_edge_ns(trace, rule.actuator, rule.drive_on, rule.from_ns);
  verdict.value = reach.sure_s;
  verdict.low = rule.reach_s;
  verdict.high = to_s(trace.end_ns() - rule.from_ns);
  verdict.uncertainty = 0.5 * (reach.possible_s - reach.sure_s);
  verdict.margin = nan_value;
  const bool fair = ceiling.possible_s <= rule.ceiling_s;
  if (verdict.t1_ns != never_ns) {
    verdict.t2_ns = contact_after_ns(trace, rule.actuator, rule.drive_on, verdict.t1_ns);
    if (fair) {
      verdict.outcome = Outcome::fail;
      verdict.reason = drive(rule.actuator, rule.drive_on) + " though " + where(rule.channel, rule.side, rule.ceiling) +
                       " lasted at most " + with_unit(ceiling.possible_s, "s");
      if (std::isinf(rule.ceiling)) verdict.reason = drive(rule.actuator, rule.drive_on) + " where it must stay";
    } else {
      verdict.outcome = Outcome::inconclusive;
      verdict.reason = "the stimulus may have gone too far: " + where(rule.channel, rule.side, rule.ceiling) +
                       " for up to " + with_unit(ceiling.possible_s, "s");
    }
    return verdict;
  }
  if (reach.sure_s >= rule.reach_s) {
    verdict.outcome = Outcome::pass;
  } else if (reach.possible_s >= rule.reach_s) {
    verdict.outcome = Outcome::inconclusive;
    verdict.reason = "the bench cannot tell whether " + where(rule.channel, rule.side, rule.reach) + " lasted " +
                     with_unit(rule.reach_s, "s");
  } else {
    verdict.outcome = Outcome::error;
    verdict.reason = "the stimulus never stood: " + where(rule.channel, rule.side, rule.reach) + " for " +
                     with_unit(rule.reach_s, "s");
  }
  return verdict;
}

Verdict judge_hold(const HoldRule& rule, const Trace& trace) {
  Verdict verdict = judge_promised_hold(rule, trace);
  if (rule.promised || (verdict.outcome != Outcome::pass && verdict.outcome != Outcome::fail)) return verdict;
  const bool stayed = verdict.outcome == Outcome::pass;
  verdict.outcome = Outcome::characterised;
  verdict.reason = (stayed ? "no " : "") + drive(rule.actuator, rule.drive_on) + " at " +
                   where(rule.channel, rule.side, rule.reach) + "; the sheet does not say";
  return verdict;
}

Verdict judge_point(const PointRule& rule, const Trace& trace) {
  Verdict verdict;
  verdict.unit = quantity_unit(rule.channel.quantity);
  verdict.low = rule.low;
  verdict.high = rule.high;
  const Measured channel = measured(trace, rule.channel);
  verdict.t1_ns = first_edge_ns(trace, rule.actuator, rule.drive_on, rule.from_ns);
  if (verdict.t1_ns == never_ns) {
    const double far = rule.side == Side::above ? rule.high : rule.low;
    const Dwell dwell = longest_dwell(channel, rule.side, far, rule.from_ns);
    const double due_s = rule.delay_s + rule.delay_uncertainty_s;
    const std::string passed = where(rule.channel, rule.side, far) + " for " + with_unit(due_s, "s");
    if (dwell.sure_s > due_s) {
      return without_value(Outcome::fail, "no " + drive(rule.actuator, rule.drive_on) + " though " + passed, verdict);
    }
    return dwell.possible_s > due_s
               ? without_value(Outcome::inconclusive, "the bench cannot tell whether " + passed, verdict)
               : without_value(Outcome::error, "the ramp never stood " + passed, verdict);
  }
  verdict.t2_ns = contact_after_ns(trace, rule.actuator, rule.drive_on, verdict.t1_ns);
  verdict.t0_ns = verdict.t1_ns - from_s(rule.delay_s);
  if (verdict.t0_ns < rule.from_ns) {
    return without_value(
        Outcome::fail, drive(rule.actuator, rule.drive_on) + " before the ramp had run " + with_unit(rule.delay_s, "s"),
        verdict);
  }
  verdict.value = value_at(channel, verdict.t0_ns);
  const TimeNs doubt_ns = from_s(rule.delay_uncertainty_s) + trace.info().uncertainty.readback_stamp_ns +
                          trace.info().uncertainty.edge_stamp_ns;
  verdict.uncertainty = channel.value_uncertainty + farthest_from(channel, verdict.value, verdict.t0_ns - doubt_ns,
                                                                  std::min(verdict.t0_ns + doubt_ns, verdict.t1_ns));
  return decided(verdict, "trip point");
}

Verdict judge_setting(const SettingRule& rule, const Trace& trace) {
  const std::string what = "register " + std::to_string(rule.register_number) + " = " + with_unit(rule.value, "counts");
  Verdict verdict;
  verdict.unit = "counts";
  verdict.low = verdict.high = rule.value;
  const Event* write = nullptr;
  const Event* read = nullptr;
  for (const Event& event : trace.events()) {
    if (event.subject != rule.register_number) continue;
    if (event.kind == EventKind::setting_write) {
      write = event.value == rule.value ? &event : nullptr;
      read = nullptr;
    }
    if (event.kind == EventKind::setting_read) read = &event;
  }
  if (write == nullptr) return without_value(Outcome::error, what + " was never written", verdict);
  verdict.t1_ns = write->at_ns;
  if (read == nullptr || read->state != 0) {
    return without_value(Outcome::error, what + " was not read back", verdict);
  }
  verdict.value = read->value;
  verdict.margin = nan_value;
  const bool accepted = write->state == 0;
  if (accepted != rule.accepted) {
    verdict.outcome = Outcome::fail;
    verdict.reason = what + (accepted ? " is accepted, must be refused"
                                      : " is refused (reason " + std::to_string(write->state) + "), must be accepted");
  } else if ((read->value == rule.value) != rule.accepted) {
    verdict.outcome = Outcome::fail;
    verdict.reason =
        what + (accepted ? " reads back as " : " is refused and yet reads back as ") + with_unit(read->value, "counts");
  } else {
    verdict.outcome = Outcome::pass;
  }
  return verdict;
}

Verdict judge_reading(const ReadingRule& rule, const Trace& trace) {
  const std::string what = "register " + std::to_string(rule.register_number);
  Verdict verdict;
  verdict.unit = "counts";
  verdict.low = verdict.high = rule.value;
  const Event* read = nullptr;
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::setting_read && event.subject == rule.register_number) read = &event;
  }
  if (read == nullptr) return without_value(Outcome::error, what + " was never read", verdict);
  verdict.t1_ns = read->at_ns;
  if (read->state != 0) {
    return without_value(Outcome::fail, what + " cannot be read (reason " + std::to_string(read->state) + ")", verdict);
  }
  verdict.value = read->value;
  verdict.margin = nan_value;
  verdict.outcome = read->value == rule.value ? Outcome::pass : Outcome::fail;
  if (verdict.outcome == Outcome::fail) {
    verdict.reason = what + " holds " + with_unit(read->value, "counts") + ", not " + with_unit(rule.value, "counts");
  }
  return verdict;
}

Verdict judge_state(const StateRule& rule, const Trace& trace) {
  Verdict verdict;
  const bool on = drive_before(trace, rule.actuator, never_ns);
  verdict.t1_ns = first_edge_ns(trace, rule.actuator, rule.drive_on, 0);
  verdict.value = on ? 1.0 : 0.0;
  verdict.low = verdict.high = rule.drive_on ? 1.0 : 0.0;
  verdict.margin = nan_value;
  verdict.outcome = on == rule.drive_on ? Outcome::pass : Outcome::fail;
  if (on != rule.drive_on) {
    verdict.reason = std::string(actuator_name(rule.actuator)) + " drive is " + (on ? "on" : "off") + ", must be " +
                     (rule.drive_on ? "on" : "off");
  }
  return verdict;
}

}  // namespace

const char* outcome_name(Outcome outcome) {
  constexpr const char* names[] = {"PASS", "FAIL", "INCONCLUSIVE", "ERROR", "SKIPPED", "CHARACTERISED"};
  return names[static_cast<std::size_t>(outcome)];
}

Verdict judge(const Rule& rule, const Trace& trace) {
  Verdict verdict = std::visit(
      [&](const auto& kind) {
        using Kind = std::decay_t<decltype(kind)>;
        if constexpr (requires {
                        kind.drive_on;
                        kind.from_ns;
                      }) {
          const std::string before = answered_before(kind.actuator, kind.drive_on, kind.from_ns, trace);
          if (!before.empty()) return without_value(Outcome::error, before, Verdict());
        }
        if constexpr (std::is_same_v<Kind, TripRule>) return judge_trip(kind, trace);
        if constexpr (std::is_same_v<Kind, HoldRule>) return judge_hold(kind, trace);
        if constexpr (std::is_same_v<Kind, PointRule>) return judge_point(kind, trace);
        if constexpr (std::is_same_v<Kind, SettingRule>) return judge_setting(kind, trace);
        if constexpr (std::is_same_v<Kind, ReadingRule>) return judge_reading(kind, trace);
        if constexpr (std::is_same_v<Kind, StateRule>) return judge_state(kind, trace);
        if constexpr (std::is_same_v<Kind, LevelRule>) return judge_level(kind, trace);
        if constexpr (std::is_same_v<Kind, CellCurrentRule>) return judge_cell_current(kind, trace);
        if constexpr (std::is_same_v<Kind, AccuracyRule>) return judge_accuracy(kind, trace);
        if constexpr (std::is_same_v<Kind, AlarmRule>) return judge_alarm(kind, trace);
        if constexpr (std::is_same_v<Kind, ReportRule>) return judge_report(kind, trace);
      },
      rule);
  if (const Event* fault = rig_fault(trace)) return without_value(Outcome::error, fault->text, verdict);
  return verdict;
}

std::size_t worst_of(std::span<const Verdict> verdicts) {
  if (verdicts.empty()) throw BadInput("no verdict to choose the worst of");
  const auto rank = [](Outcome outcome) {
    switch (outcome) {
      case Outcome::error:
        return 0;
      case Outcome::fail:
        return 1;
      case Outcome::inconclusive:
        return 2;
      // What was measured but not promised is said before what was passed on the way to it.
      case Outcome::characterised:
        return 3;
      case Outcome::pass:
        return 4;
      case Outcome::skipped:
        return 5;
    }
    return 5;
  };
  // Where there is no margin: a drive that never opened is worse than one that opened late, but a drive that stayed
  // as it should says less than a value close to its limit.
  const auto margin = [](const Verdict& verdict) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (!std::isnan(verdict.margin)) return verdict.margin;
    return verdict.outcome == Outcome::pass ? infinity : -infinity;
  };
  std::size_t worst = 0;
  for (std::size_t i = 1; i < verdicts.size(); ++i) {
    const Verdict& a = verdicts[i];
    const Verdict& b = verdicts[worst];
    if (rank(a.outcome) != rank(b.outcome)) {
      if (rank(a.outcome) < rank(b.outcome)) worst = i;
    } else if (a.outcome == Outcome::characterised ? a.value > b.value : margin(a) < margin(b)) {
      worst = i;
    }
  }
  return worst;
}

}  // namespace packrig
