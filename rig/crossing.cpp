#include "rig/crossing.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "rig/names.hpp"

namespace packrig {

namespace {

// How far beyond: positive means beyond.
double beyond_by(Side side, double value, double level) { return side == Side::above ? value - level : level - value; }

Standing standing(const Measured& channel, Side side, double level, double value) {
  const double by = beyond_by(side, value, level);
  if (by > channel.value_uncertainty) return Standing::beyond;
  // Without uncertainty, at the level is not beyond it.
  if (by > -channel.value_uncertainty) return Standing::doubtful;
  return Standing::not_beyond;
}

// Index of the sample that holds at `at_ns`; the first one before any.
std::size_t index_at(const Measured& channel, TimeNs at_ns) {
  const auto after = std::upper_bound(channel.samples.begin(), channel.samples.end(), at_ns,
                                      [](TimeNs t_ns, const Sample& sample) { return t_ns < sample.at_ns; });
  return after == channel.samples.begin() ? 0 : static_cast<std::size_t>(after - channel.samples.begin()) - 1;
}

}  // namespace

Measured measured(const Trace& trace, Channel channel) {
  Measured result;
  result.samples = trace.series(channel);
  result.value_uncertainty = trace.info().uncertainty.of(channel.quantity);
  result.exact_time = trace.info().uncertainty.exact_time;
  result.stamp_ns = trace.info().uncertainty.readback_stamp_ns;
  result.end_ns = trace.end_ns();
  return result;
}

Standing standing_at(const Measured& channel, Side side, double level, TimeNs at_ns) {
  if (channel.samples.empty()) return Standing::not_beyond;
  const std::size_t before = index_at(channel, at_ns);
  const Standing held = standing(channel, side, level, channel.samples[before].value);
  // Between two samples the channel may have been anywhere between them.
  if (channel.exact_time || before + 1 >= channel.samples.size()) return held;
  return std::max(held, standing(channel, side, level, channel.samples[before + 1].value));
}

std::optional<CrossingWindow> crossing_before(const Measured& channel, Side side, double level, TimeNs from_ns,
                                              TimeNs at_ns) {
  if (standing_at(channel, side, level, at_ns) != Standing::beyond) return std::nullopt;
  const auto& samples = channel.samples;
  const std::size_t last = index_at(channel, at_ns);
  const std::size_t first = std::min(index_at(channel, from_ns), last);  // the one that holds at from_ns
  if (standing(channel, side, level, samples[last].value) != Standing::beyond) {
    // Only the sample after `at_ns` is: the crossing lies between the two, or before the first where that is doubtful.
    std::size_t possible = last + 1;
    while (possible > first && standing(channel, side, level, samples[possible - 1].value) != Standing::not_beyond) {
      --possible;
    }
    const TimeNs early_ns = samples[possible > 0 ? possible - 1 : 0].at_ns;
    return CrossingWindow{std::max(early_ns, from_ns) - channel.stamp_ns, at_ns + channel.stamp_ns};
  }
  std::size_t sure = last;
  while (sure > first && standing(channel, side, level, samples[sure - 1].value) == Standing::beyond) {
    --sure;
  }
  std::size_t possible = sure;
  while (possible > first && standing(channel, side, level, samples[possible - 1].value) != Standing::not_beyond) {
    --possible;
  }
  CrossingWindow window{samples[possible].at_ns, samples[sure].at_ns};
  // Between two samples anything may have happened; on a staircase nothing did.
  if (!channel.exact_time && possible > 0) window.early_ns = samples[possible - 1].at_ns;
  window.early_ns = std::max(window.early_ns, from_ns) - channel.stamp_ns;
  window.late_ns = std::max(window.late_ns, from_ns) + channel.stamp_ns;
  return window;
}

std::optional<CrossingWindow> located_crossing_before(const Trace& trace, Channel channel, Side side, double level,
                                                      TimeNs from_ns, TimeNs at_ns) {
  auto window = crossing_before(measured(trace, channel), side, level, from_ns, at_ns);
  if (!window) return std::nullopt;
  // The rows come once a tick and hold changes below their deadband: the one before the window may be the last that
  // was surely not beyond, so a located crossing may lie up to a row earlier.
  const auto& rows_ns = trace.group(Role::imposed).at_ns;
  const auto first_in = std::lower_bound(rows_ns.begin(), rows_ns.end(), window->early_ns);
  const TimeNs earliest_ns = std::max(from_ns, first_in == rows_ns.begin() ? from_ns : *std::prev(first_in));
  const TimeNs latest_ns = std::min(window->late_ns, at_ns);
  for (auto event = trace.events().rbegin(); event != trace.events().rend(); ++event) {
    const bool same = event->kind == EventKind::crossing && event->subject == channel.number &&
                      event->state == static_cast<std::uint8_t>(channel.quantity) && event->value == level &&
                      event->text == side_name(side);
    if (!same || event->at_ns < earliest_ns || event->at_ns > latest_ns) continue;
    return CrossingWindow{std::max(event->at_ns - microsecond_ns, from_ns), event->at_ns};
  }
  return window;
}

Dwell longest_dwell(const Measured& channel, Side side, double level, TimeNs from_ns) {
  Dwell longest{0.0, 0.0};
  const auto& samples = channel.samples;
  if (samples.empty()) return longest;
  // A run of samples i..j holds from sample i to sample j + 1; when sampled, surely from i to j only and possibly
  // from i - 1 to j + 1.
  const auto close = [&](std::size_t first, std::size_t last, bool sure) {
    TimeNs begin_ns = samples[first].at_ns;
    TimeNs end_ns = last + 1 < samples.size() ? samples[last + 1].at_ns : channel.end_ns;
    if (!channel.exact_time) {
      if (sure && last + 1 < samples.size()) end_ns = samples[last].at_ns;
      if (!sure && first > 0) begin_ns = samples[first - 1].at_ns;
    }
    begin_ns = std::max(begin_ns, from_ns);
    const TimeNs doubt_ns = (sure ? -2 : 2) * channel.stamp_ns;
    double& record_s = sure ? longest.sure_s : longest.possible_s;
    record_s = std::max(record_s, to_s(end_ns - begin_ns + doubt_ns));
  };
  for (const bool sure : {true, false}) {
    constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t first = none;
    for (std::size_t i = index_at(channel, from_ns); i < samples.size(); ++i) {
      const Standing now = standing(channel, side, level, samples[i].value);
      const bool in = sure ? now == Standing::beyond : now != Standing::not_beyond;
      if (in && first == none) first = i;
      if (!in && first != none) {
        close(first, i - 1, sure);
        first = none;
      }
    }
    if (first != none) close(first, samples.size() - 1, sure);
  }
  return longest;
}

double value_at(const Measured& channel, TimeNs at_ns) {
  const auto& samples = channel.samples;
  if (samples.empty()) return std::nan("");
  const std::size_t i = index_at(channel, at_ns);
  if (channel.exact_time || i + 1 >= samples.size() || at_ns <= samples[i].at_ns) return samples[i].value;
  const double part = to_s(at_ns - samples[i].at_ns) / to_s(samples[i + 1].at_ns - samples[i].at_ns);
  return samples[i].value + part * (samples[i + 1].value - samples[i].value);
}

double farthest_from(const Measured& channel, double value, TimeNs from_ns, TimeNs to_ns) {
  double farthest =
      std::max(std::fabs(value_at(channel, from_ns) - value), std::fabs(value_at(channel, to_ns) - value));
  const auto& samples = channel.samples;
  for (std::size_t i = index_at(channel, from_ns) + 1; i < samples.size() && samples[i].at_ns < to_ns; ++i) {
    farthest = std::max(farthest, std::fabs(samples[i].value - value));
  }
  return farthest;
}

}  // namespace packrig
