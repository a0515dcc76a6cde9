#include "sim/plant.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr TimeNs longest_piece_ns = second_ns;
constexpr int newton_sweeps = 2;  // for cells whose source follows their current
constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr std::size_t index(Contact contact) { return static_cast<std::size_t>(contact); }

std::shared_ptr<const PackDescription> checked(std::shared_ptr<const PackDescription> description) {
  if (!description) throw BadInput("the plant's description is not set: accepted is a pack description");
  check(*description);
  return description;
}

PortDescription ports(const PackDescription& d) {
  return {.charge_contact_Ohm = d.charge_relay.contact_Ohm,
          .discharge_contact_Ohm = d.discharge_relay.contact_Ohm,
          .precharge_path_Ohm = d.precharge_Ohm + d.precharge_relay.contact_Ohm,
          .fuse_Ohm = d.fuse.resistance_Ohm,
          .blown_fuse_Ohm = d.fuse.blown_Ohm,
          .loop_H = d.loop_H,
          .load_F = d.load_F};
}

double contact_A(const PortCircuit& circuit, Contact contact) {
  switch (contact) {
    case Contact::charge:
      return circuit.charge_A();
    case Contact::discharge:
      return circuit.discharge_contact_A();
    case Contact::precharge:
      return circuit.precharge_contact_A();
    case Contact::fuse:
      break;
  }
  return circuit.bus_A();
}

double inrush_A(const PortCircuit& circuit, Contact contact) {
  switch (contact) {
    case Contact::charge:
      return circuit.charge_inrush_A();
    case Contact::discharge:
      return circuit.discharge_inrush_A();
    default:
      return circuit.precharge_inrush_A();
  }
}

// What still pushes the current through a contact that has just opened, in the current's direction.
double driving_V(const PortCircuit& circuit, Contact contact, double broken_A) {
  const double across_V =
      contact == Contact::charge ? circuit.charge_port_V() - circuit.bus_V() : circuit.bus_V() - circuit.port_V();
  return std::max(broken_A < 0.0 ? -across_V : across_V, 0.0);
}

}  // namespace

Plant::Plant(std::shared_ptr<const PackDescription> description, std::uint64_t seed)
    : description_(checked(std::move(description))),
      ambient_degC_(description_->ambient_degC),
      pack_(description_, seed),
      harness_(description_->harness, description_->series),
      fuse_(description_->fuse),
      relays_{Relay(description_->charge_relay), Relay(description_->discharge_relay),
              Relay(description_->precharge_relay)},
      circuit_(ports(*description_)) {
  ntc_degC_.fill(std::numeric_limits<double>::quiet_NaN());  // as no temperature is, so that all are read
  follow_probes();
  settle();
}

const RelayDescription& Plant::relay_description(Contact contact) const {
  if (contact == Contact::charge) return description_->charge_relay;
  return contact == Contact::discharge ? description_->discharge_relay : description_->precharge_relay;
}

void Plant::show(Terminals& terminals) const {
  terminals.cell_count = description_->series;
  harness_.tap_V(pack_.node_V(), terminals.tap_V);
  terminals.shunt_V = shunt_V(description_->shunt, string_A());
  for (std::size_t n = 0; n < ntc_count; ++n) terminals.ntc_Ohm[n] = ntc_fitted_[n] ? ntc_Ohm_[n] : infinity;
  terminals.board_degC = pack_.board_degC();
  terminals.supply_V = pack_V() - description_->harness.supply_wire_Ohm * supply_A_;
  terminals.charge_port_V = circuit_.charge_port_V();
  terminals.load_port_V = circuit_.port_V();
  terminals.charger_plugged = charger_connected_;
  terminals.charge_feedback = contact_closed(Contact::charge);
  terminals.discharge_feedback = contact_closed(Contact::discharge);
}

// Temperature moves more seldom than a BMS looks, and a resistance costs an exponential.
void Plant::follow_probes() {
  const auto series = static_cast<std::size_t>(description_->series);
  const std::array<std::size_t, ntc_count> groups{0, series / 2, series - 1};
  static_assert(ntc_count <= std::tuple_size_v<NtcRow>);
  bool moved = false;
  for (std::size_t n = 0; n < ntc_count; ++n) {
    const double degC = cell_degC()[groups[n]];
    moved = moved || degC != ntc_degC_[n];
    ntc_degC_[n] = degC;
  }
  if (moved) ntc_Ohm(description_->ntc, ntc_degC_, ntc_Ohm_);
}

