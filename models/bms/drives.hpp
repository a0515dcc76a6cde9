// From switches and protections to the drives of the relays, with the precharge sequence of the discharge path.
#pragma once

#include <stdint.h>

#include "protections.hpp"
#include "settings.hpp"

namespace packrig::bms {

enum class DischargePath : uint32_t { open, precharging, closed };

struct Drives {
  int64_t precharge_since_ns;
  DischargePath path;
  uint16_t on;      // PACKRIG_DRIVE_*
  uint16_t closed;  // paths that have closed, or begun to, since the start or the last wrong number of cells
};

// `ready`: a complete scan has been judged; before that nothing closes. What a protection cuts is open; and a path
// closes for the first time only while no protection that would cut it is counting, so that a board which wakes up to
// a cell beyond its limit does not close onto it for the length of the delay.
void drive(const Settings& settings, const Protections& protections, bool ready, int64_t now_ns, Drives& drives);

}  // namespace packrig::bms
