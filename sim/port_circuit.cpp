#include "sim/port_circuit.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <cmath>

namespace packrig {
namespace {

constexpr double negligible_loop_s = 1e-6;
constexpr double negligible_capacitor_share = 1.0 / 200.0;  // of the loop's time constant
constexpr double step_share = 0.1;                          // sub-step of Runge-Kutta, of the fastest time constant

// When a transient counts as over: on the equilibrium to this, far below what an analogue front end resolves.
constexpr double settled_V = 1e-4;
constexpr double settled_A = 1e-3;
constexpr double idle_A = 1e-6;  // an isolated capacitor that discharges with less stands still

constexpr TimeNs comparator_step_ns = 20 * microsecond_ns;
constexpr TimeNs precharge_step_ns = 25 * millisecond_ns;
constexpr double slow_s = 1.0;  // slower transients put no limit to the step

constexpr int newton_sweeps = 12;
constexpr double newton_V = 1e-8;

}  // namespace

PortCircuit::PortCircuit(const PortDescription& description) : description_(description) {}

void PortCircuit::set_contacts(const PortContacts& contacts) {
  if (contacts == contacts_) return;
  contacts_ = contacts;
  const double main_S = contacts.discharge ? 1.0 / description_.discharge_contact_Ohm : 0.0;
  const double precharge_S = contacts.precharge ? 1.0 / description_.precharge_path_Ohm : 0.0;
  path_Ohm_ = 1.0 / (main_S + precharge_S);  // infinite when isolated, where nothing reads it
  quiet_ = false;
}

void PortCircuit::set_short_Ohm(double short_Ohm) {
  const double short_S = 1.0 / short_Ohm;
  if (short_S == short_S_) return;
  short_S_ = short_S;
  quiet_ = false;
}

void PortCircuit::take(const StringSource& source) {
  source_ = source;
  source_.series_Ohm += contacts_.fuse ? description_.fuse_Ohm : description_.blown_fuse_Ohm;
  regime_ = regime();
  choose_load();
}

// In a transient a power load counts as the resistor that takes its power at the equilibrium: its regulator is slower
// than the loop. As constant power it would be a negative resistance, and a loop of little damping would ring with it
// for ever. Where there is no such equilibrium, and on its capacitor alone, it is what it is.
void PortCircuit::choose_load() {
  active_load_ = load_;
  if (quiet_ || regime_ == Regime::isolated || load_.kind != Load::Kind::power || load_.value <= 0.0) return;
  const std::optional<Equilibrium> target = equilibrium(bus_voltage_V(0.0));
  if (!target || target->port_V < load_.lockout_V) return;
  active_load_.kind = Load::Kind::resistance;
  active_load_.value = target->port_V * target->port_V / load_.value;
}

PortCircuit::Regime PortCircuit::regime() const {
  if (!contacts_.discharge && !contacts_.precharge) return Regime::isolated;
  const double loop_Ohm = source_.series_Ohm + path_Ohm_;
  if (description_.loop_H < negligible_loop_s * loop_Ohm) return Regime::resistive;
  const double port_S = short_S_ + (load_.kind == Load::Kind::resistance ? 1.0 / load_.value : 0.0);
  const double shorted_s = description_.loop_H * port_S / (loop_Ohm * port_S + 1.0);
  const bool shorted = description_.load_F < negligible_capacitor_share * shorted_s * port_S;
  return shorted ? Regime::shorted : Regime::loop;
}

double PortCircuit::charge_path_Ohm() const { return charger_.output_Ohm + description_.charge_contact_Ohm; }

// With the charger conducting, E - Rs (i - c) = cv - Rc c; it neither sinks nor exceeds its limit.
double PortCircuit::charge_current_A(double loop_A) const {
  if (!contacts_.charge || !charger_.connected) return 0.0;
  const double wanted_A =
      (charger_.cv_V - source_.open_V + source_.series_Ohm * loop_A) / (source_.series_Ohm + charge_path_Ohm());
  return std::clamp(wanted_A, 0.0, charger_.cc_A);
}

double PortCircuit::bus_voltage_V(double loop_A) const {
  return source_.open_V - source_.series_Ohm * (loop_A - charge_current_A(loop_A));
}

// -d bus_V / d loop_A: the charger lowers it only while it regulates voltage.
double PortCircuit::bus_slope_Ohm(double loop_A) const {
  const double charge_A = charge_current_A(loop_A);
  if (charge_A <= 0.0 || charge_A >= charger_.cc_A) return source_.series_Ohm;
  return source_.series_Ohm * charge_path_Ohm() / (source_.series_Ohm + charge_path_Ohm());
}

LoadCurrent PortCircuit::port_current(double port_V) const {
  LoadCurrent current = load_current(active_load_, port_V);
  current.current_A += short_S_ * port_V;
  current.slope_S += short_S_;
  return current;
}

// bus_V(i) - path i = port_V: three straight pieces, of which the charger's state picks one.
double PortCircuit::resistive_loop_A(double port_V) const {
  const double loop_Ohm = source_.series_Ohm + path_Ohm_;
  const double alone_A = (source_.open_V - port_V) / loop_Ohm;
  if (charge_current_A(alone_A) <= 0.0) return alone_A;
  const double full_A = (source_.open_V + source_.series_Ohm * charger_.cc_A - port_V) / loop_Ohm;
  if (charge_current_A(full_A) >= charger_.cc_A) return full_A;
  const double charge_Ohm = charge_path_Ohm();
  const double both_Ohm = source_.series_Ohm + charge_Ohm;
  const double both_V = (source_.open_V * charge_Ohm + charger_.cv_V * source_.series_Ohm) / both_Ohm;
  return (both_V - port_V) / (source_.series_Ohm * charge_Ohm / both_Ohm + path_Ohm_);
}

// port_current(v) = loop_A; the short's conductance dominates, so a few sweeps are exact.
double PortCircuit::shorted_port_V(double loop_A, double start_V) const {
  double port_V = start_V;
  for (int sweep = 0; sweep < 4; ++sweep) {
    const LoadCurrent current = port_current(port_V);
    port_V -= (current.current_A - loop_A) / current.slope_S;
  }
  return port_V;
}

std::optional<PortCircuit::Equilibrium> PortCircuit::equilibrium(double port_V) const {
  if (regime_ == Regime::isolated) {
    if (std::fabs(port_current(port_V).current_A) > idle_A) return std::nullopt;
    return Equilibrium{0.0, port_V};
  }
  for (int sweep = 0; sweep < newton_sweeps; ++sweep) {
    const LoadCurrent load = port_current(port_V);
    const double residual_V = bus_voltage_V(load.current_A) - path_Ohm_ * load.current_A - port_V;
    const double slope = 1.0 + (bus_slope_Ohm(load.current_A) + path_Ohm_) * load.slope_S;
    if (!(slope > 0.0)) return std::nullopt;  // beyond the most power that the source can give
    const double change_V = residual_V / slope;
    port_V += change_V;
    if (std::fabs(change_V) < newton_V) return Equilibrium{port_current(port_V).current_A, port_V};
  }
  return std::nullopt;
}

bool PortCircuit::settled(const Equilibrium& target) const {
  return std::fabs(state_[port] - target.port_V) < settled_V &&
         std::fabs(state_[loop] - target.loop_A) < settled_A + 1e-6 * std::fabs(target.loop_A);
}

// What the regime makes a function of the other state, and what follows from both.
void PortCircuit::follow() {
  if (regime_ == Regime::isolated) state_[loop] = 0.0;
  if (regime_ == Regime::resistive) state_[loop] = resistive_loop_A(state_[port]);
  if (regime_ == Regime::shorted) state_[port] = shorted_port_V(state_[loop], state_[port]);
  charge_A_ = charge_current_A(state_[loop]);
  bus_V_ = source_.open_V - source_.series_Ohm * (state_[loop] - charge_A_);
}

void PortCircuit::settle(const StringSource& source) {
  take(source);
  if (!quiet_) follow();
  const std::optional<Equilibrium> target = equilibrium(state_[port]);
  if (target && (quiet_ || settled(*target))) {
    quiet_ = true;
    active_load_ = load_;
    state_[loop] = target->loop_A;
    state_[port] = target->port_V;
  } else if (quiet_) {
    quiet_ = false;
  }
  if (regime_ == Regime::isolated) state_[loop] = 0.0;
  charge_A_ = charge_current_A(state_[loop]);
  bus_V_ = source_.open_V - source_.series_Ohm * (state_[loop] - charge_A_);
}

PortCircuit::State PortCircuit::rate(const State& state) const {
  double loop_A = state[loop];
  double port_V = state[port];
  if (regime_ == Regime::resistive) loop_A = resistive_loop_A(port_V);
  if (regime_ == Regime::shorted) port_V = shorted_port_V(loop_A, port_V);
  const double charge_A = charge_current_A(loop_A);
  const double bus_A = loop_A - charge_A;
  State rate{0.0, 0.0, bus_A, bus_A * bus_A};
  if (regime_ == Regime::loop || regime_ == Regime::shorted) {
    const double bus_V = source_.open_V - source_.series_Ohm * bus_A;
    rate[loop] = (bus_V - path_Ohm_ * loop_A - port_V) / description_.loop_H;
  }
  if (regime_ != Regime::shorted) {
    rate[port] = (loop_A - port_current(port_V).current_A) / description_.load_F;
  }
  return rate;
}

// Upper bound of what the states' time constants can be.
double PortCircuit::fastest_rate_Hz() const {
  const LoadCurrent load = port_current(state_[port]);
  const double secant_S = std::fabs(load.current_A) / std::max(std::fabs(state_[port]), settled_V);
  const double load_Hz = std::max(std::fabs(load.slope_S), secant_S) / description_.load_F;
  const double loop_Ohm = source_.series_Ohm + path_Ohm_;
  const double loop_Hz = loop_Ohm / description_.loop_H;
  switch (regime_) {
    case Regime::isolated:
      return load_Hz;
    case Regime::resistive: {
      const bool charging = contacts_.charge && charger_.connected;
      const double bus_Ohm = charging ? std::min(source_.series_Ohm, charge_path_Ohm()) : source_.series_Ohm;
      return load_Hz + 1.0 / ((bus_Ohm + path_Ohm_) * description_.load_F);
    }
    case Regime::loop:
      return loop_Hz + load_Hz + 1.0 / std::sqrt(description_.loop_H * description_.load_F);
    case Regime::shorted:
      return loop_Hz + 1.0 / (load.slope_S * description_.loop_H);
  }
  return 0.0;
}

void PortCircuit::integrate(double dt_s) {
  boost::numeric::odeint::runge_kutta4<State> stepper;
  stepper.do_step([this](const State& state, State& derivative, double) { derivative = rate(state); }, state_, 0.0,
                  dt_s);
  follow();
}

Carried PortCircuit::advance(const StringSource& source, TimeNs limit_ns, double heat_limit_A2s) {
  take(source);
  if (quiet_) return {limit_ns, bus_A(), bus_A() * bus_A()};
  state_[carried_C] = 0.0;
  state_[heat_A2s] = 0.0;
  TimeNs taken_ns = 0;
  do {
    const double wished_ns = step_share * 1e9 / std::max(fastest_rate_Hz(), 1e-3);
    const TimeNs left_ns = limit_ns - taken_ns;
    const TimeNs step_ns =
        wished_ns < static_cast<double>(left_ns) ? std::max<TimeNs>(static_cast<TimeNs>(wished_ns), 1) : left_ns;
    integrate(to_s(step_ns));
    taken_ns += step_ns;
    const std::optional<Equilibrium> target = equilibrium(state_[port]);
    quiet_ = target && settled(*target);
  } while (taken_ns < limit_ns && !quiet_ && state_[heat_A2s] <= heat_limit_A2s);
  const double dt_s = to_s(taken_ns);
  return {taken_ns, state_[carried_C] / dt_s, state_[heat_A2s] / dt_s};
}

TimeNs PortCircuit::step_limit_ns() const {
  if (quiet_ || regime_ == Regime::isolated) return never_ns;
  if (regime_ != Regime::resistive) return comparator_step_ns;
  const double time_constant_s = (source_.series_Ohm + path_Ohm_) * description_.load_F;
  if (time_constant_s > slow_s) return never_ns;
  return std::clamp(from_s(0.1 * time_constant_s), comparator_step_ns, precharge_step_ns);
}

double PortCircuit::load_A() const { return port_current(state_[port]).current_A; }

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
