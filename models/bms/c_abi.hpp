// The C ABI of one part: what firmware_api.h asks for, bound to a constant of its family.
#pragma once

#include "firmware.hpp"
#include "firmware_api.h"

namespace packrig::bms {

template <const Part& part>
struct CAbi {
  static Firmware& of(void* state) { return *static_cast<Firmware*>(state); }
  static const Firmware& of(const void* state) { return *static_cast<const Firmware*>(state); }

  static int32_t init(void* state, uint8_t chemistry, uint8_t count) {
    return start(part, chemistry, count, of(state));
  }

  static void restart(void* state) { bms::restart(part, of(state)); }

  static void step(void* state, const PackrigAfeCodes* codes, PackrigAfeCommands* commands) {
    bms::step(part, of(state), *codes, *commands);
  }

  static int32_t write(void* state, uint8_t register_number, int32_t value) {
    return bms::write(part, of(state), register_number, value);
  }

  static int32_t read(const void* state, uint8_t register_number, int32_t* value) {
    return bms::read(of(state), register_number, *value);
  }

  static int32_t load_settings(void* state, const uint8_t* frame, size_t length) {
    Firmware& firmware = of(state);
    return load_frame(part, static_cast<uint8_t>(firmware.chemistry), firmware.settings, frame, length);
  }

  static int32_t store_settings(const void* state, uint8_t* frame, size_t length) {
    return store_frame(of(state).settings, frame, length);
  }

  static constexpr PackrigFirmwareApi api = {
      PACKRIG_AFE_VERSION, part.name,     sizeof(Firmware), init, restart, step, write, read,
      load_settings,       store_settings};
};

}  // namespace packrig::bms
