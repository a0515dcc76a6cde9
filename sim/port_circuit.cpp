#include "sim/port_circuit.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <cmath>
#include <string>

#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr double negligible_loop_s = 1e-6;

// Runge-Kutta: sub-step of the fastest time constant; and where it ends: modes this far apart, or a sub-step this
// short, do not ring.
constexpr double step_share = 0.1;
constexpr double ringing_spread = 200.0;
constexpr double shortest_ringing_step_s = 20e-9;

// Backward Euler: difference between one step and two halves, relative to the state and to the unit beside it.
constexpr double implicit_error = 2e-6;
constexpr double error_unit_V = 1.0;
constexpr double error_unit_A = 10.0;
constexpr TimeNs first_implicit_step_ns = microsecond_ns;

// When a transient counts as over: on the equilibrium to this, far below what an analogue front end resolves.
constexpr double settled_V = 1e-4;
constexpr double settled_A = 1e-3;
constexpr double idle_A = 1e-6;  // an isolated capacitor that discharges with less stands still

constexpr TimeNs comparator_step_ns = 20 * microsecond_ns;
constexpr TimeNs precharge_step_ns = 25 * millisecond_ns;
constexpr const char* regime_names[] = {"isolated", "resistive", "loop"};  // by Regime
constexpr double slow_s = 1.0;                                             // slower transients put no limit to the step

}  // namespace

PortCircuit::PortCircuit(const PortDescription& description) : description_(description) {}

void PortCircuit::begin_transient() {
  quiet_ = false;
  implicit_step_ns_ = first_implicit_step_ns;
}

void PortCircuit::set_contacts(const PortContacts& contacts) {
  if (contacts == contacts_) return;
  contacts_ = contacts;
  const double main_S = contacts.discharge ? 1.0 / description_.discharge_contact_Ohm : 0.0;
  const double precharge_S = contacts.precharge ? 1.0 / description_.precharge_path_Ohm : 0.0;
  path_Ohm_ = 1.0 / (main_S + precharge_S);  // infinite when isolated, where nothing reads it
  begin_transient();
}

void PortCircuit::set_load(const LoadPoint& load) {
  load_ = load;
  load_curve_ = LoadCurve(load);
}

void PortCircuit::set_short_Ohm(double short_Ohm) {
  const double short_S = 1.0 / short_Ohm;
  if (short_S == short_S_) return;
  short_S_ = short_S;
  begin_transient();
}

void PortCircuit::take(const StringSource& source) {
  source_ = source;
  source_.series_Ohm += contacts_.fuse ? description_.fuse_Ohm : description_.blown_fuse_Ohm;
  regime_ = regime();
  if (!quiet_) choose_load();
}

// In a transient a power load counts as the resistor that takes its power at the equilibrium: its regulator is slower
// than the loop. As constant power it would be a negative resistance, and a loop of little damping would ring with it
// for ever. On its capacitor alone it is what it is.
void PortCircuit::choose_load() {
  active_curve_ = load_curve_;
  if (regime_ == Regime::isolated || load_.kind != Load::Kind::power || load_.value <= 0.0) return;
  const double open_V = source_.open_V + source_.series_Ohm * charge_current_A(0.0);
  const double port_V = equilibrium(load_curve_, open_V)->port_V;
  const double current_A = load_curve_.at(port_V).current_A;
  if (current_A <= 0.0) return;
  active_curve_ = LoadCurve(LoadPoint{.kind = Load::Kind::resistance, .value = port_V / current_A});
}

PortCircuit::Regime PortCircuit::regime() const {
  if (!contacts_.discharge && !contacts_.precharge) return Regime::isolated;
  return description_.loop_H < negligible_loop_s * loop_Ohm() ? Regime::resistive : Regime::loop;
}

double PortCircuit::charge_path_Ohm() const { return charger_.output_Ohm + description_.charge_contact_Ohm; }

// With the charger conducting, E - Rs (i - c) = cv - Rc c; it neither sinks nor exceeds its limit.
double PortCircuit::charge_current_A(double loop_A) const {
  if (!contacts_.charge || !charger_.connected) return 0.0;
  const double wanted_A =
      (charger_.cv_V - source_.open_V + source_.series_Ohm * loop_A) / (source_.series_Ohm + charge_path_Ohm());
  return std::clamp(wanted_A, 0.0, charger_.cc_A);
}

