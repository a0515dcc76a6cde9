// Profiles over time (a drive cycle's current, an ambient temperature) as CSV files.
#pragma once

#include <string>
#include <vector>

#include "sim/profile.hpp"

namespace packrig {

// Two columns, time in seconds and value, separated by a comma. Empty lines and lines that begin with '#' are skipped;
// the first other line may be a header. Throws BadInput naming the file, the line, what stands there and what is
// accepted: when the file cannot be opened or has no point, a line has not two columns, a field is not a finite
// number, or time does not rise.
std::vector<ProfilePoint> read_profile(const std::string& path);

}  // namespace packrig
