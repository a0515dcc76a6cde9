// How the drives stand: what protections judge and drives.cpp moves.
#pragma once

#include <stdint.h>

namespace packrig::bms {

enum class DischargePath : uint32_t { open, precharging, closed };

struct Drives {
  int64_t precharge_since_ns;
  DischargePath path;
  uint16_t on;      // PACKRIG_DRIVE_*
  uint16_t closed;  // paths that have closed, or begun to, since the start or the last wrong number of cells
  // 1: at the end of its time the precharge still carried a discharge current, so the path stays open until it is cut
  uint32_t precharge_failed;
  int32_t before_mA;  // what the sensor showed before the precharge
};

}  // namespace packrig::bms
