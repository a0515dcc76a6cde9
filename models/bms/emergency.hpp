// The emergency switch: for a set time the discharge path stays closed in spite of an under-voltage.
//
// Commands 0x6B and 0xB5 and the button setting 0x31 are those of the family (syssi/esphome-jk-bms); what the switch
// lifts is published nowhere and chosen here: under-voltage of a cell and of the pack, nothing else.
#pragma once

#include <stdint.h>

#include "settings.hpp"

namespace packrig::bms {

struct Emergency {
  int64_t until_ns;  // over when it has come; 0: not in use
};

constexpr bool active(const Emergency& emergency, int64_t now_ns) { return now_ns < emergency.until_ns; }
void start_emergency(uint32_t duration_min, int64_t now_ns, Emergency& emergency);
constexpr bool run_out(const Emergency& emergency, int64_t now_ns) {
  return emergency.until_ns != 0 && now_ns >= emergency.until_ns;
}
// Seconds left, 0 when it is not active.
int32_t emergency_left_s(const Emergency& emergency, int64_t now_ns);

}  // namespace packrig::bms
