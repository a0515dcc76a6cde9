// What a scenario waits for; evaluated in C++ on the newest row of every tick.
#pragma once

#include <variant>

#include "models/connector.hpp"
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

using Condition = std::variant<DriveIs, ContactIs, ChannelBeyond>;

}  // namespace packrig
