#include "models/afe/comparator.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/errors.hpp"
#include "models/math/elementary.hpp"

namespace packrig {

Comparator::Comparator(double filter_s) : filter_s_(filter_s) {
  if (!(filter_s >= 0.0) || !std::isfinite(filter_s)) {
    throw BadInput("comparator filter_s is " + std::to_string(filter_s) + ", accepted: 0 or a finite time constant");
  }
}

void Comparator::configure(double threshold_V, TimeNs delay_ns) {
  threshold_V_ = threshold_V;
  delay_ns_ = delay_ns;
  configured_ = true;
}

void Comparator::rearm() {
  for (std::size_t direction = 0; direction < latched_.size(); ++direction) {
    if (latched_[direction]) beyond_since_ns_[direction] = never_ns;  // the other one's time runs on
  }
  latched_.fill(false);
}

// How long the filter takes from one voltage to another on its way; rounded up, so that it has then passed it.
TimeNs Comparator::wait_ns(double from_V, double towards_V, double until_V) const {
  const double wait_s = filter_s_ * math::log((towards_V - from_V) / (towards_V - until_V));
  return static_cast<TimeNs>(std::ceil(wait_s * 1e9));
}

Comparator::Span Comparator::beyond(double sign, double shunt_V, TimeNs from_ns) const {
  const double now_V = sign * filtered_V_;
  const double final_V = sign * shunt_V;
  if (now_V > threshold_V_) {
    if (final_V >= threshold_V_) return {from_ns, never_ns};
    return {from_ns, from_ns + wait_ns(now_V, final_V, threshold_V_)};
  }
  if (final_V > threshold_V_) return {from_ns + wait_ns(now_V, final_V, threshold_V_), never_ns};
  return {never_ns, never_ns};
}

std::optional<ComparatorLatch> Comparator::hold(double shunt_V, TimeNs from_ns, TimeNs to_ns) {
  if (std::isnan(shunt_V)) throw NumericFault("shunt_V at the comparator is NaN");
  if (!settled_ || filter_s_ == 0.0) filtered_V_ = shunt_V;
  settled_ = true;

  ComparatorLatch first{never_ns, ShortDirection::discharge};
  TimeNs later_ns = never_ns;
  for (const ShortDirection direction : {ShortDirection::discharge, ShortDirection::charge}) {
    if (!configured_ || latched(direction)) continue;
    TimeNs& since_ns = beyond_since_ns_[static_cast<std::size_t>(direction)];
    const Span span = beyond(direction == ShortDirection::discharge ? 1.0 : -1.0, shunt_V, from_ns);
    // Beyond from the very start: it may have been so before.
    since_ns = span.start_ns == from_ns && since_ns < from_ns ? since_ns : span.start_ns;
    if (since_ns == never_ns) continue;
    const TimeNs due_ns = std::max(since_ns + delay_ns_, from_ns);  // the delay may have been shortened meanwhile
    if (due_ns < span.end_ns) {
      later_ns = std::max(first.at_ns, due_ns);
      if (due_ns < first.at_ns) first = {due_ns, direction};
    }
    if (span.end_ns <= to_ns) since_ns = never_ns;
  }
  if (filter_s_ > 0.0) filtered_V_ = shunt_V + (filtered_V_ - shunt_V) * math::exp(-to_s(to_ns - from_ns) / filter_s_);

  deadline_ns_ = first.at_ns;
  if (first.at_ns >= to_ns) return std::nullopt;
  latched_[static_cast<std::size_t>(first.direction)] = true;
  deadline_ns_ = later_ns;
  return first;
}

}  // namespace packrig
