// The current shunt in the common path of the pack, seen at its sense pads.
#pragma once

namespace packrig {

struct ShuntDescription {
  // Assumed: 75 mV at the 300 A that the data sheet gives as the end of its range.
  double resistance_Ohm = 0.25e-3;
};

// Positive when the pack discharges.
inline double shunt_V(const ShuntDescription& shunt, double current_A) { return shunt.resistance_Ohm * current_A; }

}  // namespace packrig
