// The firmware as a value: one plain struct that may be copied between any two steps, and a step.
//
//   at a wake:  1 attend    charger, button, bus: a board that is off or in storage ends here, or starts anew
//               2 measure   take in the converted channel group, plan the next wake
//               3 protect   at the end of a scan all rules; those that need no scan at every wake
//               4 power     at the end of a scan: switch off, sleep, wake
//               5 drive     switches, protections, precharge; heater and dry contacts
//               6 balance   and plan the tests of the wires
//               7 count     at the end of a scan the charge
//               8 keep      one word of the store, while something is to be kept
//               9 command   tell the front end
//              10 converse  hear and answer on the ports
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "afe_frame.h"
#include "balancing.hpp"
#include "charge_counter.hpp"
#include "clock.hpp"
#include "drives.hpp"
#include "emergency.hpp"
#include "event_log.hpp"
#include "measurement.hpp"
#include "models/bms/protocol/ports.hpp"
#include "part.hpp"
#include "power.hpp"
#include "protections.hpp"
#include "settings.hpp"
#include "store.hpp"
#include "wire_test.hpp"

namespace packrig::bms {

// Commands that a step carries out, since it alone knows the time.
struct Requests {
  uint8_t shutdown;
  uint8_t emergency_on;
  uint8_t emergency_off;
};

struct Firmware {
  Scan scan;
  Protections protections;
  Drives drives;
  Power power;
  Emergency emergency;
  Balancing balancing;
  WireTest wires;
  Clock clock;
  ChargeCounter charge;
  Saving saving;
  // From here on aligned to 4: their sizes add up to a multiple of 8, or there would be padding before the store.
  Measurements measured;
  Settings settings;
  Calibration calibration;
  Options options;
  EventLog log;
  uint32_t chemistry;  // Chemistry
  uint32_t power_on_count;
  uint32_t restart_wanted;  // by a command; done at the next wake
  Requests requests;
  uint8_t heater_and_contacts;  // PACKRIG_DRIVE_HEATER, PACKRIG_DRIVE_DRY_*, as driven
  uint8_t due_contacts;         // PACKRIG_DRIVE_DRY_* whose source holds
  uint8_t reserved[3];
  Ports ports;
  Store store;  // the last member: a restart forgets all before it
};
static_assert(__is_trivially_copyable(Firmware) && __is_standard_layout(Firmware));
static_assert(__has_unique_object_representations(Firmware), "no padding: equal states are equal bytes");
static_assert(sizeof(Firmware) < 8192, "the state must fit a small microcontroller");

// Factory state, store included. Returns a PackrigWriteResult; a refusal leaves the state as it was.
int32_t start(const Part& part, uint8_t chemistry, uint8_t count, Firmware& firmware);
// The power has come back: all but the store is as new, and then taken from the store.
void restart(const Part& part, Firmware& firmware);
void step(const Part& part, Firmware& firmware, const PackrigAfeCodes& codes, PackrigAfeCommands& commands);
// As the board shows it (cell frame, offset 166): the protections' alarms, and the reminder of the password.
uint32_t alarm_word(const Part& part, const Firmware& firmware);
// A setting, an option or a command by its register number (registers.hpp). Returns a PackrigWriteResult.
int32_t write(const Part& part, Firmware& firmware, uint8_t register_number, int32_t value);
int32_t read(const Firmware& firmware, uint8_t register_number, int32_t& value);

}  // namespace packrig::bms
