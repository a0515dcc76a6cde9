// Asks for more memory than a board has.
#include "models/bms/firmware_api.h"

extern "C" const PackrigFirmwareApi* packrig_firmware() {
  static const PackrigFirmwareApi api{
      PACKRIG_AFE_VERSION, "greedy", (1U << 20U) + 1U, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
  return &api;
}
