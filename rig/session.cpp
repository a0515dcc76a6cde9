#include "rig/session.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {

namespace {

constexpr double absolute_zero_degC = -273.15;
// dT/(dR/R) = T^2/B: below 50 K for a battery thermistor (B about 3500 K) up to 125 degC.
constexpr double ntc_degC_per_ratio = 50.0;

// Readback rows hold changes down to the trace's deadbands, so these are part of what is known.
TraceUncertainty uncertainty_of(const Capabilities& bench, const SessionDescription& description) {
  TraceUncertainty u;
  u.cell_V = bench.cell_V.uncertainty + 1e-6;
  u.current_A = bench.shunt_V.uncertainty / description.shunt_Ohm + 1e-3;
  u.ntc_degC = bench.ntc_Ohm.uncertainty * ntc_degC_per_ratio + 1e-3;
  u.supply_V = bench.supply_V.uncertainty + 1e-3;
  u.supply_A = bench.supply_A.uncertainty + bench.supply_A.resolution + 1e-6;
  u.readback_stamp_ns = bench.readback_stamp_ns;
  u.edge_stamp_ns = bench.edge_stamp_ns;
  // A decimated trace does not know what happened between two of its rows.
  u.exact_time = bench.exact_time && description.plug_period_ns == 0;
  return u;
}

TraceInfo info_of(const SessionDescription& description, const Plant& plant, const Capabilities& bench) {
  TraceInfo info;
  info.part = description.part;
  info.bench = bench.bench;
  info.seed = description.seed;
  info.cell_count = plant.description().series;
  for (int cell = 0; cell < info.cell_count; ++cell) {
    info.capacity_Ah.push_back(plant.group_Ah(static_cast<std::size_t>(cell)));
  }
  info.specification = description.specification;
  info.uncertainty = uncertainty_of(bench, description);
  return info;
}

std::string six_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void require_in_range(const char* what, double value, const ChannelRange& range, const std::string& bench) {
  if (value >= range.low && value <= range.high) return;
  throw BenchFault("bench '" + bench + "' cannot impose " + what + " = " + six_digits(value) +
                   "; accepted: " + six_digits(range.low) + " .. " + six_digits(range.high));
}

// What drives the plant; the rest is the session's own.
void apply_to(Plant& plant, const Stimulus& stimulus) {
  if (const auto* load = std::get_if<SetLoad>(&stimulus)) {
    plant.set_load(load->load);
  } else if (const auto* charger = std::get_if<SetCharger>(&stimulus)) {
    plant.set_charger(charger->charger);
  } else if (const auto* ambient = std::get_if<SetAmbient>(&stimulus)) {
    plant.set_ambient_degC(ambient->ambient_degC);
  } else if (const auto* fault = std::get_if<ShortLoadPort>(&stimulus)) {
    plant.short_load_port(fault->short_Ohm);
  } else if (const auto* wire = std::get_if<SetSenseWire>(&stimulus)) {
    plant.set_sense_wire_Ohm(wire->tap, wire->wire_Ohm);
  } else if (const auto* inside = std::get_if<ShortCell>(&stimulus)) {
    plant.short_cell(inside->group, inside->cell, inside->short_Ohm);
  } else if (const auto* busbar = std::get_if<SetBusbar>(&stimulus)) {
    plant.set_busbar_Ohm(busbar->group, busbar->busbar_Ohm);
  } else if (const auto* probe = std::get_if<FitNtc>(&stimulus)) {
    plant.set_ntc_fitted(probe->number, probe->fitted);
  } else if (const auto* weld = std::get_if<Weld>(&stimulus)) {
    plant.weld(weld->contact, weld->welded);
  } else if (std::holds_alternative<ReplaceFuse>(stimulus)) {
    plant.replace_fuse();
  } else if (const auto* coils = std::get_if<SetCoilSupply>(&stimulus)) {
    plant.set_coil_supply(coils->present);
  }
}

}  // namespace

Session::Session(SessionDescription description, Plant plant, std::unique_ptr<Bench> bench)
    : Session(std::move(description), std::move(plant), std::move(bench), {}) {}

