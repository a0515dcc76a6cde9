// The verdict on a channel that must stay within a band.
#pragma once

#include "rig/judge.hpp"

namespace packrig {

Verdict judge_level(const LevelRule& rule, const Trace& trace);

}  // namespace packrig
