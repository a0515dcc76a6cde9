// The split-port circuit behind the string: common fuse, charge port, load port.
//
//   string --- shunt --- fuse ---+--- charge relay ------------------------------ charger (CV behind R, at most CC)
//                                |
//                               bus_V
//                                |
//                                +--- discharge relay -----------+--- loop_H ---+---+---+ port_V
//                                +--- precharge relay --- R -----+             C  load short
//
// Two states: loop_A through the inductance, port_V across the capacitor. What is negligible is dropped:
//   isolated   both load-side relays open: no loop; the capacitor feeds the load
//   resistive  the loop's time constant is below 1 us (precharge, blown fuse): loop_A follows port_V
//   loop       both states
//
// Quiet, both states stand on their equilibrium, which always exists and is found in closed form from the present port
// voltage (sim/port_balance.hpp), so a collapsed port stays collapsed. After a contact moved, a short came or went, or
// a power load fell below its lock-out (or came back), they are integrated until they stand on the equilibrium again:
//   a loop that may ring      classical Runge-Kutta, fixed sub-steps of 1/10 of the fastest time constant
//   everything else           backward Euler, one step against two halves: their difference sets the sub-step, and
//                             extrapolation with it makes the order two. It is L-stable: what is far faster than the
//                             sub-step (a short across a small capacitor, a load's knee) is followed, not resolved.
//                             One sub-step is the balance at the port with inductor and capacitor as the resistors
//                             that they are over it, so it is in closed form as well.
// A step of the load alone goes straight to its new equilibrium: the loop rings it out within a millisecond, below
// what a BMS samples.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "models/time.hpp"
#include "sim/charger.hpp"
#include "sim/load.hpp"
#include "sim/pack.hpp"
#include "sim/port_balance.hpp"

namespace packrig {

struct PortDescription {
  double charge_contact_Ohm;
  double discharge_contact_Ohm;
  double precharge_path_Ohm;  // resistor and contact
  double fuse_Ohm;
  double blown_fuse_Ohm;
  double loop_H;
  double load_F;
};

struct PortContacts {
  bool charge = false;
  bool discharge = false;
  bool precharge = false;
  bool fuse = true;

  bool operator==(const PortContacts&) const = default;
};

// What one piece of time carried through the string.
struct Carried {
  TimeNs dt_ns;
  double bus_A;      // mean, positive when discharging
  double square_A2;  // mean of its square
};

class PortCircuit {
 public:
  // Twice what a second of the least damped ring takes (100 uH, 1 uF, a few mOhm: 1 us each, for 0.4 s).
  static constexpr int sub_step_budget = 1'000'000;

  explicit PortCircuit(const PortDescription& description);

  // Stimuli. The circuit takes them up at the next settle() or advance().
  void set_contacts(const PortContacts& contacts);
  void set_load(const LoadPoint& load);
  void set_charger(const Charger& charger) { charger_ = charger; }
  void set_short_Ohm(double short_Ohm);  // infinity: none

  // Puts a quiet circuit on its equilibrium for this source, unless its load locks out or comes back: then a transient
  // begins.
  void settle(const StringSource& source);

  // Moves on by at most `limit_ns` > 0: less when a transient ends, or when `heat_limit_A2s` (integral of bus current
  // squared, for the fuse) is reached. Throws NumericFault naming the regime when that took more than
  // `sub_step_budget` sub-steps.
  Carried advance(const StringSource& source, TimeNs limit_ns, double heat_limit_A2s);

  const PortContacts& contacts() const { return contacts_; }
  bool quiet() const { return quiet_; }
  // Of the last advance(); 0 when it was quiet.
  int sub_steps() const { return sub_steps_; }
  // The longest step that shows a BMS's comparator the course of the present transient; never_ns without one.
  TimeNs step_limit_ns() const;

  // As of now.
  double bus_V() const { return bus_V_; }
  double bus_A() const { return state_[loop] - charge_A_; }  // leaving the string
  double charge_A() const { return charge_A_; }              // into the pack through the charge port
  double loop_A() const { return state_[loop]; }
  double port_V() const { return state_[port]; }
  double load_A() const;  // of load and short together
  double charge_port_V() const;
  // Share of loop_A() in each of the two parallel load-side relays.
  double discharge_contact_A() const;
  double precharge_contact_A() const;
  // What would flow at most if the contact that is still open closed now: limited by the loop's surge impedance.
  double discharge_inrush_A() const;
  double precharge_inrush_A() const;
  double charge_inrush_A() const;

 private:
  enum class Regime : std::uint8_t { isolated, resistive, loop };
  enum Index : std::size_t { loop, port, carried_C, heat_A2s, state_size };
  using State = std::array<double, state_size>;
  struct Equilibrium {
    double loop_A;
    double port_V;
  };

  PortDescription description_;
  PortContacts contacts_;
  LoadPoint load_;
  LoadCurve load_curve_;
  LoadCurve active_curve_;  // what counts at present, see choose_load()
  Charger charger_;
  double short_S_ = 0.0;

  StringSource source_{};  // fuse included
  State state_{};
  double charge_A_ = 0.0;
  double bus_V_ = 0.0;
  double path_Ohm_ = 0.0;  // of the closed load-side relays
  Regime regime_ = Regime::isolated;
  bool quiet_ = true;
  int sub_steps_ = 0;
  TimeNs implicit_step_ns_ = 0;  // that the last error allows

  void take(const StringSource& source);
  Regime regime() const;
  void choose_load();
  double loop_Ohm() const { return source_.series_Ohm + path_Ohm_; }
  double charge_path_Ohm() const;
  double charge_current_A(double loop_A) const;
  LoadCurrent port_current(const LoadCurve& load, double port_V) const;
  LoopCurve loop_curve(double inductor_Ohm, double inductor_V) const;
  std::optional<Equilibrium> equilibrium(const LoadCurve& load, double port_V) const;  // the one reached from there
  bool settled(const Equilibrium& target) const;
  bool locks(const Equilibrium& target) const;
  void stand_on(const Equilibrium& target);
  void follow();
  State rate(const State& state) const;
  double ringing_step_s(const Equilibrium& target) const;
  void ring(double dt_s);
  State implicit(const State& from, double dt_s) const;
  TimeNs stepped_implicitly_ns(TimeNs limit_ns);
  void begin_transient();
};

}  // namespace packrig
