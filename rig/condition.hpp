// What a scenario waits for; evaluated in C++ on the newest row of every tick.
#pragma once

#include <variant>

#include "models/connector.hpp"
#include "rig/reported.hpp"
#include "rig/rule.hpp"
#include "sim/plant.hpp"

namespace packrig {

struct DriveIs {
  Actuator actuator;
  bool on;
};

struct ContactIs {
  Contact contact;
  bool closed;
};

// Of the quantity that is shown at the plug.
struct ChannelBeyond {
  Channel channel;
  Side side;
  double level;
};

// Of the newest telemetry; never while the BMS has not told it.
struct ReportedBeyond {
  ReportedChannel channel;
  Side side;
  double level;
};

// One of the alarms is (or none of them is) in the newest telemetry.
struct AlarmReported {
  AlarmSet alarms;
  bool on;
};

// No question to the BMS is open.
struct Answered {};

using Condition = std::variant<DriveIs, ContactIs, ChannelBeyond, ReportedBeyond, AlarmReported, Answered>;

}  // namespace packrig
