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
//   shorted    the capacitor's time constant is below 1/200 of the loop's: port_V follows loop_A
//
// Quiet, both states stand on their equilibrium, solved algebraically (Newton from the present port voltage, so a
// collapsed port stays collapsed). After a contact moved, a short came or went, or an equilibrium was lost, they are
// integrated: classical Runge-Kutta in fixed sub-steps of 1/10 of the fastest time constant, until they stand on the
// equilibrium again. A step of the load alone goes straight to its new equilibrium where there is one: the loop
// rings it out within a millisecond, below what a BMS samples.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "models/time.hpp"
#include "sim/charger.hpp"
#include "sim/load.hpp"
#include "sim/pack.hpp"

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
  explicit PortCircuit(const PortDescription& description);

  // Stimuli. The circuit takes them up at the next settle() or advance().
  void set_contacts(const PortContacts& contacts);
  void set_load(const LoadPoint& load) { load_ = load; }
  void set_charger(const Charger& charger) { charger_ = charger; }
  void set_short_Ohm(double short_Ohm);  // infinity: none

  // Puts a quiet circuit on its equilibrium for this source; without one a transient begins.
  void settle(const StringSource& source);

  // Moves on by at most `limit_ns` > 0: less when a transient ends, or when `heat_limit_A2s` (integral of bus current
  // squared, for the fuse) is reached.
  Carried advance(const StringSource& source, TimeNs limit_ns, double heat_limit_A2s);

  const PortContacts& contacts() const { return contacts_; }
  bool quiet() const { return quiet_; }
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
  enum class Regime : std::uint8_t { isolated, resistive, loop, shorted };
  enum Index : std::size_t { loop, port, carried_C, heat_A2s, state_size };
  using State = std::array<double, state_size>;
  struct Equilibrium {
    double loop_A;
    double port_V;
  };

  PortDescription description_;
  PortContacts contacts_;
  LoadPoint load_;
  LoadPoint active_load_;  // what counts at present, see choose_load()
  Charger charger_;
  double short_S_ = 0.0;

  StringSource source_{};  // fuse included
  State state_{};
  double charge_A_ = 0.0;
  double bus_V_ = 0.0;
  double path_Ohm_ = 0.0;  // of the closed load-side relays
  Regime regime_ = Regime::isolated;
  bool quiet_ = true;

  void take(const StringSource& source);
  Regime regime() const;
  void choose_load();
  double charge_path_Ohm() const;
  double charge_current_A(double loop_A) const;
  double bus_voltage_V(double loop_A) const;
  double bus_slope_Ohm(double loop_A) const;
  LoadCurrent port_current(double port_V) const;
  double resistive_loop_A(double port_V) const;
  double shorted_port_V(double loop_A, double start_V) const;
  std::optional<Equilibrium> equilibrium(double port_V) const;  // the one reached from there
  bool settled(const Equilibrium& target) const;
  void follow();
  State rate(const State& state) const;
  double fastest_rate_Hz() const;
  void integrate(double dt_s);
};

}  // namespace packrig
