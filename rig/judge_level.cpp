#include "rig/judge_level.hpp"

#include <algorithm>
#include <vector>

#include "rig/crossing.hpp"
#include "rig/judge_parts.hpp"

namespace packrig {

Verdict judge_level(const LevelRule& rule, const Trace& trace) {
  Verdict verdict;
  verdict.unit = quantity_unit(rule.channel.quantity);
  verdict.low = rule.low;
  verdict.high = rule.high;
  const Measured channel = measured(trace, rule.channel);
  const double span_s = to_s(trace.end_ns() - rule.from_ns);
  if (channel.samples.empty() || span_s < rule.span_s) {
    return without_value(Outcome::error,
                         channel_label(rule.channel) + " was watched for " +
                             with_unit(channel.samples.empty() ? 0.0 : span_s, "s") + ", not for " +
                             with_unit(rule.span_s, "s"),
                         verdict);
  }
  // A row holds until the next one: the last before the question is part of it.
  auto first = std::ranges::upper_bound(channel.samples, rule.from_ns, {}, &Sample::at_ns);
  if (first != channel.samples.begin()) --first;
  std::vector<Verdict> each;
  for (; first != channel.samples.end(); ++first) {
    Verdict at = verdict;
    at.value = first->value;
    at.uncertainty = channel.value_uncertainty;
    at.t0_ns = std::max(first->at_ns, rule.from_ns);
    each.push_back(decided(at, channel_label(rule.channel)));
  }
  if (rule.promised) return each[worst_of(each)];
  Verdict highest = *std::ranges::max_element(each, {}, &Verdict::value);
  return characterised(highest);
}

}  // namespace packrig
