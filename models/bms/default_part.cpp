// The one symbol that a firmware library exports, for the part that the copy is of.
#include "firmware_api.h"

// Visible even from a library built with hidden symbols.
extern "C" __attribute__((visibility("default"))) const PackrigFirmwareApi* packrig_firmware(void) {
  return packrig_firmware_named("B2A25SRP");
}
