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

void drive(const Settings& settings, uint32_t cuts, bool ready, int64_t now_ns, Drives& drives) {
  const bool charge = ready && setting(settings, charge_switch) != 0 && (cuts & PACKRIG_DRIVE_CHARGE) == 0;
  const bool discharge = ready && setting(settings, discharge_switch) != 0 && (cuts & PACKRIG_DRIVE_DISCHARGE) == 0;
  drives.path = next_path(settings, discharge, now_ns, drives);
  uint32_t on = charge ? PACKRIG_DRIVE_CHARGE : 0u;
  if (drives.path == DischargePath::closed) on |= PACKRIG_DRIVE_DISCHARGE;
  if (drives.path == DischargePath::precharging) on |= PACKRIG_DRIVE_PRECHARGE;
  drives.on = on;
}

}  // namespace packrig::bms
