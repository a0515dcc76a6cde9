// What a listener understands on which port.
#pragma once

#include "rig/listener.hpp"

namespace packrig {

// JK02 in the layout of hardware from 11 on. Kinds: jk02::Kind.
ListenerLanguage bluetooth_language();
// The display's status. Kind 0.
ListenerLanguage lcd_language();
// JK's CAN messages: each is a row of what it alone says, the last of the cells' a row of all cells and the pack's
// newest voltage. `cell_count` of the pack on the rig. Kinds: the identifiers.
ListenerLanguage can_language(int cell_count);

}  // namespace packrig
