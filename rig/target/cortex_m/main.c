/* The firmware on an emulated Cortex-M3: lockstep frames over two host files, opened by semihosting.
 *
 * The processor stands still in the host's read; with QEMU's -icount its time is counted in instructions, so nothing
 * in here depends on how fast the host is. The files are pipes that the emulator has inherited as 0 and 1.
 */
#include <stdint.h>
#include <string.h>

#include "rig/target/lockstep.h"
#include "semihosting.h"
#include "stack.h"
#include "state.h"

static PackrigLockstepBuffers buffers;

static int32_t from_rig;
static int32_t to_rig;

/* A pipe gives what it has: a frame comes in one piece mostly, and a call to the host costs more than a copy. */
static struct {
  uint8_t bytes[256];
  uint32_t begin;
  uint32_t end;
} ahead;

static int read_all(void* context, void* bytes, uint32_t count) {
  (void)context;
  uint8_t* at = bytes;
  while (count > 0) {
    if (ahead.begin == ahead.end) {
      const uint32_t missing = semihosting_read(from_rig, ahead.bytes, sizeof ahead.bytes);
      if (missing >= sizeof ahead.bytes) return -1; /* the end of the file, or an error */
      ahead.begin = 0;
      ahead.end = (uint32_t)sizeof ahead.bytes - missing;
    }
    const uint32_t there = ahead.end - ahead.begin;
    const uint32_t taken = there < count ? there : count;
    memcpy(at, ahead.bytes + ahead.begin, taken);
    ahead.begin += taken;
    at += taken;
    count -= taken;
  }
  return 0;
}

static int write_all(void* context, const void* bytes, uint32_t count) {
  (void)context;
  return semihosting_write(to_rig, bytes, count) != 0;
}

/* CMSDK APB timer 0 (Arm application note 385, 3.7) counts down at 25 MHz, so a count is 40 ns; at -icount shift=5 an
 * instruction takes 32 ns. The number of instructions is right within two or three. */
#define TIMER0_CONTROL (*(volatile uint32_t*)0x40000000u)
#define TIMER0_VALUE (*(volatile uint32_t*)0x40000004u)

static void start_count(void) {
  TIMER0_VALUE = 0xFFFFFFFFu;
  TIMER0_CONTROL = 1u;
}

static uint32_t counted_instructions(void) { return (uint32_t)((uint64_t)(0xFFFFFFFFu - TIMER0_VALUE) * 40u / 32u); }

static uint32_t stack_used_bytes(void) {
  const uint32_t* word = stack_bottom;
  while (word < stack_top && *word == STACK_PAINT) ++word;
  return (uint32_t)((uintptr_t)stack_top - (uintptr_t)word);
}

int main(void) {
  static const char in[] = "/dev/fd/0";
  static const char out[] = "/dev/fd/1";
  const PackrigLockstepChannel channel = {read_all, write_all, 0};
  const PackrigLockstepProbes probes = {start_count, counted_instructions, stack_used_bytes,
                                        (uint32_t)((uintptr_t)stack_top - (uintptr_t)stack_bottom)};
  const PackrigFirmwareApi* const api = packrig_firmware();
  if (api->size != firmware_state_bytes) {
    semihosting_say("the firmware's state has another size than the memory reserved for it\n");
    return 1;
  }
  from_rig = semihosting_open(in, sizeof in - 1, OPEN_READ_BINARY);
  to_rig = semihosting_open(out, sizeof out - 1, OPEN_WRITE_BINARY);
  if (from_rig < 0 || to_rig < 0) {
    semihosting_say("cannot open /dev/fd/0 and /dev/fd/1\n");
    return 1;
  }
  return packrig_lockstep_serve(api, firmware_state, &channel, &probes, &buffers);
}
