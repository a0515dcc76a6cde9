/* The C ABI by which a rig runs a firmware: in process, from a shared library, or behind a socket.
 *
 * A firmware is a value: `size` bytes of state that may be copied at any time between two steps (snapshots)
 * and a few functions of that state. It owns no memory, no clock and no global that changes.
 */
#ifndef PACKRIG_MODELS_BMS_FIRMWARE_API_H
#define PACKRIG_MODELS_BMS_FIRMWARE_API_H

#include <stddef.h>
#include <stdint.h>

#include "afe_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Why a write was refused; 0 is acceptance. A refused write changes nothing. */
enum PackrigWriteResult {
  PACKRIG_WRITE_OK = 0,
  PACKRIG_WRITE_UNKNOWN_REGISTER = 1,
  PACKRIG_WRITE_OUT_OF_RANGE = 2,
  PACKRIG_WRITE_INCONSISTENT = 3, /* for example a release beyond its protection */
  PACKRIG_WRITE_BAD_FRAME = 4,    /* settings frame: header, type, length or sum */
  PACKRIG_WRITE_NOT_NOW = 5 /* a command that the board cannot follow as it is, for example calibrate without a scan */
};

typedef struct {
  uint32_t version; /* PACKRIG_AFE_VERSION it was built with */
  const char* name; /* of the part and its firmware, ASCII */
  size_t size;      /* bytes of state, alignment 16 */
  /* Factory state: chemistry 0 LFP, 1 Li-ion, 2 LTO (the board's own coding). Returns a write result. */
  int32_t (*init)(void* state, uint8_t chemistry, uint8_t cell_count);
  /* Power has come back, or a watchdog has bitten: all but what the board keeps without power (settings, counters, log)
   * is as after init. The time of the next step may be any later one. */
  void (*restart)(void* state);
  /* One wake. Reads `codes`, fills every field of `commands`. */
  void (*step)(void* state, const PackrigAfeCodes* codes, PackrigAfeCommands* commands);
  /* A setting by its JK02_32S write register (0x01..0x3B), an option or a command (0x64..), in the register's unit. */
  int32_t (*write)(void* state, uint8_t register_number, int32_t value);
  int32_t (*read)(const void* state, uint8_t register_number, int32_t* value);
  /* The 300-byte JK02_32S settings frame: load verbatim / store identical. */
  int32_t (*load_settings)(void* state, const uint8_t* frame, size_t length);
  int32_t (*store_settings)(const void* state, uint8_t* frame, size_t length);
} PackrigFirmwareApi;

/* The one symbol that a firmware library exports. */
const PackrigFirmwareApi* packrig_firmware(void);

/* Of the simulated copies linked in: the part of that name, such as "B2A25SRP". NULL when there is none. */
const PackrigFirmwareApi* packrig_firmware_named(const char* part);

#ifdef __cplusplus
}
#endif
#endif
