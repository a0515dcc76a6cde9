// Has the symbol and nothing behind it.
#include "models/bms/firmware_api.h"

extern "C" const PackrigFirmwareApi* packrig_firmware() { return nullptr; }
