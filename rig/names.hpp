// Names of the enumerations that cross into JSON and Python, and back.
#pragma once

#include <string>
#include <vector>

#include "models/connector.hpp"
#include "rig/channel.hpp"
#include "rig/reported.hpp"
#include "rig/rule.hpp"
#include "sim/plant.hpp"

namespace packrig {

const char* side_name(Side side);
const char* contact_name(Contact contact);
const char* port_name(Port port);

// Each throws BadInput naming the offender and what is accepted.
Quantity quantity_from_name(const std::string& name);
Actuator actuator_from_name(const std::string& name);
Side side_from_name(const std::string& name);
Contact contact_from_name(const std::string& name);
Port port_from_name(const std::string& name);
ReportedQuantity reported_from_name(const std::string& name);
Alarm alarm_from_name(const std::string& name);
AlarmSet alarms_from_names(const std::vector<std::string>& names);

}  // namespace packrig
