// The firmware as a value: one plain struct that may be copied between any two steps, and a step.
//
//   at a wake:  1 measure   take in the converted channel group, plan the next wake
//               2 protect   at the end of a scan all rules; short-circuit rules at every wake
//               3 drive     switches, protections, precharge
//               4 command   tell the front end
//               5 converse  hear and answer on the ports
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "afe_frame.h"
#include "drives.hpp"
#include "measurement.hpp"
#include "models/bms/protocol/ports.hpp"
#include "part.hpp"
#include "protections.hpp"
#include "settings.hpp"

namespace packrig::bms {

struct Firmware {
  Scan scan;
  Measurements measured;
  Protections protections;
  Drives drives;
  Settings settings;
  uint32_t chemistry;  // Chemistry
  Ports ports;
};
static_assert(__is_trivially_copyable(Firmware) && __is_standard_layout(Firmware));
static_assert(__has_unique_object_representations(Firmware), "no padding: equal states are equal bytes");
static_assert(sizeof(Firmware) < 8192, "the state must fit a small microcontroller");

// Factory state. Returns a PackrigWriteResult; a refusal leaves the state as it was.
int32_t start(const Part& part, uint8_t chemistry, uint8_t count, Firmware& firmware);
void step(const Part& part, Firmware& firmware, const PackrigAfeCodes& codes, PackrigAfeCommands& commands);
// A settings register or one of the preset commands.
int32_t write(const Part& part, Firmware& firmware, uint8_t register_number, int32_t value);

}  // namespace packrig::bms
