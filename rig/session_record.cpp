// What of a tick becomes rows and events of the trace.
#include <algorithm>
#include <string>

#include "rig/session.hpp"

namespace packrig {

void Session::record_drive_states() {
  // A rule must know how a drive stood before the first edge of its trace.
  for (int i = 0; i < actuator_count; ++i) {
    const bool on = drive_on_[static_cast<std::size_t>(i)];
    trace_.append(Event{now_ns_, EventKind::drive_state, static_cast<std::uint8_t>(i), on, 0.0, {}});
  }
}

void Session::record_actions(const Actions& actions) {
  for (const Edge& edge : actions.edges) {
    trace_.append(Event{edge.at_ns, EventKind::edge, static_cast<std::uint8_t>(edge.actuator), edge.on, 0.0, {}});
  }
  for (const ContactEvent& event : plant_.contact_events()) {
    trace_.append(Event{
        event.at_ns, EventKind::contact, static_cast<std::uint8_t>(event.contact), event.closed, event.current_A, {}});
  }
  for (const BusByte& byte : actions.bus_bytes) {
    trace_.append(Event{byte.at_ns, EventKind::bus_byte, static_cast<std::uint8_t>(byte.port), byte.value, 0.0, {}});
  }
  if (wire_) {
    for (const BusByte& byte : actions.bus_bytes) wire_->receive(byte);
    wire_->record(now_ns_, trace_);
  }
  for (Listener& listener : listeners_) {
    for (const BusByte& byte : actions.bus_bytes) listener.receive(byte);
    listener.record(now_ns_, trace_);
  }
  drive_on_ = actions.drive_on;
  const int outside = plant_.cell_outside_validity();
  if (outside != outside_validity_) {
    outside_validity_ = outside;
    trace_.append(Event{now_ns_, EventKind::validity, static_cast<std::uint8_t>(outside), outside != 0, 0.0, {}});
  }
}

void Session::record_plug(const Actions& actions) {
  const Readback& readback = actions.readback;
  supply_A_ = readback.supply_A;
  if (bench_->capabilities().exact_time) {
    if (now_ns_ < plug_row_due_ns_) return;
    plug_row_due_ns_ = now_ns_ + description_.plug_period_ns;
    trace_.append(Role::imposed, now_ns_, asked_row());
    trace_.append(Role::observed, now_ns_, {&supply_A_, 1});
    return;
  }
  if (!readback.valid) {
    if (!rig_fault_) {
      rig_fault_ = true;
      trace_.append(Event{readback.at_ns, EventKind::rig_fault, 0, 0, 0.0,
                          "bench '" + bench_->capabilities().bench + "' gives no readback"});
    }
    return;
  }
  fill_plug_row(readback.tap_V, readback.shunt_V, readback.ntc_Ohm, readback.supply_V, imposed_probe_, imposed_row_);
  compare_with_asked(readback);
  if (now_ns_ < plug_row_due_ns_) return;
  plug_row_due_ns_ = now_ns_ + description_.plug_period_ns;
  trace_.append(Role::asked, now_ns_, asked_row());
  trace_.append(Role::imposed, readback.at_ns, imposed_row_);
  trace_.append(Role::observed, readback.at_ns, {&supply_A_, 1});
}

void Session::record_truth() {
  if (now_ns_ < truth_row_due_ns_) return;
  truth_row_due_ns_ = now_ns_ + description_.truth_period_ns;
  auto value = truth_row_.begin();
  for (const double x : {plant_.string_A(), plant_.pack_V(), plant_.charge_port_A(), plant_.load_port_A()}) {
    *value++ = x;
  }
  for (const auto& per_cell : {plant_.cell_V(), plant_.cell_soc(), plant_.cell_degC()}) {
    value = std::copy(per_cell.begin(), per_cell.end(), value);
  }
  trace_.append(Role::truth, now_ns_, truth_row_);
}

void Session::record_setting(EventKind kind, std::uint8_t register_number, std::int32_t reason, double value) {
  // A reason beyond a byte is still a refusal.
  const auto stored = static_cast<std::uint8_t>(reason < 0 || reason > 255 ? 255 : reason);
  trace_.append(Event{now_ns_, kind, register_number, stored, value, {}});
}

}  // namespace packrig