Session::Session(SessionDescription description, Plant plant, std::unique_ptr<Bench> bench, const Drives& drive_on)
    : description_(std::move(description)),
      plant_(std::move(plant)),
      bench_(std::move(bench)),
      trace_(info_of(description_, plant_, bench_->capabilities())),
      asked_range_(Trace::plug_columns(plant_.description().series).size(), bench_->capabilities().setpoint_latency_ns),
      drive_on_(drive_on),
      now_ns_(plant_.now_ns()) {
  if (!(description_.shunt_Ohm > 0.0)) {
    throw BadInput("shunt_Ohm = " + six_digits(description_.shunt_Ohm) + "; accepted: above 0");
  }
  if (description_.tick_limit_ns <= 0) {
    throw BadInput("tick_limit_ns = " + std::to_string(description_.tick_limit_ns) + "; accepted: above 0");
  }
  const auto plug_width = Trace::plug_columns(plant_.description().series).size();
  asked_row_.assign(plug_width, 0.0);
  imposed_row_.assign(plug_width, 0.0);
  truth_row_.assign(Trace::truth_columns(plant_.description().series).size(), 0.0);
  plug_row_due_ns_ = truth_row_due_ns_ = now_ns_;
  show();
  record_drive_states();
}

Session::~Session() { make_safe(); }

void Session::make_safe() noexcept {
  if (bench_) bench_->make_safe();
}

double Session::of_plug_row(const std::vector<double>& row, Channel channel) const {
  const int cells = terminals_.cell_count;
  const auto value = [&](int i) { return row[static_cast<std::size_t>(i)]; };
  switch (channel.quantity) {
    case Quantity::cell_V:
      if (channel.number >= 1 && channel.number <= cells) return value(channel.number - 1);
      throw BadInput("cell " + std::to_string(channel.number) + " does not exist; accepted: 1 .. " +
                     std::to_string(cells));
    case Quantity::cell_max_V:
      return *std::max_element(row.begin(), row.begin() + cells);
    case Quantity::cell_min_V:
      return *std::min_element(row.begin(), row.begin() + cells);
    case Quantity::current_A:
      return value(cells);
    case Quantity::ntc_degC:
      if (channel.number >= 1 && channel.number <= ntc_count) return value(cells + channel.number);
      throw BadInput("probe " + std::to_string(channel.number) + " does not exist; accepted: 1 .. " +
                     std::to_string(ntc_count));
    case Quantity::supply_V:
      return value(cells + 1 + ntc_count);
    case Quantity::supply_A:
      return supply_A_;
  }
  throw BadInput("unknown quantity");
}

double Session::shown(Channel channel) const { return of_plug_row(asked_row(), channel); }

TimeNs Session::mark(const std::string& text) {
  trace_.append(Event{now_ns_, EventKind::mark, 0, 0, 0.0, text});
  return now_ns_;
}

void Session::require_possible(const Stimulus& stimulus) const {
  if (const auto* impose = std::get_if<Impose>(&stimulus)) {
    const Capabilities& bench = bench_->capabilities();
    if (!std::isfinite(impose->from) || !std::isfinite(impose->to) || impose->duration_ns < 0) {
      throw BadInput("cannot impose " + describe(stimulus) + "; accepted: finite values and a duration >= 0");
    }
    of_plug_row(asked_row(), impose->channel);  // the channel exists
    for (const double value : {impose->from, impose->to}) {
      switch (impose->channel.quantity) {
        case Quantity::cell_V:
          require_in_range("cell_V", value, bench.cell_V, bench.bench);
          break;
        case Quantity::current_A:
          require_in_range("shunt_V", value * description_.shunt_Ohm, bench.shunt_V, bench.bench);
          break;
        case Quantity::ntc_degC:
          if (!(value > absolute_zero_degC)) {
            throw BadInput("ntc_degC = " + six_digits(value) + "; accepted: above -273.15");
          }
          require_in_range("ntc_Ohm", ntc_Ohm(description_.ntc, value), bench.ntc_Ohm, bench.bench);
          break;
        case Quantity::supply_V:
          require_in_range("supply_V", value, bench.supply_V, bench.bench);
          break;
        case Quantity::cell_max_V:
        case Quantity::cell_min_V:
        case Quantity::supply_A:
          throw BadInput(std::string(quantity_name(impose->channel.quantity)) +
                         " cannot be imposed; accepted: cell_V, current_A, ntc_degC, supply_V");
      }
    }
  }
  if (const auto* release = std::get_if<Release>(&stimulus)) of_plug_row(asked_row(), release->channel);
  Plant rehearsal = plant_;  // the plant knows its own limits: refused now, not in the middle of a run
  apply_to(rehearsal, stimulus);
}

