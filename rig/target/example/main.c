/* A foreign firmware under packrig, as small as it gets: an over-charge cut for up to 25 cells.
 *
 *   cc -std=c11 -I<packrig> main.c <packrig>/rig/target/lockstep.c -o my_firmware
 *   ./packrig verify --bench posix --firmware ./my_firmware
 *
 * Three things make a port: a state, the functions of firmware_api.h on it, and two functions that move bytes. On your
 * own board replace the last; standard input and output are one such channel.
 */
#include <stdint.h>
#include <stdio.h>

#include "rig/target/lockstep.h"

#define REGISTER_OVER_CHARGE_mV 0x04 /* of the JK02_32S write registers; the value in mV */
#define SCAN_NS 100000000            /* every 100 ms, all channels at once */
#define ALL_GROUPS (PACKRIG_GROUP_CELLS_A | PACKRIG_GROUP_CELLS_B | PACKRIG_GROUP_CELLS_C | PACKRIG_GROUP_AUX)

/* Everything that the firmware remembers: the rig copies it to fork a run, so it may hold no pointer. */
typedef struct {
  uint32_t cell_count;
  int32_t over_charge_mV;
  uint32_t drives;
} State;

static int32_t init(void* memory, uint8_t chemistry, uint8_t cell_count) {
  static const int32_t over_charge_mV[3] = {3600, 4200, 2700};
  State* const state = memory;
  if (chemistry > 2 || cell_count < 1 || cell_count > PACKRIG_AFE_CELLS) return PACKRIG_WRITE_OUT_OF_RANGE;
  state->cell_count = cell_count;
  state->over_charge_mV = over_charge_mV[chemistry];
  state->drives = 0;
  return PACKRIG_WRITE_OK;
}

/* Count and setting are taken to lie in a memory that keeps without power. */
static void restart(void* memory) {
  State* const state = memory;
  state->drives = 0;
}

static void step(void* memory, const PackrigAfeCodes* codes, PackrigAfeCommands* commands) {
  State* const state = memory;
  if (codes->fresh == ALL_GROUPS) { /* else a pin woke it before its time, and nothing new was converted */
    state->drives = PACKRIG_DRIVE_DISCHARGE | PACKRIG_DRIVE_CHARGE;
    for (uint32_t i = 0; i < state->cell_count; ++i) {
      const int32_t cell_mV = (int32_t)((uint32_t)codes->cell_code[i] * 5000u / 65536u);
      if (cell_mV > state->over_charge_mV) state->drives &= ~PACKRIG_DRIVE_CHARGE;
    }
  }
  const PackrigAfeCommands none = {.version = PACKRIG_AFE_VERSION};
  *commands = none;
  commands->drives = state->drives;
  commands->next_wake_ns = codes->now_ns + SCAN_NS;
  commands->convert = ALL_GROUPS;
  commands->short_code = INT32_MAX; /* this firmware leaves short circuits to a fuse */
  commands->power_mode = 3;
}

static int32_t write_register(void* memory, uint8_t number, int32_t value) {
  State* const state = memory;
  if (number != REGISTER_OVER_CHARGE_mV) return PACKRIG_WRITE_UNKNOWN_REGISTER;
  if (value < 1200 || value > 4350) return PACKRIG_WRITE_OUT_OF_RANGE;
  state->over_charge_mV = value;
  return PACKRIG_WRITE_OK;
}

static int32_t read_register(const void* memory, uint8_t number, int32_t* value) {
  const State* const state = memory;
  if (number != REGISTER_OVER_CHARGE_mV) return PACKRIG_WRITE_UNKNOWN_REGISTER;
  *value = state->over_charge_mV;
  return PACKRIG_WRITE_OK;
}

static int32_t load_settings(void* memory, const uint8_t* frame, size_t length) {
  (void)memory, (void)frame, (void)length;
  return PACKRIG_WRITE_BAD_FRAME; /* it knows no settings frames */
}

static int32_t store_settings(const void* memory, uint8_t* frame, size_t length) {
  (void)memory, (void)frame, (void)length;
  return PACKRIG_WRITE_BAD_FRAME;
}

static int read_all(void* context, void* bytes, uint32_t count) {
  (void)context;
  return fread(bytes, 1, count, stdin) != count;
}

static int write_all(void* context, const void* bytes, uint32_t count) {
  (void)context;
  return fwrite(bytes, 1, count, stdout) != count || fflush(stdout) != 0;
}

int main(void) {
  static State state;
  static PackrigLockstepBuffers buffers;
  static const PackrigFirmwareApi api = {PACKRIG_AFE_VERSION,
                                         "example over-charge cut",
                                         sizeof(State),
                                         init,
                                         restart,
                                         step,
                                         write_register,
                                         read_register,
                                         load_settings,
                                         store_settings};
  const PackrigLockstepChannel channel = {read_all, write_all, 0};
  return packrig_lockstep_serve(&api, &state, &channel, 0, &buffers);
}