void Plant::advance(const Actions& actions, TimeNs until_ns) {
  if (until_ns < now_ns_) {
    throw BadInput("until_ns = " + std::to_string(until_ns) + ": accepted is " + std::to_string(now_ns_) + " or later");
  }
  for (const Edge& edge : actions.edges) {
    if (edge.at_ns >= now_ns_ && edge.at_ns <= until_ns) continue;
    throw BadInput("edge of " + std::string(actuator_name(edge.actuator)) + " at " + std::to_string(edge.at_ns) +
                   " ns: accepted is " + std::to_string(now_ns_) + " to " + std::to_string(until_ns));
  }
  events_.clear();
  supply_A_ = actions.supply_A;
  pack_.set_balance_W(actions.balance_W);
  if (harness_.feed(actions.balance_A)) {
    pack_.feed(harness_.feed_A(), supply_A_);
    settle();
  } else if (pack_.draw(supply_A_)) {
    settle();
  }

  std::size_t next_edge = 0;
  for (;;) {
    move_what_is_due(actions, next_edge);
    if (now_ns_ == until_ns) return;
    TimeNs next_ns = std::min(until_ns, next_movement_ns());
    if (next_edge < actions.edges.size()) next_ns = std::min(next_ns, actions.edges[next_edge].at_ns);
    TimeNs piece_ns = next_ns - now_ns_;
    if (piece_ns > longest_piece_ns) {
      const TimeNs quiet_ns = circuit_.quiet() ? from_s(pack_.longest_step_s(circuit_.bus_A())) : longest_piece_ns;
      piece_ns = std::min(piece_ns, quiet_ns);
    }
    if (circuit_.quiet()) {
      piece_ns = std::min(piece_ns, fuse_.time_to_melt_ns(circuit_.bus_A() * circuit_.bus_A()));
    }
    const Carried carried = circuit_.advance(pack_.source(), piece_ns, fuse_.left_A2s());
    pack_.advance(carried.bus_A, to_s(carried.dt_ns), ambient_degC_);
    follow_probes();
    fuse_.advance(carried.square_A2, carried.dt_ns);
    now_ns_ += carried.dt_ns;
    settle();
  }
}

// What moves leaves the circuit settled.
void Plant::move_what_is_due(const Actions& actions, std::size_t& next_edge) {
  if (fuse_.blown() && circuit_.contacts().fuse) blow_fuse();
  if (load_.move(now_ns_)) {
    circuit_.set_load(load_.point());
    settle();
  }
  while (next_edge < actions.edges.size() && actions.edges[next_edge].at_ns <= now_ns_) {
    const Edge& edge = actions.edges[next_edge++];
    const auto relay = static_cast<std::size_t>(edge.actuator);
    if (relay >= relay_count) continue;
    coil_driven_[relay] = edge.on;
    relays_[relay].drive(edge.on && coil_supply_, edge.at_ns);
  }
  for (std::size_t r = 0; r < relay_count; ++r) {
    while (relays_[r].next_movement_ns() <= now_ns_) move_relay(static_cast<Contact>(r));
  }
}

// Of what moves by itself: contacts and the load.
TimeNs Plant::next_movement_ns() const {
  TimeNs next_ns = load_.next_change_ns();
  for (const Relay& relay : relays_) next_ns = std::min(next_ns, relay.next_movement_ns());
  return next_ns;
}

TimeNs Plant::step_limit_ns() const {
  const TimeNs movement_ns = next_movement_ns();
  const TimeNs until_movement_ns = movement_ns == never_ns ? never_ns : movement_ns - now_ns_;
  return std::min(circuit_.step_limit_ns(), until_movement_ns);
}

void Plant::move_relay(Contact contact) {
  Relay& relay = relays_[index(contact)];
  const bool was_closed = relay.closed();
  const PortCircuit before = circuit_;
  relay.move();
  if (relay.closed() == was_closed) return;
  if (relay.closed()) {
    note_closing(contact);
  } else {
    note_opening(contact, before);
  }
}

void Plant::note_closing(Contact contact) {
  const double made_A = inrush_A(circuit_, contact);
  const bool beyond_limit = std::fabs(made_A) > relay_description(contact).making_limit_A;
  if (beyond_limit) relays_[index(contact)].weld(true);
  events_.push_back({now_ns_, contact, true, made_A, 0.0, beyond_limit});
  apply_contacts();
}

void Plant::note_opening(Contact contact, const PortCircuit& before) {
  const RelayDescription& relay = relay_description(contact);
  const double broken_A = contact_A(before, contact);
  apply_contacts();
  double arc_energy_J = arc_J(description_->loop_H, broken_A, relay.arc_V, driving_V(circuit_, contact, broken_A));
  const bool beyond_limit =
      std::fabs(broken_A) > relay.breaking_limit_A || (broken_A != 0.0 && arc_energy_J == infinity);
  if (beyond_limit) {
    relays_[index(contact)].weld(true);
    circuit_ = before;
    arc_energy_J = 0.5 * description_->loop_H * broken_A * broken_A;
  }
  settle();
  events_.push_back({now_ns_, contact, beyond_limit, broken_A, arc_energy_J, beyond_limit});
}

