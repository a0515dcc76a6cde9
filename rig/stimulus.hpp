// What a scenario may do to the plug and to the plant, as values that can be scheduled, traced and copied.
#pragma once

#include <string>
#include <variant>

#include "models/connector.hpp"
#include "rig/channel.hpp"
#include "sim/charger.hpp"
#include "sim/load.hpp"
#include "sim/plant.hpp"

namespace packrig {

// Imposed at the terminal, whatever the plant does: from `from` to `to` in `duration_ns` (0: a step to `to`), then
// held. Only cell_V, current_A, ntc_degC and supply_V can be imposed.
struct Impose {
  Channel channel;
  double from = 0.0;
  double to = 0.0;
  TimeNs duration_ns = 0;
};
// Back to the plant.
struct Release {
  Channel channel;
};
struct ReleaseAll {};

// Driven through the plant.
struct SetLoad {
  Load load;
};
struct SetCharger {
  Charger charger;
};
struct SetAmbient {
  double ambient_degC;
};
struct ShortLoadPort {
  double short_Ohm;  // infinity removes it
};
struct SetSenseWire {
  int tap;  // 0..cell count
  double wire_Ohm;
};
// A short inside one cell of a parallel group.
struct ShortCell {
  int group;         // 1-based, from B-
  int cell;          // 1-based, within the group
  double short_Ohm;  // infinity removes it
};
struct SetBusbar {
  int group;          // 1-based: the link above it
  double busbar_Ohm;  // infinity: open
};
struct FitNtc {
  int number;  // 1-based
  bool fitted;
};
struct Weld {
  Contact contact;
  bool welded;
};
struct ReplaceFuse {};
struct SetCoilSupply {
  bool present;
};
struct PressButton {
  bool pressed;
};
struct SendByte {
  Port port;
  std::uint8_t value;
};

using Stimulus = std::variant<Impose, Release, ReleaseAll, SetLoad, SetCharger, SetAmbient, ShortLoadPort, SetSenseWire,
                              ShortCell, SetBusbar, FitNtc, Weld, ReplaceFuse, SetCoilSupply, PressButton, SendByte>;

// One line for the trace, such as "impose cell 3: 3.65 V".
std::string describe(const Stimulus& stimulus);

}  // namespace packrig
