// A firmware that starts and then answers with what its cell count asks for.
#include <cstdint>
#include <cstring>
#include <iterator>

#include "models/bms/firmware_api.h"

namespace {

using Answer = void (*)(const PackrigAfeCodes& codes, PackrigAfeCommands& commands);

void send(PackrigAfeCommands& commands, std::uint32_t offset_ns, std::uint8_t port) {
  commands.bus[commands.bus_count++] = {offset_ns, port, 0x55, 0};
}

// By cell count; beyond them a good answer. firmware_library_test.cpp says which are at and which beyond a limit.
constexpr Answer answers[] = {
    [](const PackrigAfeCodes&, PackrigAfeCommands&) {},
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { ++commands.version; },
    [](const PackrigAfeCodes& codes, PackrigAfeCommands& commands) { commands.next_wake_ns = codes.now_ns; },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { commands.bus_count = PACKRIG_AFE_BUS_BYTES + 1; },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { send(commands, 0, 4); },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { commands.open_wire_taps = 2; },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { commands.open_wire_taps = 3; },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { commands.power_mode = 4; },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { commands.power_mode = 5; },
    [](const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
      if (codes.now_ns == 0) send(commands, 1'000'000'000, 3);
    },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) { send(commands, 1'000'000'001, 3); },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) {
      send(commands, 2000, 1);
      send(commands, 1000, 2);  // ports have nothing to do with each other
      send(commands, 2000, 1);
    },
    [](const PackrigAfeCodes&, PackrigAfeCommands& commands) {
      send(commands, 2000, 1);
      send(commands, 1999, 1);
    },
    // 1024 bytes with the second wake, one more with the third
    [](const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
      const int count = codes.now_ns < 50'000'000 ? 512 : 1;
      for (int i = 0; i < count; ++i) send(commands, 900'000'000, 0);
    },
};

std::int32_t init(void* state, std::uint8_t, std::uint8_t cell_count) {
  std::memcpy(state, &cell_count, 1);
  return cell_count == 0 ? PACKRIG_WRITE_OUT_OF_RANGE : PACKRIG_WRITE_OK;
}

void restart(void*) {}

void step(void* state, const PackrigAfeCodes* codes, PackrigAfeCommands* commands) {
  std::uint8_t wanted = 0;
  std::memcpy(&wanted, state, 1);
  std::memset(commands, 0, sizeof *commands);
  commands->version = PACKRIG_AFE_VERSION;
  commands->next_wake_ns = codes->now_ns + 25'000'000;
  if (wanted < std::size(answers)) answers[wanted](*codes, *commands);
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
