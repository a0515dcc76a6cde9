// From the board's units to a protocol's coarser ones, to the nearest and halves away from zero.
#pragma once

#include <stdint.h>

namespace packrig::bms {

constexpr int32_t round_div(int32_t value, int32_t by) { return (value + (value < 0 ? -by / 2 : by / 2)) / by; }

constexpr int32_t to_degC(int32_t value_ddegC) { return round_div(value_ddegC, 10); }

}  // namespace packrig::bms