LoadCurrent PortCircuit::port_current(const LoadCurve& load, double port_V) const {
  LoadCurrent current = load.at(port_V);
  current.current_A += short_S_ * port_V;
  current.slope_S += short_S_;
  return current;
}

// bus_V(i) - (path + inductor) i + inductor_V = port_V: three straight pieces, of which the charger's state picks one.
LoopCurve PortCircuit::loop_curve(double inductor_Ohm, double inductor_V) const {
  const double string_Ohm = source_.series_Ohm;
  const double after_bus_Ohm = path_Ohm_ + inductor_Ohm;
  const double alone_Ohm = string_Ohm + after_bus_Ohm;
  const double alone_V = source_.open_V + inductor_V;
  const bool isolated = regime_ == Regime::isolated;
  LoopCurve curve = isolated ? LoopCurve() : LoopCurve(alone_V, alone_Ohm);
  if (isolated || !contacts_.charge || !charger_.connected) return curve;
  const double charge_Ohm = charge_path_Ohm();
  const double both_Ohm = string_Ohm + charge_Ohm;
  const double begin_A = (source_.open_V - charger_.cv_V) / string_Ohm;  // of the loop, where the charger joins in
  const double full_A = begin_A + charger_.cc_A * both_Ohm / string_Ohm;
  const double both_V = (source_.open_V * charge_Ohm + charger_.cv_V * string_Ohm) / both_Ohm;
  const double full_V = alone_V + string_Ohm * charger_.cc_A;
  curve.extend_downwards(alone_V - alone_Ohm * begin_A, both_V + inductor_V,
                         string_Ohm * charge_Ohm / both_Ohm + after_bus_Ohm);
  curve.extend_downwards(full_V - alone_Ohm * full_A, full_V, alone_Ohm);
  return curve;
}

// None only for an isolated capacitor that still feeds its load.
std::optional<PortCircuit::Equilibrium> PortCircuit::equilibrium(const LoadCurve& load, double port_V) const {
  if (regime_ == Regime::isolated) {
    if (std::fabs(port_current(load, port_V).current_A) > idle_A) return std::nullopt;
    return Equilibrium{0.0, port_V};
  }
  const LoopCurve curve = loop_curve(0.0, 0.0);
  const double balance_V = balanced_port_V(curve, load, {.short_S = short_S_}, port_V);
  // Of the two that meet there, the flatter one gives the current to the last digit.
  const LoadCurrent current = port_current(load, balance_V);
  const bool steep = std::fabs(current.slope_S) * loop_Ohm() > 1.0;
  return Equilibrium{steep ? curve.current_A(balance_V) : current.current_A, balance_V};
}

bool PortCircuit::settled(const Equilibrium& target) const {
  return std::fabs(state_[port] - target.port_V) < settled_V &&
         std::fabs(state_[loop] - target.loop_A) < settled_A + 1e-6 * std::fabs(target.loop_A);
}

// Whether a power load locks out, or comes back, on the way to `target`.
bool PortCircuit::locks(const Equilibrium& target) const {
  return load_.kind == Load::Kind::power && load_.value > 0.0 &&
         (state_[port] < load_.lockout_V) != (target.port_V < load_.lockout_V) && !settled(target);
}

void PortCircuit::stand_on(const Equilibrium& target) {
  state_[loop] = target.loop_A;
  state_[port] = target.port_V;
}

// What the regime makes a function of the other state, and what follows from both.
void PortCircuit::follow() {
  if (regime_ == Regime::isolated) state_[loop] = 0.0;
  if (regime_ == Regime::resistive && !quiet_) state_[loop] = loop_curve(0.0, 0.0).current_A(state_[port]);
  charge_A_ = charge_current_A(state_[loop]);
  bus_V_ = source_.open_V - source_.series_Ohm * (state_[loop] - charge_A_);
}

void PortCircuit::settle(const StringSource& source) {
  take(source);
  if (quiet_) {
    const std::optional<Equilibrium> target = equilibrium(load_curve_, state_[port]);
    if (target && !locks(*target)) {
      stand_on(*target);
    } else {
      begin_transient();
      choose_load();
    }
  }
  follow();
}

