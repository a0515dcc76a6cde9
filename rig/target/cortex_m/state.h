/* The memory of the firmware's state, of exactly its size, so that the linker counts it. */
#ifndef PACKRIG_RIG_TARGET_CORTEX_M_STATE_H
#define PACKRIG_RIG_TARGET_CORTEX_M_STATE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

extern uint8_t firmware_state[];
extern const uint32_t firmware_state_bytes;

#ifdef __cplusplus
}
#endif
#endif
