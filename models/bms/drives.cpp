#include "drives.hpp"

#include "afe_frame.h"
#include "spans.hpp"

namespace packrig::bms {
namespace {

DischargePath next_path(const Part& part, const Settings& settings, const Measurements& measured, bool wanted,
                        int64_t now_ns, Drives& drives) {
  if (!wanted) {
    drives.precharge_failed = 0;
    return DischargePath::open;
  }
  if (drives.path == DischargePath::closed) return DischargePath::closed;
  if (drives.precharge_failed != 0) return DischargePath::open;
  const int32_t duration_s = part.precharge_fitted ? setting(settings, precharge_s) : 0;
  if (duration_s == 0) return DischargePath::closed;
  if (drives.path == DischargePath::open) {
    drives.precharge_since_ns = now_ns;
    drives.before_mA = measured.current_mA;
  }
  if (now_ns - drives.precharge_since_ns < s_in_ns(duration_s)) {
    return DischargePath::precharging;
  }
  // A discharge current that has not decayed by now flows into a short circuit or a load that is switched on: the main
  // contact would have to make it. What was there before is the sensor's zero.
  const bool came_with_it = measured.current_mA - drives.before_mA > part.flowing_mA;
  if (!discharges(part, measured) || !came_with_it) return DischargePath::closed;
  drives.precharge_failed = 1;
  return DischargePath::open;
}

}  // namespace

void drive(const Part& part, const Settings& settings, const Measurements& measured, const Protections& protections,
           Permission permission, int64_t now_ns, Drives& drives) {
  if (protections.wrong_count != 0) drives.closed = 0;
  const uint32_t cuts = permission.emergency ? protections.firm_cuts : protections.cuts;
  const uint32_t counting = permission.emergency ? protections.firm_counting : protections.counting;
  const uint32_t held = cuts | (counting & ~static_cast<uint32_t>(drives.closed));
  const bool charge = permission.ready && setting(settings, charge_switch) != 0 && (held & PACKRIG_DRIVE_CHARGE) == 0;
  const bool discharge =
      permission.ready && setting(settings, discharge_switch) != 0 && (held & PACKRIG_DRIVE_DISCHARGE) == 0;
  drives.path = next_path(part, settings, measured, discharge, now_ns, drives);
  uint32_t on = charge ? PACKRIG_DRIVE_CHARGE : 0u;
  if (drives.path == DischargePath::closed) on |= PACKRIG_DRIVE_DISCHARGE;
  if (drives.path == DischargePath::precharging) on |= PACKRIG_DRIVE_PRECHARGE;
  drives.on = static_cast<uint16_t>(on);
  drives.closed = static_cast<uint16_t>(drives.closed | (charge ? PACKRIG_DRIVE_CHARGE : 0u) |
                                        (discharge ? PACKRIG_DRIVE_DISCHARGE : 0u));
}

}  // namespace packrig::bms