PortCircuit::State PortCircuit::rate(const State& state) const {
  const double loop_A = state[loop];
  const double bus_A = loop_A - charge_current_A(loop_A);
  const double bus_V = source_.open_V - source_.series_Ohm * bus_A;
  return {(bus_V - path_Ohm_ * loop_A - state[port]) / description_.loop_H,
          (loop_A - port_current(active_curve_, state[port]).current_A) / description_.load_F, bus_A, bus_A * bus_A};
}

// 0 where nothing rings. Of the two modes, the sum of all rates bounds the faster one, and their product is known. The
// load counts as steep as it is anywhere that a ring of this energy around `target` reaches.
double PortCircuit::ringing_step_s(const Equilibrium& target) const {
  if (regime_ != Regime::loop) return 0.0;
  const double surge_Ohm = std::sqrt(description_.loop_H / description_.load_F);
  const double reach_V = std::fabs(state_[port] - target.port_V) + surge_Ohm * std::fabs(state_[loop] - target.loop_A);
  const double steepest_S = short_S_ + active_curve_.steepest_S(target.port_V - reach_V, target.port_V + reach_V);
  const double ring_Hz = 1.0 / (surge_Ohm * description_.load_F);
  const double fastest_Hz = loop_Ohm() / description_.loop_H + steepest_S / description_.load_F + ring_Hz;
  const double load_S = std::max(port_current(active_curve_, state_[port]).slope_S, 0.0);
  const double product_Hz2 = (1.0 + loop_Ohm() * load_S) * ring_Hz * ring_Hz;
  const double step_s = step_share / fastest_Hz;
  const bool rings = step_s >= shortest_ringing_step_s && fastest_Hz * fastest_Hz < ringing_spread * product_Hz2;
  return rings ? step_s : 0.0;
}

void PortCircuit::ring(double dt_s) {
  boost::numeric::odeint::runge_kutta4<State> stepper;
  stepper.do_step([this](const State& state, State& derivative, double) { derivative = rate(state); }, state_, 0.0,
                  dt_s);
}

// One step of backward Euler. Integrals count from 0.
PortCircuit::State PortCircuit::implicit(const State& from, double dt_s) const {
  const double inductor_Ohm = regime_ == Regime::loop ? description_.loop_H / dt_s : 0.0;
  const LoopCurve curve = loop_curve(inductor_Ohm, inductor_Ohm * from[loop]);
  const PortShunt shunt{.short_S = short_S_, .hold_S = description_.load_F / dt_s, .hold_V = from[port]};
  const double port_V = balanced_port_V(curve, active_curve_, shunt, from[port]);
  const double loop_A = curve.current_A(port_V);
  const double bus_A = loop_A - charge_current_A(loop_A);
  return {loop_A, port_V, bus_A * dt_s, bus_A * bus_A * dt_s};
}

// Returns the time taken, and leaves the step that the error allows next.
TimeNs PortCircuit::stepped_implicitly_ns(TimeNs limit_ns) {
  TimeNs step_ns = std::min(implicit_step_ns_, limit_ns);
  for (;; ++sub_steps_) {
    const double dt_s = to_s(step_ns);
    const State whole = implicit(state_, dt_s);
    const State first = implicit(state_, 0.5 * dt_s);
    const State second = implicit(first, 0.5 * dt_s);
    double error = std::fabs(second[port] - whole[port]) / (error_unit_V + std::fabs(second[port]));
    if (regime_ == Regime::loop) {
      error = std::max(error, std::fabs(second[loop] - whole[loop]) / (error_unit_A + std::fabs(second[loop])));
    }
    const double growth = std::clamp(0.9 * std::sqrt(implicit_error / std::max(error, 1e-30)), 0.1, 4.0);
    const auto wished_ns = static_cast<TimeNs>(std::min(growth * static_cast<double>(step_ns), 1e18));
    const bool accurate = error <= implicit_error;
    if (!accurate && step_ns > 1) {
      step_ns = std::max<TimeNs>(wished_ns, 1);
      continue;
    }
    // A step that had to be short says nothing against the longer one before it.
    implicit_step_ns_ = std::max<TimeNs>(accurate ? std::max(wished_ns, implicit_step_ns_) : wished_ns, 1);
    if (accurate) {
      for (const std::size_t k : {loop, port}) state_[k] = 2.0 * second[k] - whole[k];
    } else {
      for (const std::size_t k : {loop, port}) state_[k] = second[k];
    }
    state_[carried_C] += 2.0 * (first[carried_C] + second[carried_C]) - whole[carried_C];
    state_[heat_A2s] += std::max(2.0 * (first[heat_A2s] + second[heat_A2s]) - whole[heat_A2s], 0.0);
    return step_ns;
  }
}

