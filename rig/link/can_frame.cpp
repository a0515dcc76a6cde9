#include "rig/link/can_frame.hpp"

#include <algorithm>
#include <string>

#include "models/errors.hpp"

namespace packrig {

namespace {

constexpr std::uint32_t standard_id_max = 0x7FF;
constexpr std::uint32_t extended_id_max = 0x1FFFFFFF;
constexpr std::array<int, 7> fd_lengths_above_classic = {12, 16, 20, 24, 32, 48, 64};

bool length_possible(const CanFrame& frame) {
  if (frame.length <= can_classic_bytes_max) return true;
  return frame.fd && std::ranges::find(fd_lengths_above_classic, frame.length) != fd_lengths_above_classic.end();
}

}  // namespace

void check(const CanFrame& frame) {
  const std::uint32_t id_max = frame.extended ? extended_id_max : standard_id_max;
  if (frame.id > id_max) {
    throw BadInput("CAN identifier " + std::to_string(frame.id) + "; accepted: 0 .. " + std::to_string(id_max));
  }
  if (!length_possible(frame)) {
    throw BadInput("CAN frame of " + std::to_string(frame.length) + " bytes; accepted: 0 .. 8" +
                   (frame.fd ? ", 12, 16, 20, 24, 32, 48, 64" : ""));
  }
  if (frame.remote && frame.fd) throw BadInput("CAN FD frame is remote; accepted: classic frames only");
}

}  // namespace packrig