void Plant::blow_fuse() {
  const double broken_A = circuit_.bus_A();
  apply_contacts();
  const double energy_J = arc_J(description_->loop_H, broken_A, description_->fuse.arc_V,
                                std::max(broken_A < 0.0 ? 0.0 : pack_.source().open_V - circuit_.port_V(), 0.0));
  events_.push_back({now_ns_, Contact::fuse, false, broken_A, energy_J, false});
}

void Plant::apply_contacts() {
  circuit_.set_contacts({.charge = contact_closed(Contact::charge),
                         .discharge = contact_closed(Contact::discharge),
                         .precharge = contact_closed(Contact::precharge),
                         .fuse = contact_closed(Contact::fuse)});
  settle();
}

void Plant::settle() {
  circuit_.settle(pack_.source());
  pack_.carry(circuit_.bus_A());
  for (int sweep = 0; sweep < newton_sweeps && pack_.follow(); ++sweep) {
    circuit_.settle(pack_.source());
    pack_.carry(circuit_.bus_A());
  }
  check_balance();
}

// Kirchhoff, twice: the string, summed cell by cell, against the bus, solved as one source; and the port.
void Plant::check_balance() const {
  pack_.check();
  const double fuse_Ohm = circuit_.contacts().fuse ? description_->fuse.resistance_Ohm : description_->fuse.blown_Ohm;
  const double drop_V = shunt_V(description_->shunt, string_A()) + fuse_Ohm * circuit_.bus_A();
  const double gap_V = pack_V() - drop_V - circuit_.bus_V();
  if (!(std::fabs(gap_V) < 1e-6 * (1.0 + std::fabs(pack_V())))) {
    throw NumericFault("bus_V is " + shown(circuit_.bus_V()) + ", off the sum of the cells by " + shown(gap_V) + " V");
  }
  const double lost_A = circuit_.loop_A() - circuit_.load_A();
  if (circuit_.quiet() && !(std::fabs(lost_A) < 1e-5 * (1.0 + std::fabs(circuit_.loop_A())))) {
    throw NumericFault("loop_A is " + shown(circuit_.loop_A()) + ", off the load's current by " + shown(lost_A) + " A");
  }
}

void Plant::set_load(const Load& load) {
  check(load);
  load_ = LoadCourse(load, now_ns_);
  circuit_.set_load(load_.point());
  settle();
}

void Plant::set_charger(const Charger& charger) {
  check(charger);
  charger_connected_ = charger.connected;
  circuit_.set_charger(charger);
  settle();
}

void Plant::set_ambient_degC(double ambient_degC) {
  check_range("ambient_degC", ambient_degC, -60.0, 150.0);
  ambient_degC_ = ambient_degC;
}

void Plant::short_load_port(double short_Ohm) {
  check_range("short_Ohm", short_Ohm, 10e-6, infinity);
  circuit_.set_short_Ohm(short_Ohm);
  settle();
}

void Plant::set_sense_wire_Ohm(int tap, double wire_Ohm) {
  harness_.set_wire_Ohm(tap, wire_Ohm);
  pack_.feed(harness_.feed_A(), supply_A_);
  settle();
}

void Plant::short_cell(int group, int cell, double short_Ohm) {
  pack_.set_internal_short(group, cell, short_Ohm);
  settle();
}

void Plant::set_busbar_Ohm(int group, double busbar_Ohm) {
  pack_.set_busbar_Ohm(group, busbar_Ohm);
  settle();
}

void Plant::set_ntc_fitted(int ntc, bool fitted) {
  check_range("ntc", ntc, 1, ntc_count);
  ntc_fitted_[static_cast<std::size_t>(ntc - 1)] = fitted;
}

void Plant::weld(Contact contact, bool welded) {
  if (contact == Contact::fuse) throw BadInput("contact = fuse: accepted is charge, discharge or precharge");
  relays_[index(contact)].weld(welded);
  apply_contacts();
}

void Plant::replace_fuse() {
  fuse_ = Fuse(description_->fuse);
  apply_contacts();
}

void Plant::set_coil_supply(bool present) {
  coil_supply_ = present;
  for (std::size_t r = 0; r < relay_count; ++r) relays_[r].drive(coil_driven_[r] && present, now_ns_);
}

bool Plant::contact_closed(Contact contact) const {
  return contact == Contact::fuse ? !fuse_.blown() : relays_[index(contact)].closed();
}

}  // namespace packrig
