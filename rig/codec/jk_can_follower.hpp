// Follows what a board says on CAN. Every message stands for itself, but cells come four to a message: they are told
// together, once the last of them has come.
#pragma once

#include <cstddef>
#include <optional>

#include "rig/codec/jk_can.hpp"

namespace packrig::jk_can {

class Follower {
 public:
  // `cell_count` of the pack; 0: as many as the last round of messages had.
  explicit Follower(const Choices& choices = {}, std::size_t cell_count = 0)
      : choices_(choices), expected_count_(cell_count), counts_itself_(cell_count == 0) {}

  // What `frame` says by itself; where it ends a round, all cells with the last voltage of the pack, to compare with.
  // nullopt: none of JK's status messages, or cells of which more are to come.
  std::optional<Telemetry> hear(const Frame& frame);
  // All that has been said so far.
  const Telemetry& known() const { return known_; }

 private:
  Choices choices_;
  std::size_t expected_count_;
  bool counts_itself_;
  Telemetry round_;  // its cells alone
  Telemetry known_;
};

}  // namespace packrig::jk_can
