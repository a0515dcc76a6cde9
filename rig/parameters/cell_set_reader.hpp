// Cell sets as files: models/parameters/*.json, whose layout is described in models/parameters/README.md.
#pragma once

#include <string>

#include "models/cells/cell_set.hpp"

namespace packrig {

// Reads one cell. Throws BadInput naming the file, the key, its value and what is accepted: when the file cannot be
// opened or is not JSON, a key is missing or unknown, a number is not finite or outside its range, knots do not rise,
// an open-circuit row does not rise with SoC, or a composed set carries no label.
CellSet read_cell_set(const std::string& path);

}  // namespace packrig
