// The BMS in process: a model of its analogue front end and a firmware behind the C ABI. Time jumps.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "models/afe/afe.hpp"
#include "models/cells/cell_set.hpp"
#include "rig/bench/bench.hpp"
#include "rig/bench/firmware_library.hpp"

namespace packrig {

class SimBench final : public Bench {
 public:
  // Powers the board up at time 0 in its factory state for this chemistry and cell count. Throws BadInput with the
  // firmware's reason code when it refuses them.
  SimBench(FirmwareLibrary firmware, const Afe& afe, Chemistry chemistry, int cell_count);

  const Capabilities& capabilities() const override { return capabilities_; }
  const Actions& exchange(const Terminals& terminals, TimeNs until_ns) override;
  std::int32_t write_setting(std::uint8_t register_number, std::int32_t value) override;
  std::int32_t read_setting(std::uint8_t register_number, std::int32_t& value) const override;
  std::int32_t load_settings(std::span<const std::uint8_t> frame) override;
  std::unique_ptr<Bench> clone() const override { return std::make_unique<SimBench>(*this); }
  void make_safe() noexcept override {}  // nothing is energised in a simulation

 private:
  void wake(const Terminals& terminals);
  void set_drives(std::uint32_t drives, TimeNs at_ns);

  FirmwareLibrary firmware_;
  Afe afe_;
  Capabilities capabilities_;
  std::vector<std::max_align_t> state_;  // the firmware's, opaque
  PackrigAfeCodes codes_{};
  PackrigAfeCommands commands_{};
  Actions actions_;
  TimeNs now_ns_ = 0;
  TimeNs wake_ns_ = 0;
  std::uint16_t inputs_ = 0;
  bool woken_by_comparator_ = false;
};

}  // namespace packrig
