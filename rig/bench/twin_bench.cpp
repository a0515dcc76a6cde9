#include "rig/bench/twin_bench.hpp"

#include <algorithm>
#include <cmath>

#include "models/errors.hpp"
#include "models/math/elementary.hpp"
#include "rig/fault.hpp"

namespace packrig {

namespace {

// While an output settles, the board is shown a new value this often.
constexpr TimeNs settling_step_ns = millisecond_ns / 4;
// After this many time constants a first-order output is within 5e-5 of its step.
constexpr int settling_tau_count = 10;

double quantised(double value, double resolution) { return std::floor(value / resolution + 0.5) * resolution; }

bool same_set_points(const Terminals& a, const Terminals& b) {
  return a.tap_V == b.tap_V && a.shunt_V == b.shunt_V && a.ntc_Ohm == b.ntc_Ohm && a.supply_V == b.supply_V &&
         a.charge_port_V == b.charge_port_V && a.load_port_V == b.load_port_V &&
         a.charger_plugged == b.charger_plugged && a.button_pressed == b.button_pressed &&
         a.charge_feedback == b.charge_feedback && a.discharge_feedback == b.discharge_feedback &&
         a.board_degC == b.board_degC;
}

void require_positive(const char* name, double value) {
  if (!(value > 0.0)) throw BadInput(std::string(name) + " = " + std::to_string(value) + "; accepted: above 0");
}

void require_not_negative(const char* name, double value) {
  if (!(value >= 0.0)) throw BadInput(std::string(name) + " = " + std::to_string(value) + "; accepted: 0 or above");
}

Capabilities capabilities_of(const InstrumentDescription& instrument) {
  Capabilities can;
  can.bench = "twin";
  can.cell_V = {0.0, 5.0, instrument.cell_resolution_V, instrument.cell_uncertainty_V};
  can.shunt_V = {-0.1, 0.1, instrument.shunt_resolution_V, instrument.shunt_uncertainty_V};
  can.ntc_Ohm = {100.0, 1e6, instrument.ntc_resolution_ratio, instrument.ntc_uncertainty_ratio};
  can.supply_V = {0.0, 120.0, instrument.supply_resolution_V, instrument.supply_uncertainty_V};
  can.supply_A = {-0.02, 0.02, instrument.supply_resolution_A, instrument.supply_uncertainty_A};
  can.setpoint_latency_ns = instrument.latency_ns + instrument.latency_jitter_ns +
                            settling_tau_count * instrument.settling_tau_ns + 2 * instrument.pace_ns;
  can.pace_ns = instrument.pace_ns;
  can.readback_stamp_ns = 0;  // the gap between two readbacks is in the samples themselves
  can.edge_stamp_ns = instrument.edge_stamp_ns;
  can.exact_time = false;
  can.forks = true;
  can.short_circuit = false;
  return can;
}

}  // namespace

TwinBench::TwinBench(std::unique_ptr<Bench> board, const InstrumentDescription& instrument, std::uint64_t seed)
    : board_(std::move(board)),
      instrument_(instrument),
      capabilities_(capabilities_of(instrument)),
      random_(seed, 0x7477696eU) {
  require_positive("latency_ns", static_cast<double>(instrument.latency_ns));
  require_positive("pace_ns", static_cast<double>(instrument.pace_ns));
  require_positive("settling_tau_ns", static_cast<double>(instrument.settling_tau_ns));
  require_positive("edge_stamp_ns", static_cast<double>(instrument.edge_stamp_ns));
  require_positive("cell_resolution_V", instrument.cell_resolution_V);
  require_positive("shunt_resolution_V", instrument.shunt_resolution_V);
  require_positive("ntc_resolution_ratio", instrument.ntc_resolution_ratio);
  require_positive("supply_resolution_V", instrument.supply_resolution_V);
  require_positive("supply_resolution_A", instrument.supply_resolution_A);
  require_not_negative("latency_jitter_ns", static_cast<double>(instrument.latency_jitter_ns));
  require_not_negative("cell_uncertainty_V", instrument.cell_uncertainty_V);
  require_not_negative("shunt_uncertainty_V", instrument.shunt_uncertainty_V);
  require_not_negative("ntc_uncertainty_ratio", instrument.ntc_uncertainty_ratio);
  require_not_negative("supply_uncertainty_V", instrument.supply_uncertainty_V);
  require_not_negative("supply_uncertainty_A", instrument.supply_uncertainty_A);
  if (instrument.fault_cell < 1 || instrument.fault_cell > cell_count_max) {
    throw BadInput("fault_cell = " + std::to_string(instrument.fault_cell) + "; accepted: 1 .. " +
                   std::to_string(cell_count_max));
  }
  // A calibrated instrument lies within its uncertainty with some room.
  const auto draw = [&](double uncertainty) { return (2.0 * random_.uniform() - 1.0) * 0.8 * uncertainty; };
  for (double& error : cell_error_V_) error = draw(instrument.cell_uncertainty_V);
  shunt_error_V_ = draw(instrument.shunt_uncertainty_V);
  for (double& error : ntc_error_ratio_) error = draw(instrument.ntc_uncertainty_ratio);
  supply_error_V_ = draw(instrument.supply_uncertainty_V);
  supply_error_A_ = draw(instrument.supply_uncertainty_A);
}

TwinBench::TwinBench(const TwinBench& other)
    : Bench(other),
      board_(other.board_->clone()),
      instrument_(other.instrument_),
      capabilities_(other.capabilities_),
      random_(other.random_),
      cell_error_V_(other.cell_error_V_),
      shunt_error_V_(other.shunt_error_V_),
      ntc_error_ratio_(other.ntc_error_ratio_),
      supply_error_V_(other.supply_error_V_),
      supply_error_A_(other.supply_error_A_),
      commands_(other.commands_),
      last_command_(other.last_command_),
      target_(other.target_),
      output_(other.output_),
      actions_(other.actions_),
      now_ns_(other.now_ns_),
      command_free_ns_(other.command_free_ns_),
      started_(other.started_),
      safe_(other.safe_) {}

std::unique_ptr<Bench> TwinBench::clone() const { return std::unique_ptr<Bench>(new TwinBench(*this)); }

void TwinBench::queue(const Terminals& terminals) {
  // One command per pace: a plant in a transient asks for more than a bus carries, and only the newest counts.
  if (started_ && (now_ns_ < command_free_ns_ || same_set_points(terminals, last_command_))) return;
  last_command_ = terminals;
  command_free_ns_ = now_ns_ + instrument_.pace_ns;
  Command command;
  command.terminals = terminals;
  command.terminals.bus_bytes.clear();
  command.due_ns = now_ns_;
  if (started_) {
    const double jitter = random_.uniform() * static_cast<double>(instrument_.latency_jitter_ns);
    command.due_ns += instrument_.latency_ns + static_cast<TimeNs>(jitter);
    // Commands queue in the instrument: a later one never overtakes.
    if (!commands_.empty()) command.due_ns = std::max(command.due_ns, (commands_.end() - 1)->due_ns);
  }
  if (commands_.full()) throw BenchFault("twin: more than 16 set-points on their way; the pace is below the latency");
  commands_.push_back(command);
}

void TwinBench::apply_due_commands() {
  std::size_t due = 0;
  while (due < commands_.size() && commands_[due].due_ns <= now_ns_) ++due;
  if (due == 0) return;
  target_ = commands_[due - 1].terminals;
  BoundedList<Command, 16> rest;
  for (std::size_t i = due; i < commands_.size(); ++i) rest.push_back(commands_[i]);
  commands_ = rest;

  const auto cells = static_cast<std::size_t>(target_.cell_count);
  std::array<double, cell_count_max> cell_V{};
  for (std::size_t k = 0; k < cells; ++k) cell_V[k] = target_.tap_V[k + 1] - target_.tap_V[k];
  if (faulty()) {
    const auto k = static_cast<std::size_t>(instrument_.fault_cell - 1);
    if (instrument_.fault == InstrumentFault::stuck_cell && started_)
      cell_V[k] = output_.tap_V[k + 1] - output_.tap_V[k];
    if (instrument_.fault == InstrumentFault::swapped_cells) std::swap(cell_V[k], cell_V[(k + 1) % cells]);
  }
  target_.tap_V[0] = 0.0;
  for (std::size_t k = 0; k < cells; ++k) {
    target_.tap_V[k + 1] = target_.tap_V[k] + quantised(cell_V[k], instrument_.cell_resolution_V);
  }
  target_.shunt_V = quantised(target_.shunt_V, instrument_.shunt_resolution_V);
  target_.supply_V = quantised(target_.supply_V, instrument_.supply_resolution_V);
  for (double& ohm : target_.ntc_Ohm) {
    // Steps of a ratio: evenly spaced logarithms.
    if (ohm > 0.0 && std::isfinite(ohm)) ohm = math::exp(quantised(math::log(ohm), instrument_.ntc_resolution_ratio));
  }
  if (!started_) output_ = target_;
}

bool TwinBench::settled() const {
  if (std::fabs(target_.shunt_V - output_.shunt_V) > 0.1 * instrument_.shunt_resolution_V) return false;
  for (std::size_t k = 0; k < tap_count_max; ++k) {
    if (std::fabs(target_.tap_V[k] - output_.tap_V[k]) > 0.1 * instrument_.cell_resolution_V) return false;
  }
  return std::fabs(target_.supply_V - output_.supply_V) <= 0.1 * instrument_.supply_resolution_V;
}

void TwinBench::move_outputs(TimeNs dt_ns) {
  // Relays and resistor decades switch; sources settle.
  Terminals moved = target_;
  if (!settled()) {
    const double left = math::exp(-static_cast<double>(dt_ns) / static_cast<double>(instrument_.settling_tau_ns));
    for (std::size_t k = 0; k < tap_count_max; ++k) {
      moved.tap_V[k] = target_.tap_V[k] + (output_.tap_V[k] - target_.tap_V[k]) * left;
    }
    moved.shunt_V = target_.shunt_V + (output_.shunt_V - target_.shunt_V) * left;
    moved.supply_V = target_.supply_V + (output_.supply_V - target_.supply_V) * left;
  }
  output_ = moved;
}

void TwinBench::collect(const Actions& inner, TimeNs from_ns) {
  for (Edge edge : inner.edges) {
    edge.at_ns = std::max(from_ns, edge.at_ns / instrument_.edge_stamp_ns * instrument_.edge_stamp_ns);
    actions_.edges.push_back(edge);
  }
  for (const BusByte& byte : inner.bus_bytes) actions_.bus_bytes.push_back(byte);
  actions_.drive_on = inner.drive_on;
}

void TwinBench::read_back() {
  Readback& readback = actions_.readback;
  readback.at_ns = now_ns_;
  readback.settled = settled();
  readback.valid = !(faulty() && instrument_.fault == InstrumentFault::dead_readback);
  readback.tap_V[0] = 0.0;
  for (std::size_t k = 0; k < static_cast<std::size_t>(output_.cell_count); ++k) {
    readback.tap_V[k + 1] = readback.tap_V[k] + (output_.tap_V[k + 1] - output_.tap_V[k]) + cell_error_V_[k];
  }
  readback.shunt_V = output_.shunt_V + shunt_error_V_;
  for (std::size_t k = 0; k < ntc_count; ++k) readback.ntc_Ohm[k] = output_.ntc_Ohm[k] * (1.0 + ntc_error_ratio_[k]);
  readback.supply_V = output_.supply_V + supply_error_V_;
  readback.supply_A = quantised(actions_.supply_A + supply_error_A_, instrument_.supply_resolution_A);
}

const Actions& TwinBench::exchange(const Terminals& terminals, TimeNs until_ns) {
  if (faulty() && instrument_.fault == InstrumentFault::dead_instrument) {
    throw BenchFault("twin: the battery simulator does not answer (no reply within " +
                     std::to_string(instrument_.pace_ns / millisecond_ns) + " ms)");
  }
  const TimeNs from_ns = now_ns_;
  const TimeNs reached_ns = std::min(until_ns, from_ns + instrument_.pace_ns);
  actions_.edges.clear();
  actions_.bus_bytes.clear();
  actions_.balance_A.fill(0.0);
  actions_.supply_A = 0.0;
  actions_.balance_W = 0.0;
  while (now_ns_ < reached_ns) {
    queue(terminals);
    apply_due_commands();
    started_ = true;
    // Bytes take no instrument's way: they reach the board at once, and only once.
    if (now_ns_ == from_ns) output_.bus_bytes = terminals.bus_bytes;
    TimeNs step_until_ns = reached_ns;
    if (!commands_.empty()) step_until_ns = std::min(step_until_ns, commands_[0].due_ns);
    if (now_ns_ < command_free_ns_) step_until_ns = std::min(step_until_ns, command_free_ns_);
    if (!settled()) step_until_ns = std::min(step_until_ns, now_ns_ + settling_step_ns);
    const Actions& inner = board_->exchange(output_, step_until_ns);
    const TimeNs dt_ns = inner.until_ns - now_ns_;
    const double part = static_cast<double>(dt_ns) / static_cast<double>(reached_ns - from_ns);
    for (std::size_t k = 0; k < tap_count_max; ++k) actions_.balance_A[k] += part * inner.balance_A[k];
    actions_.supply_A += part * inner.supply_A;
    actions_.balance_W += part * inner.balance_W;
    collect(inner, from_ns);
    move_outputs(dt_ns);
    now_ns_ = inner.until_ns;
  }
  actions_.until_ns = reached_ns;
  read_back();
  return actions_;
}

std::int32_t TwinBench::write_setting(std::uint8_t register_number, std::int32_t value) {
  return board_->write_setting(register_number, value);
}

std::int32_t TwinBench::read_setting(std::uint8_t register_number, std::int32_t& value) {
  return board_->read_setting(register_number, value);
}

std::int32_t TwinBench::load_settings(std::span<const std::uint8_t> frame) { return board_->load_settings(frame); }

void TwinBench::make_safe() noexcept {
  // Every output to zero, without waiting for the queue; the twin of opening the instruments' output relays.
  if (safe_) return;
  safe_ = true;
  commands_.clear();
  const int cell_count = output_.cell_count;
  output_ = Terminals();
  output_.cell_count = cell_count;
  target_ = output_;
  board_->make_safe();
}

}  // namespace packrig
