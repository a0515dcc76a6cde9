/* The firmware of a sibling in place of the default part's: the build names it by PACKRIG_SIBLING. */
#include "models/bms/firmware_api.h"

const PackrigFirmwareApi* packrig_firmware(void) { return packrig_firmware_named(PACKRIG_SIBLING); }