Carried PortCircuit::advance(const StringSource& source, TimeNs limit_ns, double heat_limit_A2s) {
  sub_steps_ = 0;
  take(source);
  if (quiet_) return {limit_ns, bus_A(), bus_A() * bus_A()};
  state_[carried_C] = 0.0;
  state_[heat_A2s] = 0.0;
  TimeNs taken_ns = 0;
  std::optional<Equilibrium> target = equilibrium(active_curve_, state_[port]);
  do {
    const TimeNs left_ns = limit_ns - taken_ns;
    const double ringing_ns = target ? 1e9 * ringing_step_s(*target) : 0.0;
    if (ringing_ns > 0.0) {
      const TimeNs step_ns = ringing_ns < static_cast<double>(left_ns) ? static_cast<TimeNs>(ringing_ns) : left_ns;
      ring(to_s(step_ns));
      taken_ns += step_ns;
    } else {
      taken_ns += stepped_implicitly_ns(left_ns);
    }
    follow();
    target = equilibrium(active_curve_, state_[port]);
    quiet_ = target && settled(*target);
    if (quiet_) stand_on(*target);
    if (++sub_steps_ > sub_step_budget) {
      throw NumericFault("the load port does not come to rest in the regime " +
                         std::string(regime_names[static_cast<std::size_t>(regime_)]) + ": port_V is " +
                         shown(state_[port]) + ", loop_A is " + shown(state_[loop]));
    }
  } while (taken_ns < limit_ns && !quiet_ && state_[heat_A2s] <= heat_limit_A2s);
  const double dt_s = to_s(taken_ns);
  return {taken_ns, state_[carried_C] / dt_s, state_[heat_A2s] / dt_s};
}

TimeNs PortCircuit::step_limit_ns() const {
  if (quiet_ || regime_ == Regime::isolated) return never_ns;
  if (contacts_.discharge && regime_ == Regime::loop) return comparator_step_ns;
  const double time_constant_s = loop_Ohm() * description_.load_F;
  if (time_constant_s > slow_s) return never_ns;
  return std::clamp(from_s(0.1 * time_constant_s), comparator_step_ns, precharge_step_ns);
}

double PortCircuit::load_A() const {
  return port_current(quiet_ ? load_curve_ : active_curve_, state_[port]).current_A;
}

double PortCircuit::charge_port_V() const {
  if (contacts_.charge) return bus_V_ + description_.charge_contact_Ohm * charge_A_;
  return charger_.connected ? charger_.cv_V : 0.0;
}

double PortCircuit::discharge_contact_A() const {
  return contacts_.discharge ? state_[loop] * path_Ohm_ / description_.discharge_contact_Ohm : 0.0;
}

double PortCircuit::precharge_contact_A() const {
  return contacts_.precharge ? state_[loop] * path_Ohm_ / description_.precharge_path_Ohm : 0.0;
}

double PortCircuit::discharge_inrush_A() const {
  const double step_V = bus_V_ - state_[port];
  const double resistance_Ohm = source_.series_Ohm + description_.discharge_contact_Ohm;
  if (short_S_ > 0.0) return step_V / (resistance_Ohm + 1.0 / short_S_);
  return step_V / std::max(resistance_Ohm, std::sqrt(description_.loop_H / description_.load_F));
}

double PortCircuit::precharge_inrush_A() const {
  return (bus_V_ - state_[port]) / (source_.series_Ohm + description_.precharge_path_Ohm);
}

double PortCircuit::charge_inrush_A() const {
  PortCircuit after = *this;
  after.contacts_.charge = true;
  return after.charge_current_A(state_[loop]);
}

}  // namespace packrig
