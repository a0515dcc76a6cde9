// The heater's drive: a thermostat by the coldest probe, fed by the charger.
#pragma once

#include "measurement.hpp"
#include "protections.hpp"
#include "settings.hpp"

namespace packrig::bms {

// On below the start temperature, off above the stop temperature, which wins where the two overlap (a board as
// delivered holds 60 and 50 degC). Never without a charger, since the pack would heat itself flat; never without a
// readable probe, nor while a probe is lost or an over-temperature holds.
bool heat(const Settings& settings, const Measurements& measured, const Protections& protections, bool heats);

}  // namespace packrig::bms
