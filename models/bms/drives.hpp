// From switches and protections to the drives of the relays, with the precharge sequence of the discharge path.
#pragma once

#include <stdint.h>

#include "settings.hpp"

namespace packrig::bms {

enum class DischargePath : uint32_t { open, precharging, closed };

struct Drives {
  int64_t precharge_since_ns;
  DischargePath path;
  uint32_t on;  // PACKRIG_DRIVE_*
};

// `ready`: a complete scan has been judged; before that nothing closes. `cuts`: what the protections cut.
void drive(const Settings& settings, uint32_t cuts, bool ready, int64_t now_ns, Drives& drives);

}  // namespace packrig::bms
