/* The stack as the linker script lays it out, painted at reset so that its high-water mark can be read off. */
#ifndef PACKRIG_RIG_TARGET_CORTEX_M_STACK_H
#define PACKRIG_RIG_TARGET_CORTEX_M_STACK_H

#include <stdint.h>

#define STACK_PAINT 0xA5A5A5A5u

extern uint32_t stack_bottom[], stack_top[];

#endif
