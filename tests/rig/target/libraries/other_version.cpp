// Built for an AFE frame that is not this one.
#include "models/bms/firmware_api.h"

extern "C" const PackrigFirmwareApi* packrig_firmware() {
  static const PackrigFirmwareApi api{
      PACKRIG_AFE_VERSION + 6, "other", 16, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};
  return &api;
}
