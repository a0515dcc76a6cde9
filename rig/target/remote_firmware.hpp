// A firmware on a target behind lockstep frames: another process, an emulated processor.
//
// It is a value as any other port. Copies share one target: each holds its state here while another's is in the
// target, and they change places only when another copy is asked something. A fork so costs one transfer of the state,
// not the start of a target.
#pragma once

#include <memory>
#include <vector>

#include "rig/target/firmware_port.hpp"
#include "rig/target/lockstep_link.hpp"

namespace packrig {

class RemoteFirmware final : public FirmwarePort {
 public:
  explicit RemoteFirmware(std::unique_ptr<LockstepLink> link);
  ~RemoteFirmware() override;

  std::string name() const override;
  std::int32_t init(std::uint8_t chemistry, std::uint8_t cell_count) override;
  void step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) override;
  std::int32_t write(std::uint8_t register_number, std::int32_t value) override;
  std::int32_t read(std::uint8_t register_number, std::int32_t& value) override;
  // PACKRIG_WRITE_BAD_FRAME without asking when the frame is longer than PACKRIG_LOCKSTEP_SETTINGS_BYTES.
  std::int32_t load_settings(std::span<const std::uint8_t> frame) override;
  std::unique_ptr<FirmwarePort> clone() const override;

  // What the target has measured of itself; of all copies together.
  PackrigLockstepReport report() const;

 private:
  class Target;

  RemoteFirmware(const RemoteFirmware& other);

  std::shared_ptr<Target> target_;
  // Empty when the target alone knows. Shared by copies until one of them moves on.
  mutable std::shared_ptr<const std::vector<std::uint8_t>> state_;
};

}  // namespace packrig
