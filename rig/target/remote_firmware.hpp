// A firmware on a target behind lockstep frames: another process, an emulated processor.
//
// It is a value as any other port. Copies share the target (see shared_target.hpp), so a fork costs one transfer of the
// state, not the start of a target.
#pragma once

#include "rig/target/firmware_port.hpp"
#include "rig/target/shared_target.hpp"

namespace packrig {

class RemoteFirmware final : public FirmwarePort {
 public:
  explicit RemoteFirmware(std::shared_ptr<SharedTarget> target);
  ~RemoteFirmware() override;

  std::string name() const override { return target_->firmware_name(); }
  std::int32_t init(std::uint8_t chemistry, std::uint8_t cell_count) override;
  void restart() override { result_of(PACKRIG_LOCKSTEP_RESTART, {}); }
  void step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) override;
  std::int32_t write(std::uint8_t register_number, std::int32_t value) override;
  std::int32_t read(std::uint8_t register_number, std::int32_t& value) override;
  // PACKRIG_WRITE_BAD_FRAME without asking when the frame is longer than PACKRIG_LOCKSTEP_SETTINGS_BYTES.
  std::int32_t load_settings(std::span<const std::uint8_t> frame) override;
  std::unique_ptr<FirmwarePort> clone() const override;

  PackrigLockstepReport report() const { return target_->report(); }

 private:
  RemoteFirmware(const RemoteFirmware& other);

  std::int32_t result_of(PackrigLockstepKind kind, std::span<const std::uint8_t> payload);

  std::shared_ptr<SharedTarget> target_;
  mutable ParkedState state_;  // where it is kept changes, not what it is
};

}  // namespace packrig
