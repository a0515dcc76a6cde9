// The C ABI of the simulated JK-B2A25S-RP. A sibling has a file like this one, with its own part.
#include "firmware.hpp"
#include "firmware_api.h"
#include "part_b2a25srp.hpp"

namespace packrig::bms {
namespace {

Firmware& of(void* state) { return *static_cast<Firmware*>(state); }
const Firmware& of(const void* state) { return *static_cast<const Firmware*>(state); }

int32_t init(void* state, uint8_t chemistry, uint8_t count) { return start(b2a25srp, chemistry, count, of(state)); }

void restart(void* state) { restart(b2a25srp, of(state)); }

void step(void* state, const PackrigAfeCodes* codes, PackrigAfeCommands* commands) {
  step(b2a25srp, of(state), *codes, *commands);
}

int32_t write(void* state, uint8_t register_number, int32_t value) {
  return write(b2a25srp, of(state), register_number, value);
}

int32_t read(const void* state, uint8_t register_number, int32_t* value) {
  return read(of(state), register_number, *value);
}

int32_t load_settings(void* state, const uint8_t* frame, size_t length) {
  Firmware& firmware = of(state);
  return load_frame(b2a25srp, static_cast<uint8_t>(firmware.chemistry), firmware.settings, frame, length);
}

int32_t store_settings(const void* state, uint8_t* frame, size_t length) {
  return store_frame(of(state).settings, frame, length);
}

constexpr PackrigFirmwareApi api = {
    PACKRIG_AFE_VERSION, b2a25srp.name, sizeof(Firmware), init, restart, step, write, read,
    load_settings,       store_settings};

}  // namespace
}  // namespace packrig::bms

// Visible even from a library built with hidden symbols: it is the one symbol that such a library exports.
extern "C" __attribute__((visibility("default"))) const PackrigFirmwareApi* packrig_firmware(void) {
  return &packrig::bms::api;
}
