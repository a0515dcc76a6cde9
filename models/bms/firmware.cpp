#include "firmware.hpp"

#include "firmware_api.h"

namespace packrig::bms {
namespace {

constexpr uint8_t power_running = 3;

struct PresetCommand {
  uint8_t register_number;
  Chemistry chemistry;
};
constexpr PresetCommand preset_commands[] = {{preset_li_ion, li_ion}, {preset_lfp, lfp}, {preset_lto, lto}};

void command(const Part& part, const Firmware& firmware, PackrigAfeCommands& commands) {
  commands.version = PACKRIG_AFE_VERSION;
  commands.drives = firmware.drives.on;
  commands.next_wake_ns = firmware.scan.next_wake_ns;
  commands.convert = wanted_group(firmware.scan);
  commands.short_delay_us = static_cast<uint32_t>(setting(firmware.settings, short_delay_us));
  commands.short_code = part.short_uV;
  commands.short_rearm = static_cast<uint8_t>(firmware.protections.rearm_short);
  commands.balance_from = 0;
  commands.balance_to = 0;
  commands.power_mode = power_running;
  commands.balance_mA = 0;
  commands.bus_count = 0;
  commands.balance_through_scan = 0;
  commands.open_wire_taps = 0;
  commands.reserved = 0;
}

}  // namespace

int32_t start(const Part& part, uint8_t chemistry, uint8_t count, Firmware& firmware) {
  Settings fresh;  // not a whole Firmware: it would take most of a small board's stack
  const int32_t result = reset_settings(part, chemistry, count, fresh);
  if (result != PACKRIG_WRITE_OK) return result;
  firmware = {};
  firmware.settings = fresh;
  firmware.chemistry = chemistry;
  return PACKRIG_WRITE_OK;
}

void step(const Part& part, Firmware& firmware, const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  if (codes.version != PACKRIG_AFE_VERSION) {
    // A front end that speaks another layout is not guessed at: everything off, and ask again.
    firmware.drives = {};
    firmware.scan = {codes.now_ns + static_cast<int64_t>(part.wake_ms) * 1000000, 0, 1, 0};
    command(part, firmware, commands);
    return;
  }
  const bool scan_ended = measure(part, codes, firmware.scan, firmware.measured);
  protect(part, firmware.settings, firmware.measured, codes.now_ns, scan_ended, firmware.protections);
  drive(firmware.settings, firmware.protections, firmware.scan.complete != 0, codes.now_ns, firmware.drives);
  command(part, firmware, commands);
  Board board(part, firmware, codes.now_ns);
  converse(board, firmware.ports, codes, commands);
}

int32_t write(const Part& part, Firmware& firmware, uint8_t register_number, int32_t value) {
  for (const PresetCommand& preset : preset_commands) {
    if (preset.register_number != register_number) continue;
    const int32_t result = apply_preset(part, preset.chemistry, firmware.settings);
    if (result == PACKRIG_WRITE_OK) firmware.chemistry = preset.chemistry;
    return result;
  }
  return write_setting(part, static_cast<uint8_t>(firmware.chemistry), firmware.settings, register_number, value);
}

}  // namespace packrig::bms
