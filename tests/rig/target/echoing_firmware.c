/* A firmware that sends back every bus byte to the port that it came from, and does nothing else. As a library for
 * bench sim, with posix/main.c a program for bench posix. */
#include <stdint.h>

#include "models/bms/firmware_api.h"

#define SCAN_NS 100000000

static int32_t init(void* state, uint8_t chemistry, uint8_t cell_count) {
  (void)state, (void)chemistry, (void)cell_count;
  return PACKRIG_WRITE_OK;
}

static void restart(void* state) { (void)state; }

static void step(void* state, const PackrigAfeCodes* codes, PackrigAfeCommands* commands) {
  (void)state;
  const PackrigAfeCommands none = {.version = PACKRIG_AFE_VERSION};
  *commands = none;
  commands->next_wake_ns = codes->now_ns + SCAN_NS;
  commands->short_code = INT32_MAX;
  commands->bus_count = codes->bus_count;
  for (uint32_t i = 0; i < codes->bus_count; ++i) {
    commands->bus[i].port = codes->bus[i].port;
    commands->bus[i].value = codes->bus[i].value;
  }
}

static int32_t write_register(void* state, uint8_t number, int32_t value) {
  (void)state, (void)number, (void)value;
  return PACKRIG_WRITE_UNKNOWN_REGISTER;
}

static int32_t read_register(const void* state, uint8_t number, int32_t* value) {
  (void)state, (void)number, (void)value;
  return PACKRIG_WRITE_UNKNOWN_REGISTER;
}

static int32_t load_settings(void* state, const uint8_t* frame, size_t length) {
  (void)state, (void)frame, (void)length;
  return PACKRIG_WRITE_BAD_FRAME;
}

static int32_t store_settings(const void* state, uint8_t* frame, size_t length) {
  (void)state, (void)frame, (void)length;
  return PACKRIG_WRITE_BAD_FRAME;
}

const PackrigFirmwareApi* packrig_firmware(void) {
  static const PackrigFirmwareApi api = {
      PACKRIG_AFE_VERSION, "echo",        16, init, restart, step, write_register, read_register,
      load_settings,       store_settings};
  return &api;
}
