// What only a test may see: the state of the firmware on the desk, by its own types.
#pragma once

#include <cstdint>

#include "models/bms/firmware.hpp"
#include "tests/bms/desk.hpp"

namespace packrig::test {

// power_mode, by afe_frame.h.
constexpr int off = 0, storage = 1, standby = 2, running = 3, running_with_bus = 4;
constexpr std::uint8_t capacity_register = 0x20;

inline bms::Firmware& firmware_of(Desk& desk) { return *static_cast<bms::Firmware*>(desk.state()); }
inline const bms::Firmware& firmware_of(const Desk& desk) { return *static_cast<const bms::Firmware*>(desk.state()); }
inline bms::ShownCharge charge_of(const Desk& desk) { return bms::charge_of(firmware_of(desk).charge); }
inline bms::PowerReason reason_of(const Desk& desk) { return firmware_of(desk).power.reason; }
inline std::uint32_t alarms_of(const Desk& desk) { return firmware_of(desk).protections.alarms; }

}  // namespace packrig::test
