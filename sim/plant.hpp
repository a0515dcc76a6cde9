// The plant: everything left of the plug. Pack, harness, relays, charger, load, ambient and their faults.
//
// Description is const and shared, state is a value: a snapshot of a plant is a copy of it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "models/bounded_list.hpp"
#include "models/connector.hpp"
#include "sim/charger.hpp"
#include "sim/load.hpp"
#include "sim/pack_description.hpp"

namespace packrig {

enum class Contact : std::uint8_t { charge, discharge, precharge, fuse };

// A contact moved (or the fuse blew). What it carried and what the arc or the bounce cost it.
struct ContactEvent {
  TimeNs at_ns;
  Contact contact;
  bool closed;
  double current_A;
  double arc_J;
  bool beyond_limit;  // made or broke more than its rating
};
using ContactEvents = BoundedList<ContactEvent, 64>;

class Plant {
 public:
  // Throws BadInput naming the member of `description` that is out of its range. `seed` draws the cell spread.
  Plant(std::shared_ptr<const PackDescription> description, std::uint64_t seed);

  TimeNs now_ns() const;
  const PackDescription& description() const;

  // Fills every physical member of `terminals` (not the bus bytes, not the button) as it stands now.
  void show(Terminals& terminals) const;

  // Moves to `until_ns` under `actions` (drive edges at their stamps, balancing and supply currents), splitting the
  // interval at each edge and each contact movement. Throws NumericFault naming the state that broke.
  void advance(const Actions& actions, TimeNs until_ns);

  // The longest step that the present electrical transient permits; never_ns when the circuit is quiet.
  TimeNs step_limit_ns() const;

  // Contacts that moved during the last advance().
  const ContactEvents& contact_events() const;

  // Stimuli; they hold from now on.
  void set_load(const Load& load);
  void set_charger(const Charger& charger);
  void set_ambient_degC(double ambient_degC);
  void short_load_port(double short_Ohm);      // infinity removes it
  void set_sense_wire_Ohm(int tap, double wire_Ohm);  // infinity: open
  void set_ntc_fitted(int ntc, bool fitted);          // 1-based; false: open circuit
  void weld(Contact contact, bool welded);

  // Truth, as of now. Spans are valid until the next call that changes the plant; one value per series group.
  double string_A() const;        // through the common shunt, positive when discharging
  double pack_V() const;          // at the pack's terminals
  double charge_port_A() const;   // into the pack through the charge port, positive when charging
  double load_port_A() const;     // out of the load port
  std::span<const double> cell_V() const;
  std::span<const double> cell_soc() const;
  std::span<const double> cell_degC() const;
  bool contact_closed(Contact contact) const;
  int cell_outside_validity() const;  // 1-based number of the first cell outside its model's validity, 0 none

 private:
  // (H2: state)
};

}  // namespace packrig
