#include "rig/codec/jk_can_follower.hpp"

namespace packrig::jk_can {

std::optional<Telemetry> Follower::hear(const Frame& frame) {
  const auto first = first_cell(frame, choices_);
  if (!first) {
    Telemetry said;
    if (!merge(frame, choices_, said)) return std::nullopt;
    merge(frame, choices_, known_);
    return said;
  }
  if (*first == 0) {
    if (counts_itself_) expected_count_ = round_.cell_V.size();
    round_ = {};
  }
  if (!merge(frame, choices_, round_)) return std::nullopt;
  if (expected_count_ == 0 || round_.cell_V.size() < expected_count_) return std::nullopt;
  known_.cell_V = round_.cell_V;
  known_.arrival_ns = round_.arrival_ns;
  Telemetry said = round_;
  said.pack_V = known_.pack_V;
  return said;
}

}  // namespace packrig::jk_can