void Session::at(TimeNs at_ns, const Stimulus& stimulus) {
  if (at_ns < now_ns_) {
    throw BadInput("a stimulus at " + six_digits(to_s(at_ns)) + " s lies in the past; now is " +
                   six_digits(to_s(now_ns_)) + " s");
  }
  require_possible(stimulus);
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(pending_next_));
  pending_next_ = 0;
  const auto where = std::upper_bound(pending_.begin(), pending_.end(), at_ns,
                                      [](TimeNs t_ns, const Pending& item) { return t_ns < item.at_ns; });
  pending_.insert(where, Pending{at_ns, stimulus});
}

void Session::apply(const Stimulus& stimulus) {
  if (const auto* impose = std::get_if<Impose>(&stimulus)) {
    impositions_.start(*impose, now_ns_);
  } else if (const auto* release = std::get_if<Release>(&stimulus)) {
    impositions_.release(release->channel);
  } else if (std::holds_alternative<ReleaseAll>(stimulus)) {
    impositions_.release_all();
  } else if (const auto* button = std::get_if<PressButton>(&stimulus)) {
    button_pressed_ = button->pressed;
  } else if (const auto* byte = std::get_if<SendByte>(&stimulus)) {
    bytes_to_send_.push_back({now_ns_, byte->port, byte->value});
  } else {
    apply_to(plant_, stimulus);
  }
  trace_.append(Event{now_ns_, EventKind::stimulus, 0, 0, 0.0, describe(stimulus)});
}

void Session::fill_plug_row(const std::array<double, tap_count_max>& tap_V, double shunt_V,
                            const std::array<double, ntc_count>& probe_Ohm, double supply_V,
                            std::array<NtcReading, ntc_count>& readings, std::vector<double>& row) const {
  std::size_t i = 0;
  for (; i < static_cast<std::size_t>(terminals_.cell_count); ++i) row[i] = tap_V[i + 1] - tap_V[i];
  row[i++] = shunt_V / description_.shunt_Ohm;
  for (std::size_t n = 0; n < ntc_count; ++n) {
    row[i++] = std::isinf(probe_Ohm[n]) ? absolute_zero_degC : readings[n].degC(description_.ntc, probe_Ohm[n]);
  }
  row[i] = supply_V;
}

void Session::show() {
  plant_.show(terminals_);
  impositions_.apply(now_ns_, description_.shunt_Ohm, description_.ntc, terminals_);
  terminals_.button_pressed = button_pressed_;
  asked_row_filled_ = false;
}

const std::vector<double>& Session::asked_row() const {
  if (!asked_row_filled_) {
    fill_plug_row(terminals_.tap_V, terminals_.shunt_V, terminals_.ntc_Ohm, terminals_.supply_V, asked_probe_,
                  asked_row_);
    asked_row_filled_ = true;
  }
  return asked_row_;
}

void Session::compare_with_asked(const Readback& readback) {
  // The terminal follows what was asked; where it stands at nothing that was asked lately, the rig is at fault.
  const Capabilities& bench = bench_->capabilities();
  const auto cells = static_cast<std::size_t>(terminals_.cell_count);
  const auto tolerance = [&](std::size_t i) {
    const TraceUncertainty& u = trace_.info().uncertainty;
    if (i < cells) return u.cell_V + bench.cell_V.resolution;
    if (i == cells) return u.current_A + bench.shunt_V.resolution / description_.shunt_Ohm;
    if (i < cells + 1 + ntc_count) return u.ntc_degC + bench.ntc_Ohm.resolution * ntc_degC_per_ratio;
    return u.supply_V + bench.supply_V.resolution;
  };
  const std::vector<double>& asked = asked_row();
  asked_range_.add(now_ns_, asked);
  if (rig_fault_) return;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const double room = 1.2 * tolerance(i);
    if (imposed_row_[i] >= asked_range_.low(i) - room && imposed_row_[i] <= asked_range_.high(i) + room) continue;
    rig_fault_ = true;
    trace_.append(Event{readback.at_ns, EventKind::rig_fault, 0, 0, 0.0,
                        "bench '" + bench.bench + "' did not impose " + trace_.group(Role::imposed).columns[i] +
                            ": asked " + six_digits(asked[i]) + ", read back " + six_digits(imposed_row_[i])});
    return;
  }
}

