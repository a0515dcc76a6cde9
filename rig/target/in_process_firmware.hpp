// A firmware called directly, linked in or from a shared library.
#pragma once

#include <cstddef>
#include <vector>

#include "rig/target/firmware_library.hpp"
#include "rig/target/firmware_port.hpp"

namespace packrig {

class InProcessFirmware final : public FirmwarePort {
 public:
  explicit InProcessFirmware(FirmwareLibrary library);

  std::string name() const override { return library_.api().name; }
  std::int32_t init(std::uint8_t chemistry, std::uint8_t cell_count) override;
  void restart() override { library_.api().restart(state_.data()); }
  void step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) override;
  std::int32_t write(std::uint8_t register_number, std::int32_t value) override;
  std::int32_t read(std::uint8_t register_number, std::int32_t& value) override;
  std::int32_t load_settings(std::span<const std::uint8_t> frame) override;
  std::unique_ptr<FirmwarePort> clone() const override { return std::make_unique<InProcessFirmware>(*this); }

 private:
  FirmwareLibrary library_;
  std::vector<std::max_align_t> state_;  // opaque, aligned for any type
};

}  // namespace packrig
