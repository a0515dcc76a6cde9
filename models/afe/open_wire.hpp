// The front end's test for open wires: a small current out of every second tap and into the others.
//
// A wire holds its tap against it. A tap without one gives way: with 1 MOhm between neighbouring inputs, 2 uA move it
// by 1 V, so the cell below it reads 1 V less and the one above 1 V more; with the directions exchanged the other way
// round. An end tap has one input only, and moves by 2 V. Front ends use 10 to 100 uA behind inputs of 10 to 100 kOhm
// [assumed: scaled to the harness's 1 MOhm].
#pragma once

#include <array>
#include <cstdint>

#include "models/connector.hpp"

namespace packrig {

inline constexpr double open_wire_test_A = 2e-6;

// Adds the test current to what is fed into each tap; `taps` as PackrigAfeCommands::open_wire_taps: 0 none, 1 out of
// the even ones, 2 out of the odd ones.
void feed_test_current(std::uint8_t taps, int cell_count, std::array<double, tap_count_max>& feed_A);

}  // namespace packrig