void Session::tick(TimeNs limit_ns) {
  while (pending_next_ < pending_.size() && pending_[pending_next_].at_ns <= now_ns_) {
    apply(pending_[pending_next_++].stimulus);
  }
  if (wire_) wire_->send(now_ns_, bytes_to_send_);
  for (Listener& listener : listeners_) listener.send(now_ns_, bytes_to_send_);
  TimeNs until_ns = std::min(limit_ns, now_ns_ + description_.tick_limit_ns);
  if (wire_) until_ns = std::min(until_ns, wire_->next_ns());
  for (const Listener& listener : listeners_) until_ns = std::min(until_ns, listener.next_ns());
  if (pending_next_ < pending_.size()) until_ns = std::min(until_ns, pending_[pending_next_].at_ns);
  const TimeNs step_limit_ns = plant_.step_limit_ns();
  if (step_limit_ns < until_ns - now_ns_) until_ns = now_ns_ + step_limit_ns;

  show();
  terminals_.bus_bytes = bytes_to_send_;
  bytes_to_send_.clear();
  record_truth();
  const Actions& actions = bench_->exchange(terminals_, until_ns);
  if (actions.until_ns <= now_ns_ || actions.until_ns > until_ns) {
    throw BenchFault("bench '" + bench_->capabilities().bench + "' answered for " + std::to_string(actions.until_ns) +
                     " ns; accepted: after " + std::to_string(now_ns_) + " ns, up to " + std::to_string(until_ns) +
                     " ns");
  }
  record_plug(actions);
  if (watched_.empty()) {
    plant_.advance(actions, actions.until_ns);
  } else {
    const Plant before = plant_;
    plant_.advance(actions, actions.until_ns);
    record_crossings(before, actions);
  }
  now_ns_ = actions.until_ns;
  record_actions(actions);
  trace_.extend(now_ns_);
  ++tick_count_;
}

bool Session::holds(const Condition& condition) const {
  if (const auto* drive = std::get_if<DriveIs>(&condition)) return drive_on(drive->actuator) == drive->on;
  if (const auto* contact = std::get_if<ContactIs>(&condition)) {
    return plant_.contact_closed(contact->contact) == contact->closed;
  }
  if (const auto* beyond = std::get_if<ChannelBeyond>(&condition)) {
    const double value = of_plug_row(asked_row(), beyond->channel);
    return beyond->side == Side::above ? value > beyond->level : value < beyond->level;
  }
  return holds_on_the_wire(condition);
}

RunResult Session::run(TimeNs deadline_ns, const std::optional<Condition>& condition, std::uint64_t tick_count_max) {
  if (condition) holds(*condition);  // refuse an unknown channel before any time passes
  for (std::uint64_t i = 0; i < tick_count_max; ++i) {
    if (condition && holds(*condition)) return RunResult::held;
    if (now_ns_ >= deadline_ns) return RunResult::deadline;
    try {
      tick(deadline_ns);
      if (writer_ && trace_.held() >= trace_held_max) flush_trace();
    } catch (const std::exception& error) {
      // The trace must say why it ends here, and a verdict over it must be ERROR.
      trace_.append(Event{now_ns_, EventKind::rig_fault, 0, 0, 0.0, error.what()});
      make_safe();
      if (writer_) flush_trace();
      throw;
    }
  }
  return RunResult::paused;
}

std::int32_t Session::write_setting(std::uint8_t register_number, std::int32_t value) {
  const std::int32_t reason = bench_->write_setting(register_number, value);
  record_setting(EventKind::setting_write, register_number, reason, value);
  return reason;
}

std::int32_t Session::read_setting(std::uint8_t register_number, std::int32_t& value) {
  const std::int32_t reason = bench_->read_setting(register_number, value);
  record_setting(EventKind::setting_read, register_number, reason, value);
  return reason;
}

std::int32_t Session::load_settings(std::span<const std::uint8_t> frame) { return bench_->load_settings(frame); }

Session Session::fork() const {
  Session copy(description_, plant_, bench_->clone(), drive_on_);
  copy.impositions_ = impositions_;
  copy.pending_.assign(pending_.begin() + static_cast<std::ptrdiff_t>(pending_next_), pending_.end());
  copy.bytes_to_send_ = bytes_to_send_;
  copy.button_pressed_ = button_pressed_;
  copy.wire_ = wire_;
  copy.listeners_ = listeners_;
  copy.asked_range_ = asked_range_;
  copy.supply_A_ = supply_A_;
  copy.watched_ = watched_;
  copy.outside_validity_ = outside_validity_;
  copy.show();
  return copy;
}

}  // namespace packrig
