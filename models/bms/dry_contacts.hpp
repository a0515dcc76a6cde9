// The two dry contacts: each closes on one source, chosen by number as the family's device information frame lists
// them (syssi/esphome-jk-bms, select component). A real B2A25SRP is delivered with both at 0, off.
#pragma once

#include <stdint.h>

#include "options.hpp"
#include "settings.hpp"

namespace packrig::bms {

// What the sources are judged by.
struct ContactSources {
  uint32_t alarms;
  int32_t soc_percent;  // as counted, from the first scan on
};

// Whether a contact has a source: else nothing is ever due.
bool contact_chosen(const Options& options);

// PACKRIG_DRIVE_DRY_* of the contacts that are due. A state of charge closes a contact beyond the trigger's first value
// and opens it beyond the second; an alarm does while it holds. `due`: what the last call returned.
uint32_t due_contacts(const Options& options, const ContactSources& sources, uint32_t due);

// The drives of what is due: with register 0x32 they open and close each second.
uint32_t beat(const Settings& settings, uint32_t due, int64_t now_ns);

}  // namespace packrig::bms
