// The plant: everything left of the plug. Pack, harness, relays, charger, load, ambient and their faults.
//
// Description is const and shared, state is a value: a snapshot of a plant is a copy of it.
//
//      one advance():  while now < until
//                        what is due now moves: drive edges, contacts, the load's profile
//                        the circuit settles, or a transient begins
//                        everything moves to the next of these (the string counts as constant source): 1 s at most,
//                        and longer when the pack is so quiet that its charge hardly moves
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "models/bounded_list.hpp"
#include "models/connector.hpp"
#include "models/fuse.hpp"
#include "models/harness.hpp"
#include "models/relay.hpp"
#include "sim/charger.hpp"
#include "sim/load.hpp"
#include "sim/pack.hpp"
#include "sim/pack_description.hpp"
#include "sim/port_circuit.hpp"

namespace packrig {

enum class Contact : std::uint8_t { charge, discharge, precharge, fuse };

// A contact moved (or the fuse blew). What it carried and what the arc or the bounce cost it.
//   closing: current_A is the inrush to be expected (its surge peak), arc_J is 0
//   opening: current_A is what was broken, arc_J what the arc took (models/relay.hpp)
//   beyond_limit: made or broke more than its rating, or the arc would not go out. The contact is welded then
//   (assumed, so that it is deterministic): `closed` stays true, and arc_J of a failed break is the magnetic energy.
struct ContactEvent {
  TimeNs at_ns;
  Contact contact;
  bool closed;
  double current_A;
  double arc_J;
  bool beyond_limit;
};
using ContactEvents = BoundedList<ContactEvent, 64>;

class Plant {
 public:
  // Throws BadInput naming the member of `description` that is out of its range. `seed` draws the cell spread.
  Plant(std::shared_ptr<const PackDescription> description, std::uint64_t seed);

  TimeNs now_ns() const { return now_ns_; }
  const PackDescription& description() const { return *description_; }

  // Fills every physical member of `terminals` (not the bus bytes, not the button) as it stands now.
  void show(Terminals& terminals) const;

  // Moves to `until_ns` under `actions` (drive edges at their stamps, balancing and supply currents), splitting the
  // interval at each edge and each contact movement. Throws BadInput for an edge outside [now, until] or a time that
  // runs backwards, NumericFault naming the state that broke.
  void advance(const Actions& actions, TimeNs until_ns);

  // The longest step that shows the BMS what happens: up to the next contact movement or profile point, and small
  // while a transient lasts. Always positive; never_ns when the circuit is quiet and nothing is due.
  TimeNs step_limit_ns() const;

  // Contacts that moved during the last advance().
  const ContactEvents& contact_events() const { return events_; }

  // Stimuli; they hold from now on. Each throws BadInput naming what is out of range.
  void set_load(const Load& load);
  void set_charger(const Charger& charger);
  void set_ambient_degC(double ambient_degC);
  void short_load_port(double short_Ohm);                  // 10 uOhm upwards; infinity removes it
  void set_sense_wire_Ohm(int tap, double wire_Ohm);       // infinity: open
  void short_cell(int group, int cell, double short_Ohm);  // inside a cell, 1-based; infinity removes it
  void set_busbar_Ohm(int group, double busbar_Ohm);       // of the link above a group, 1-based; infinity: open
  void set_ntc_fitted(int ntc, bool fitted);               // 1-based; false: open circuit
  void weld(Contact contact, bool welded);                 // not the fuse
  void replace_fuse();                                     // by a new, cold one
  void set_coil_supply(bool present);                      // false: no coil holds its contact, whatever is driven

  // Truth, as of now. Spans are valid until the next call that changes the plant; one value per series group.
  double string_A() const { return pack_.shunt_A(); }           // through the common shunt, positive when discharging
  double pack_V() const { return pack_.string_V(); }            // B+ against B-, busbar drops included
  double charge_port_A() const { return circuit_.charge_A(); }  // into the pack, positive when charging
  double load_port_A() const { return circuit_.load_A(); }      // out of the load port
  std::span<const double> cell_V() const { return pack_.cell_V(); }
  std::span<const double> cell_soc() const { return pack_.cell_soc(); }
  double group_Ah(std::size_t group) const { return pack_.group_Ah(group); }  // capacity; 0 is the lowest group
  std::span<const double> cell_degC() const { return pack_.cell_degC(); }
  bool contact_closed(Contact contact) const;
  int cell_outside_validity() const { return pack_.outside_validity(); }  // 1-based, of the first; 0 none

 private:
  static constexpr std::size_t relay_count = 3;  // by Contact, which agrees with the first three of Actuator

  std::shared_ptr<const PackDescription> description_;
  TimeNs now_ns_ = 0;
  double ambient_degC_;
  Pack pack_;
  Harness harness_;
  Fuse fuse_;
  std::array<Relay, relay_count> relays_;
  PortCircuit circuit_;
  LoadCourse load_;
  bool charger_connected_ = false;
  double supply_A_ = 0.0;
  bool coil_supply_ = true;
  std::array<bool, relay_count> coil_driven_{};
  std::array<bool, ntc_count> ntc_fitted_{true, true, true};
  NtcRow ntc_degC_;  // at which ntc_Ohm_ was read; of it nothing is shown beyond ntc_count
  NtcRow ntc_Ohm_{};
  ContactEvents events_;

  const RelayDescription& relay_description(Contact contact) const;
  void move_what_is_due(const Actions& actions, std::size_t& next_edge);
  TimeNs next_movement_ns() const;
  void follow_probes();
  void move_relay(Contact contact);
  void note_closing(Contact contact);
  void note_opening(Contact contact, const PortCircuit& before);
  void blow_fuse();
  void apply_contacts();
  void settle();
  void check_balance() const;
};

}  // namespace packrig
