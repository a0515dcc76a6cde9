/* Vectors and what happens before main on a Cortex-M3 (Armv7-M Architecture Reference Manual, B1.5). */
#include <stdint.h>
#include <string.h>

#include "semihosting.h"
#include "stack.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];

int main(void);
void reset(void);

void reset(void) {
  /* The stack below this function's frame gets its pattern; what lies above it is in use. */
  for (uint32_t* word = stack_bottom; word < (uint32_t*)__builtin_frame_address(0) - 16; ++word) *word = STACK_PAINT;
  memcpy(data_start, data_load, (uintptr_t)data_end - (uintptr_t)data_start);
  memset(bss_start, 0, (uintptr_t)bss_end - (uintptr_t)bss_start);
  semihosting_exit(main());
}

static void fault(void) {
  semihosting_say("the processor faulted\n");
  semihosting_exit(99);
}

typedef void (*Handler)(void);

/* The system exceptions up to SysTick; the firmware uses no interrupts. */
__attribute__((section(".vectors"), used)) static const struct {
  uint32_t* stack;
  Handler handlers[15];
} vectors = {stack_top,
             {reset, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault, fault}};
