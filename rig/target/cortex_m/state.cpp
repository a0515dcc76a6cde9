#include "state.h"

#include "models/bms/firmware.hpp"

alignas(16) uint8_t firmware_state[sizeof(packrig::bms::Firmware)];
const uint32_t firmware_state_bytes = sizeof(packrig::bms::Firmware);
