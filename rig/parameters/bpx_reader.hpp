// Electrochemical cell sets as files in the Battery Parameter eXchange format (https://bpxstandard.com): JSON of
// versions 0.x and 1.x, of which 1.x holds temperatures and the initial concentration in a section "State".
//
// What this reader asks beyond the standard: one active material per electrode, an electrolyte (model SPMe or DFN),
// heat capacity, density and volume. Under "User-defined" it knows
//   "Composed"                                  1: put together from literature, never validated; shown with every
//   result "Open-circuit hysteresis half gap [V]"      over SoC: half of what lies between charge and discharge, with
//   "Open-circuit hysteresis decay constant"    per cell capacity of charge (models/cells/electrochemical_set.hpp)
// and without them the two branches of version 1.x ("OCP (lithiation) [V]" ...) where an electrode has them. The
// chemistry is read off the potentials: LTO by a negative electrode above 1 V, LFP by a positive one below 3.6 V.
// The coefficient of heat transfer is assumed to be 10 W/m2/K (still air) where the file has none.
#pragma once

#include <string>

#include "models/cells/electrochemical_set.hpp"

namespace packrig {

// Throws BadInput naming the file, the key, its value and what is accepted: when the file cannot be opened or is not
// JSON, a key is missing or unknown, a number is not finite or outside its range, an expression is not one
// (expression.hpp) or not finite, a table's x does not rise, a potential does not fall within the window of
// stoichiometry, or the capacity of the windows is not the nominal one within a factor of 1.5.
ElectrochemicalSet read_bpx(const std::string& path);

}  // namespace packrig
