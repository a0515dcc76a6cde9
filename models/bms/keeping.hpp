// Between the firmware's state and its store.
#pragma once

#include "firmware.hpp"

namespace packrig::bms {

// Settings, options and calibration as the board was delivered.
void use_factory(const Part& part, Firmware& firmware);
Configuration configuration_of(const Firmware& firmware);
void use_configuration(const Configuration& kept, Firmware& firmware);

// Writes at most one word: of the log, of the configuration when it is not what is stored, of the counters when they
// have moved far enough. A save begins at the end of a scan.
void keep(const Part& part, bool scan_ended, Firmware& firmware);
// The store holds all that shall outlast the power, counters to the last step. While the board switches off, counters
// are due whatever they have moved.
bool all_kept(const Part& part, const Firmware& firmware);

}  // namespace packrig::bms
