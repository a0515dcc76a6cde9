#include "rig/target/in_process_firmware.hpp"

namespace packrig {

InProcessFirmware::InProcessFirmware(FirmwareLibrary library)
    : library_(std::move(library)),
      state_((library_.api().size + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t)) {}

std::int32_t InProcessFirmware::init(std::uint8_t chemistry, std::uint8_t cell_count) {
  return library_.api().init(state_.data(), chemistry, cell_count);
}

void InProcessFirmware::step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) {
  library_.api().step(state_.data(), &codes, &commands);
}

std::int32_t InProcessFirmware::write(std::uint8_t register_number, std::int32_t value) {
  return library_.api().write(state_.data(), register_number, value);
}

std::int32_t InProcessFirmware::read(std::uint8_t register_number, std::int32_t& value) {
  return library_.api().read(state_.data(), register_number, &value);
}

std::int32_t InProcessFirmware::load_settings(std::span<const std::uint8_t> frame) {
  return library_.api().load_settings(state_.data(), frame.data(), frame.size());
}

}  // namespace packrig
