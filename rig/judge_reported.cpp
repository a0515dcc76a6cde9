#include "rig/judge_reported.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/errors.hpp"
#include "rig/crossing.hpp"
#include "rig/judge_parts.hpp"
#include "rig/truth.hpp"

namespace packrig {

namespace {

constexpr ReportedChannel reported_alarms{ReportedQuantity::alarms, 0};

// Reports of the channel from `from_ns` on; what the frame did not carry is left out.
std::vector<Sample> reports(const Trace& trace, ReportedChannel channel, TimeNs from_ns) {
  const TraceGroup& group = trace.group(Role::reported);
  const std::size_t column = reported_column(channel, trace.info().cell_count);
  std::vector<Sample> found;
  for (std::size_t i = 0; i < group.rows(); ++i) {
    const double value = group.row(i)[column];
    if (group.at_ns[i] >= from_ns && !std::isnan(value)) found.push_back({group.at_ns[i], value});
  }
  return found;
}

// Why nothing can be said of the channel; nullopt where it was told, and nothing but what can be true.
std::optional<Verdict> unsaid(const Trace& trace, ReportedChannel channel, TimeNs from_ns, bool told,
                              const Verdict& verdict) {
  for (const Event& event : trace.events()) {
    if (event.at_ns < from_ns) continue;
    if (event.kind == EventKind::implausible) {
      return without_value(Outcome::inconclusive, "what the BMS reports is not plausible: " + event.text, verdict);
    }
    if (event.kind == EventKind::silence) {
      return without_value(Outcome::inconclusive, "the BMS is silent: " + event.text, verdict);
    }
  }
  if (told) return std::nullopt;
  const auto& at_ns = trace.group(Role::reported).at_ns;
  const auto count = std::ranges::count_if(at_ns, [&](TimeNs each_ns) { return each_ns >= from_ns; });
  const std::string no_report = "no report of " + reported_label(channel) + ": ";
  if (count == 0) return without_value(Outcome::error, no_report + "the BMS was not asked", verdict);
  return without_value(Outcome::inconclusive, no_report + "not in any of " + std::to_string(count) + " answers",
                       verdict);
}

// Charge through the shunt, beginning with what the first report says: half of it in either direction (cycle_Ah), or
// what is left of it (remaining_Ah).
std::vector<Sample> true_charge_Ah(const Trace& trace, ReportedQuantity quantity, const Sample& first) {
  const auto current = trace.series({Quantity::current_A, 0});
  std::vector<Sample> samples;
  double sum_Ah = 0.0;
  double offset_Ah = 0.0;
  for (std::size_t i = 0; i < current.size(); ++i) {
    samples.push_back({current[i].at_ns, sum_Ah});
    const TimeNs end_ns = i + 1 < current.size() ? current[i + 1].at_ns : trace.end_ns();
    const double current_A = current[i].value;
    const double rate_Ah_per_s =
        (quantity == ReportedQuantity::cycle_Ah ? 0.5 * std::fabs(current_A) : -current_A) / 3600.0;
    if (first.at_ns >= current[i].at_ns && first.at_ns <= end_ns) {
      offset_Ah = first.value - sum_Ah - rate_Ah_per_s * to_s(first.at_ns - current[i].at_ns);
    }
    sum_Ah += rate_Ah_per_s * to_s(end_ns - current[i].at_ns);
  }
  samples.push_back({trace.end_ns(), sum_Ah});
  for (Sample& sample : samples) sample.value += offset_Ah;
  return samples;
}

// What a report is compared with.
Measured reference(const Trace& trace, ReportedChannel channel, const Sample& first) {
  switch (channel.quantity) {
    case ReportedQuantity::cell_V:
      return measured(trace, {Quantity::cell_V, channel.number});
    case ReportedQuantity::pack_V:
      return measured(trace, {Quantity::supply_V, 0});
    case ReportedQuantity::current_A:
      return measured(trace, {Quantity::current_A, 0});
    case ReportedQuantity::probe_degC:
      return measured(trace, {Quantity::ntc_degC, channel.number});
    case ReportedQuantity::soc:
    case ReportedQuantity::remaining_Ah:
    case ReportedQuantity::cycle_Ah: {
      Measured slow = measured(trace, {Quantity::current_A, 0});
      slow.value_uncertainty = 0.0;
      slow.exact_time = false;  // samples of what changes steadily between them
      slow.samples =
          channel.quantity == ReportedQuantity::soc ? true_soc(trace) : true_charge_Ah(trace, channel.quantity, first);
      return slow;
    }
    default:
      throw BadInput(reported_label(channel) +
                     " has no truth to compare with; accepted: cell_V, pack_V, current_A, probe_degC, soc, "
                     "remaining_Ah, cycle_Ah");
  }
}

// A report of the BMS is beyond doubt; where the truth moved while it was on its way, the doubt is how far.
Verdict error_of(const Sample& report, const Measured& truth, const AccuracyRule& rule, Verdict verdict) {
  const TimeNs taken_ns = std::max(report.at_ns - from_s(rule.age_s), rule.from_ns);
  const TimeNs middle_ns = taken_ns + (report.at_ns - taken_ns) / 2;
  const double true_value = value_at(truth, middle_ns);
  verdict.value = report.value - true_value;
  verdict.uncertainty =
      truth.value_uncertainty + farthest_from(truth, true_value, taken_ns - truth.stamp_ns, report.at_ns);
  verdict.t0_ns = report.at_ns;
  return decided(verdict, reported_label(rule.channel) + " minus true");
}

bool tells(const Sample& report, const AlarmRule& rule) {
  return AlarmSet(static_cast<std::uint64_t>(report.value)).has_any(rule.alarms);
}

// No alarm though its cause has stood for that long.
Verdict not_raised(double stood_s, const AlarmRule& rule, const std::string& alarms, const std::string& cause,
                   const Verdict& verdict) {
  const bool due = stood_s > rule.high_s;
  return without_value(
      due ? Outcome::fail : Outcome::inconclusive,
      "no " + alarms + " on the bus" + (due ? "" : " yet") + ", " + cause + " for " + with_unit(stood_s, "s"), verdict);
}

Verdict after_stimulus(const AlarmRule& rule, const Trace& trace, const std::string& alarms, Verdict verdict) {
  for (const Sample& report : reports(trace, {ReportedQuantity::alarms, 0}, 0)) {
    if (report.at_ns >= rule.from_ns) break;
    if (!tells(report, rule)) continue;
    return without_value(Outcome::error, alarms + " was on the bus before the question was asked", verdict);
  }
  verdict.t0_ns = rule.from_ns;
  if (verdict.t3_ns == never_ns) {
    return not_raised(to_s(trace.end_ns() - rule.from_ns), rule, alarms, "watched", verdict);
  }
  verdict.value = to_s(verdict.t3_ns - verdict.t0_ns);
  return decided(verdict, alarms + " on the bus after");
}

}  // namespace

Verdict judge_accuracy(const AccuracyRule& rule, const Trace& trace) {
  Verdict verdict;
  verdict.unit = reported_unit(rule.channel.quantity);
  verdict.low = rule.low;
  verdict.high = rule.high;
  // The first reports may still speak of what was before the question.
  const auto found = reports(trace, rule.channel, rule.from_ns + from_s(rule.age_s));
  if (auto nothing = unsaid(trace, rule.channel, rule.from_ns, !found.empty(), verdict)) return *nothing;
  const Measured truth = reference(trace, rule.channel, found.front());
  std::vector<Verdict> each;
  each.reserve(found.size());
  for (const Sample& report : found) each.push_back(error_of(report, truth, rule, verdict));
  Verdict worst = each[worst_of(each)];
  if (!rule.promised && worst.outcome != Outcome::error) {
    // The largest error is what characterises it.
    worst = *std::ranges::max_element(each, {}, [](const Verdict& v) { return std::fabs(v.value); });
    worst = characterised(worst);
  }
  return worst;
}

Verdict judge_alarm(const AlarmRule& rule, const Trace& trace) {
  Verdict verdict;
  verdict.unit = "s";
  verdict.low = rule.low_s;
  verdict.high = rule.high_s;
  verdict.t1_ns = first_edge_ns(trace, rule.actuator, false, rule.from_ns);
  const auto found = reports(trace, reported_alarms, rule.from_ns);
  if (auto nothing = unsaid(trace, reported_alarms, rule.from_ns, !found.empty(), verdict)) return *nothing;
  const auto raised = std::ranges::find_if(found, [&](const Sample& report) { return tells(report, rule); });
  const std::string alarms = "alarm " + describe(rule.alarms);
  if (raised != found.end()) verdict.t3_ns = raised->at_ns;
  if (!rule.channel) return after_stimulus(rule, trace, alarms, verdict);
  const Measured channel = measured(trace, *rule.channel);
  const std::string crossing = channel_label(*rule.channel) + (rule.side == Side::above ? " above " : " below ") +
                               with_unit(rule.threshold, quantity_unit(rule.channel->quantity));
  if (raised == found.end()) {
    const Dwell dwell = longest_dwell(channel, rule.side, rule.threshold, rule.from_ns);
    return not_raised(dwell.sure_s, rule, alarms, "while " + crossing, verdict);
  }
  // An open relay may have ended what raised the alarm: the crossing before the drive's edge counts.
  const TimeNs stood_ns = std::min(verdict.t1_ns == never_ns ? raised->at_ns : verdict.t1_ns, raised->at_ns);
  const auto window = located_crossing_before(trace, *rule.channel, rule.side, rule.threshold, rule.from_ns, stood_ns);
  if (!window) return without_value(Outcome::fail, alarms + " on the bus without " + crossing, verdict);
  verdict.t0_ns = window->early_ns + (window->late_ns - window->early_ns) / 2;
  verdict.value = to_s(verdict.t3_ns - verdict.t0_ns);
  verdict.uncertainty = 0.5 * to_s(window->late_ns - window->early_ns);
  return decided(verdict, alarms + " on the bus after");
}

Verdict judge_report(const ReportRule& rule, const Trace& trace) {
  Verdict verdict;
  verdict.unit = reported_unit(rule.channel.quantity);
  verdict.low = rule.low;
  verdict.high = rule.high;
  const auto found = reports(trace, rule.channel, rule.from_ns);
  if (auto nothing = unsaid(trace, rule.channel, rule.from_ns, !found.empty(), verdict)) return *nothing;
  verdict.value = found.back().value;
  verdict.t0_ns = found.back().at_ns;
  if (rule.promised) return decided(verdict, reported_label(rule.channel));
  return characterised(verdict);
}

}  // namespace packrig
