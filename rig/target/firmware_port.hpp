// A firmware, wherever it runs: in this process, in another one, on an emulated processor. It is a value there too:
// a port can be copied between two steps and both copies have the same future.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "models/bms/afe_frame.h"
#include "models/bms/firmware_api.h"

namespace packrig {

class FirmwarePort {
 public:
  virtual ~FirmwarePort() = default;

  virtual std::string name() const = 0;

  // Factory state; chemistry in the board's own coding (0 LFP, 1 Li-ion, 2 LTO). Returns a PackrigWriteResult.
  virtual std::int32_t init(std::uint8_t chemistry, std::uint8_t cell_count) = 0;
  // Power has come back: all but what the board keeps without power is as after init.
  virtual void restart() = 0;
  // One wake. Throws BenchFault when the target dies, hangs, answers late, twice or with garbage.
  virtual void step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) = 0;

  // Settings by register; each returns a PackrigWriteResult.
  virtual std::int32_t write(std::uint8_t register_number, std::int32_t value) = 0;
  virtual std::int32_t read(std::uint8_t register_number, std::int32_t& value) = 0;
  virtual std::int32_t load_settings(std::span<const std::uint8_t> frame) = 0;

  virtual std::unique_ptr<FirmwarePort> clone() const = 0;
};

}  // namespace packrig
