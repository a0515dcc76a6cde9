#include "rig/names.hpp"

#include "models/errors.hpp"

namespace packrig {

namespace {

constexpr int side_count = 2;
constexpr int contact_count = 4;

// The enumerator of `count` whose name is `name`.
template <class Enum, class NameOf>
Enum from_name(const char* what, int count, NameOf name_of, const std::string& name) {
  std::string accepted;
  for (int i = 0; i < count; ++i) {
    const std::string each = name_of(static_cast<Enum>(i));
    if (each == name) return static_cast<Enum>(i);
    accepted += (i == 0 ? "" : ", ") + each;
  }
  throw BadInput(std::string(what) + " '" + name + "' is unknown; accepted: " + accepted);
}

}  // namespace

const char* side_name(Side side) { return side == Side::above ? "above" : "below"; }

const char* contact_name(Contact contact) {
  constexpr const char* names[contact_count] = {"charge", "discharge", "precharge", "fuse"};
  return names[static_cast<std::size_t>(contact)];
}

const char* port_name(Port port) {
  constexpr const char* names[port_count] = {"rs485", "can", "bluetooth", "lcd"};
  return names[static_cast<std::size_t>(port)];
}

Quantity quantity_from_name(const std::string& name) {
  return from_name<Quantity>("quantity", quantity_count, quantity_name, name);
}

Actuator actuator_from_name(const std::string& name) {
  return from_name<Actuator>("actuator", actuator_count, actuator_name, name);
}

Side side_from_name(const std::string& name) { return from_name<Side>("side", side_count, side_name, name); }

Contact contact_from_name(const std::string& name) {
  return from_name<Contact>("contact", contact_count, contact_name, name);
}

Port port_from_name(const std::string& name) { return from_name<Port>("port", port_count, port_name, name); }

ReportedQuantity reported_from_name(const std::string& name) {
  return from_name<ReportedQuantity>("reported quantity", reported_quantity_count, reported_name, name);
}

Alarm alarm_from_name(const std::string& name) { return from_name<Alarm>("alarm", alarm_count, alarm_name, name); }

AlarmSet alarms_from_names(const std::vector<std::string>& names) {
  AlarmSet alarms;
  for (const std::string& name : names) alarms.add(alarm_from_name(name));
  return alarms;
}

}  // namespace packrig
