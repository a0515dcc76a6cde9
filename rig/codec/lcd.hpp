// The display's port: 2400 baud, the board speaks by itself about once a second, big-endian.
// Source: syssi/esphome-jk-bms (docs/display-port.md, components/jk_bms_display). 24 slots for cells.
#pragma once

#include <cstdint>
#include <span>

#include "rig/codec/deframer.hpp"
#include "rig/codec/telemetry.hpp"

namespace packrig::lcd {

inline constexpr double baud_Hz = 2400.0;
inline constexpr TimeNs silence_ns = 100 * millisecond_ns;  // 24 byte times [assumed]

// A5 5A, the number of bytes that follow, the command. No sum protects it.
Match match(std::span<const std::uint8_t> bytes);
// The status frame: written (0x82) to address 0x1000 with 90 bytes of data.
bool is_status(const RawFrame& raw);
// Of a status frame. The cells are absent where they are fewer than the pack's voltage tells of: a longer pack than the
// display has slots for.
Telemetry telemetry_of(const RawFrame& raw);

}  // namespace packrig::lcd
