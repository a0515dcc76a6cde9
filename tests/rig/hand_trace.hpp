// A trace written by hand: two cells, a current, three probes and a supply, of which a test moves one or two.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "rig/reported.hpp"
#include "rig/trace.hpp"

namespace packrig::test {

inline TraceInfo two_cells(const TraceUncertainty& uncertainty = {}) {
  TraceInfo info;
  info.part = "hand";
  info.bench = "paper";
  info.seed = 7;
  info.cell_count = 2;
  info.capacity_Ah = {100.0, 80.0};
  info.specification = "{}";
  info.uncertainty = uncertainty;
  return info;
}

// What a bench that reads back knows: the value within +- `cell_V`, and nothing of what happens between two rows.
inline TraceUncertainty sampled(double cell_V = 0.0, TimeNs edge_stamp_ns = 0) {
  TraceUncertainty u;
  u.cell_V = cell_V;
  u.edge_stamp_ns = edge_stamp_ns;
  u.exact_time = false;
  return u;
}

class HandTrace {
 public:
  // Both main drives are on where the trace begins.
  explicit HandTrace(const TraceUncertainty& uncertainty = {}) : trace(two_cells(uncertainty)) {
    for (const Actuator actuator : {Actuator::charge, Actuator::discharge}) {
      trace.append(Event{0, EventKind::drive_state, static_cast<std::uint8_t>(actuator), 1, 0.0, {}});
    }
  }

  // Cell 1 stands at `value_V` from `at_s` on; the rest stays where it is.
  HandTrace& cell(double at_s, double value_V) { return set(0, at_s, value_V); }
  HandTrace& other_cell(double at_s, double value_V) { return set(1, at_s, value_V); }
  HandTrace& current(double at_s, double value_A) { return set(2, at_s, value_A); }
  // The bench measures the current at the supply pins.
  HandTrace& draws(double at_s, double supply_A) {
    trace.append(Role::observed, from_s(at_s), {&supply_A, 1});
    return *this;
  }
  // The plant's truth: states of charge.
  HandTrace& holds(double at_s, double soc_1, double soc_2) {
    const std::array<double, 10> row{0.0, 6.6, 0.0, 0.0, 3.3, 3.3, soc_1, soc_2, 25.0, 25.0};
    trace.append(Role::truth, from_s(at_s), row);
    return *this;
  }
  HandTrace& edge(double at_s, Actuator actuator, bool on) {
    trace.append(Event{from_s(at_s), EventKind::edge, static_cast<std::uint8_t>(actuator), on, 0.0, {}});
    return *this;
  }
  HandTrace& contact(double at_s, std::uint8_t contact, bool closed) {
    trace.append(Event{from_s(at_s), EventKind::contact, contact, closed, 0.0, {}});
    return *this;
  }
  HandTrace& fault(double at_s, const std::string& text) {
    trace.append(Event{from_s(at_s), EventKind::rig_fault, 0, 0, 0.0, text});
    return *this;
  }
  // The BMS reports the quantity at `at_s`, and nothing else.
  HandTrace& reports(double at_s, ReportedChannel channel, double value) {
    std::vector<double> row;
    fill_reported_row(Telemetry(), 2, row);
    row[reported_column(channel, 2)] = value;
    trace.append(Role::reported, from_s(at_s), row);
    return *this;
  }
  HandTrace& hears(double at_s, EventKind kind, const std::string& text) {
    trace.append(Event{from_s(at_s), kind, 0, 0, 0.0, text});
    return *this;
  }
  HandTrace& wrote(double at_s, std::uint8_t register_number, double value, std::uint8_t reason) {
    trace.append(Event{from_s(at_s), EventKind::setting_write, register_number, reason, value, {}});
    return *this;
  }
  HandTrace& read(double at_s, std::uint8_t register_number, double value, std::uint8_t reason = 0) {
    trace.append(Event{from_s(at_s), EventKind::setting_read, register_number, reason, value, {}});
    return *this;
  }
  HandTrace& end(double at_s) {
    trace.extend(from_s(at_s));
    return *this;
  }

  Trace trace;

 private:
  HandTrace& set(std::size_t column, double at_s, double value) {
    row_[column] = value;
    trace.append(Role::imposed, from_s(at_s), row_);
    return *this;
  }

  std::array<double, 7> row_{3.3, 3.3, 0.0, 25.0, 25.0, 25.0, 6.6};
};

inline constexpr Channel cell_1{Quantity::cell_V, 1};

}  // namespace packrig::test
