#include "rig/truth.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

#include "models/errors.hpp"
#include "rig/judge_parts.hpp"

namespace packrig {

namespace {

// The states of charge in a row of the truth.
std::span<const double> cell_socs(const Trace& trace, std::size_t row) {
  const TraceGroup& truth = trace.group(Role::truth);
  const auto first = std::ranges::find(truth.columns, "cell1_soc") - truth.columns.begin();
  return truth.row(row).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(trace.info().cell_count));
}

// Rows come once a second where something moves: where none has come for longer, nothing has.
constexpr TimeNs still_ns = 3 * second_ns / 2;

struct Window {
  std::size_t first, last;  // rows
  TimeNs begin_ns, end_ns;  // between which their difference has moved
};

std::optional<Window> rows_of(const TraceGroup& truth, TimeNs from_ns, TimeNs end_ns) {
  if (truth.rows() == 0) return std::nullopt;
  auto first = static_cast<std::size_t>(std::ranges::lower_bound(truth.at_ns, from_ns) - truth.at_ns.begin());
  const bool still = first == truth.rows() || truth.at_ns[first] > from_ns + still_ns;
  if (still && first > 0) --first;
  const std::size_t last = truth.rows() - 1;
  return Window{first, last, std::max(truth.at_ns[first], from_ns),
                truth.at_ns[last] < end_ns - still_ns ? end_ns : truth.at_ns[last]};
}

}  // namespace

std::vector<Sample> true_soc(const Trace& trace) {
  const TraceGroup& truth = trace.group(Role::truth);
  const std::vector<double>& capacity_Ah = trace.info().capacity_Ah;
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < truth.rows(); ++i) {
    const auto socs = cell_socs(trace, i);
    double left_Ah = std::numeric_limits<double>::infinity();
    double room_Ah = left_Ah;
    for (std::size_t cell = 0; cell < socs.size(); ++cell) {
      left_Ah = std::min(left_Ah, socs[cell] * capacity_Ah[cell]);
      room_Ah = std::min(room_Ah, (1.0 - socs[cell]) * capacity_Ah[cell]);
    }
    samples.push_back({truth.at_ns[i], left_Ah / (left_Ah + room_Ah)});
  }
  return samples;
}

Verdict judge_cell_current(const CellCurrentRule& rule, const Trace& trace) {
  const int count = trace.info().cell_count;
  if (rule.number < 1 || rule.number > count) {
    throw BadInput("cell " + std::to_string(rule.number) + " does not exist; accepted: 1 .. " + std::to_string(count));
  }
  Verdict verdict;
  verdict.unit = "A";
  verdict.low = rule.low;
  verdict.high = rule.high;
  const std::string what = "current into cell " + std::to_string(rule.number);
  const TraceGroup& truth = trace.group(Role::truth);
  const auto window = rows_of(truth, rule.from_ns, trace.end_ns());
  const double span_s = window ? to_s(window->end_ns - window->begin_ns) : 0.0;
  if (span_s <= 0.0 || span_s < rule.span_s) {
    return without_value(
        Outcome::error,
        what + " was watched for " + with_unit(span_s, "s") + ", not for " + with_unit(rule.span_s, "s"), verdict);
  }
  const auto cell = static_cast<std::size_t>(rule.number - 1);
  const double A_per_soc = trace.info().capacity_Ah[cell] * 3600.0 / span_s;
  const double moved_soc = cell_socs(trace, window->last)[cell] - cell_socs(trace, window->first)[cell];
  verdict.value = moved_soc * A_per_soc;
  // A row is left out as long as it says no more than the deadband.
  verdict.uncertainty = 2.0 * Trace::deadband("cell1_soc") * A_per_soc;
  verdict.t0_ns = window->begin_ns;
  if (rule.promised) return decided(verdict, what);
  return characterised(verdict);
}

}  // namespace packrig
