// Range checks of descriptions, so that every refusal reads the same.
#pragma once

#include <string>

namespace packrig {

// Throws BadInput "<member> = <value>: accepted is <low> to <high>" unless low <= value <= high. NaN never passes.
void check_range(const std::string& member, double value, double low, double high);

// The same for a count.
void check_range(const std::string& member, int value, int low, int high);

// A number as a message shows it: shortest form that reads back the same.
std::string shown(double value);

}  // namespace packrig
