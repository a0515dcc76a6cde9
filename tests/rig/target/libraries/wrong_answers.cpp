// A firmware that starts and then answers with what its cell count asks for.
#include <cstdint>
#include <cstring>

#include "models/bms/firmware_api.h"

namespace {

std::int32_t init(void* state, std::uint8_t, std::uint8_t cell_count) {
  std::memcpy(state, &cell_count, 1);
  return cell_count == 0 ? PACKRIG_WRITE_OUT_OF_RANGE : PACKRIG_WRITE_OK;
}

void restart(void*) {}

void step(void* state, const PackrigAfeCodes* codes, PackrigAfeCommands* commands) {
  std::uint8_t wanted = 0;
  std::memcpy(&wanted, state, 1);
  std::memset(commands, 0, sizeof *commands);
  commands->version = wanted == 1 ? PACKRIG_AFE_VERSION + 1 : PACKRIG_AFE_VERSION;
  commands->next_wake_ns = wanted == 2 ? codes->now_ns : codes->now_ns + 25'000'000;
  commands->bus_count = wanted == 3 ? PACKRIG_AFE_BUS_BYTES + 1 : wanted == 4 ? 1 : 0;
  commands->bus[0].port = 200;
}

std::int32_t write(void*, std::uint8_t, std::int32_t) { return PACKRIG_WRITE_OK; }
std::int32_t read(const void*, std::uint8_t, std::int32_t*) { return PACKRIG_WRITE_OK; }
std::int32_t load(void*, const std::uint8_t*, std::size_t) { return PACKRIG_WRITE_OK; }
std::int32_t store(const void*, std::uint8_t*, std::size_t) { return PACKRIG_WRITE_OK; }

}  // namespace

extern "C" const PackrigFirmwareApi* packrig_firmware() {
  static const PackrigFirmwareApi api{
      PACKRIG_AFE_VERSION, "wrong answers", 16, init, restart, step, write, read, load, store};
  return &api;
}
