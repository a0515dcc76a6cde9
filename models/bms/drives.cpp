#include "drives.hpp"

#include "afe_frame.h"

namespace packrig::bms {
namespace {

DischargePath next_path(const Settings& settings, bool wanted, int64_t now_ns, Drives& drives) {
  if (!wanted) return DischargePath::open;
  if (drives.path == DischargePath::closed) return DischargePath::closed;
  if (drives.path == DischargePath::open) drives.precharge_since_ns = now_ns;
  const int64_t precharge_ns = static_cast<int64_t>(setting(settings, precharge_s)) * 1000000000;
  return now_ns - drives.precharge_since_ns >= precharge_ns ? DischargePath::closed : DischargePath::precharging;
}

}  // namespace

void drive(const Settings& settings, const Protections& protections, bool ready, int64_t now_ns, Drives& drives) {
  if (protections.wrong_count != 0) drives.closed = 0;
  const uint32_t held = protections.cuts | (protections.counting & ~static_cast<uint32_t>(drives.closed));
  const bool charge = ready && setting(settings, charge_switch) != 0 && (held & PACKRIG_DRIVE_CHARGE) == 0;
  const bool discharge = ready && setting(settings, discharge_switch) != 0 && (held & PACKRIG_DRIVE_DISCHARGE) == 0;
  drives.path = next_path(settings, discharge, now_ns, drives);
  uint32_t on = charge ? PACKRIG_DRIVE_CHARGE : 0u;
  if (drives.path == DischargePath::closed) on |= PACKRIG_DRIVE_DISCHARGE;
  if (drives.path == DischargePath::precharging) on |= PACKRIG_DRIVE_PRECHARGE;
  drives.on = static_cast<uint16_t>(on);
  drives.closed = static_cast<uint16_t>(drives.closed | (charge ? PACKRIG_DRIVE_CHARGE : 0u) |
                                        (discharge ? PACKRIG_DRIVE_DISCHARGE : 0u));
}

}  // namespace packrig::bms
