// What the plant's truth says of its cells, and the verdict that rests on it alone.
#pragma once

#include <vector>

#include "rig/judge.hpp"

namespace packrig {

// State of charge of the pack: what it can give before its emptiest cell is empty, against what it holds between that
// and its fullest cell. min(left) / (min(left) + min(room)), in Ah over the cells.
std::vector<Sample> true_soc(const Trace& trace);

Verdict judge_cell_current(const CellCurrentRule& rule, const Trace& trace);

}  // namespace packrig
