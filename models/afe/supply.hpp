// What the board draws from its supply pins, by the power mode that the firmware asks for.
#pragma once

#include <cstdint>

namespace packrig {

// Mean current in A at `supply_V`. A converter: constant power down to supply_low_V, constant current below it.
// Modes as in PackrigAfeCommands::power_mode. Throws BadInput for a mode beyond 4.
double afe_supply_A(std::uint8_t power_mode, double supply_V);

// The lowest supply of a permitted pack: 7 Li-ion cells at 2.8 V, rounded up.
inline constexpr double afe_supply_low_V = 20.0;

}  // namespace packrig
