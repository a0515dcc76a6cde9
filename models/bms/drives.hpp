// From switches and protections to the drives of the relays, with the precharge sequence of the discharge path.
#pragma once

#include <stdint.h>

#include "drive_state.hpp"
#include "part.hpp"
#include "protections.hpp"
#include "settings.hpp"

namespace packrig::bms {

// `ready`: a complete scan has been judged and the board is not switching off; otherwise nothing closes. `emergency`
// lifts what the emergency switch may lift. What a protection cuts is open; and a path closes for the first time only
// while no protection that would cut it is counting, so that a board which wakes up to a cell beyond its limit does not
// close onto it for the length of the delay.
struct Permission {
  bool ready;
  bool emergency;
};
void drive(const Part& part, const Settings& settings, const Measurements& measured, const Protections& protections,
           Permission permission, int64_t now_ns, Drives& drives);

}  // namespace packrig::bms
