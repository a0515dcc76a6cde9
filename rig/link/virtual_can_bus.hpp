// A CAN bus between nodes in one process, with arbitration and the length of its frames in simulated time.
//
// Time belongs to the bus and passes only while a node waits in receive(): then it jumps to the end of the next frame
// or to the deadline. Frames have their longest length (every stuff bit that can occur), so that nothing is ever
// promised sooner than a real bus may bring it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rig/link/frame_link.hpp"

namespace packrig {

class VirtualCanBus {
 public:
  // Frames that a node keeps, to be sent and received. What comes in beyond it is lost and counted.
  static constexpr std::size_t queue_frames = 256;

  // Throws BadInput for a bit rate outside 1000 .. 1 million, or a node count outside 2 .. 32.
  VirtualCanBus(const std::string& name, int bit_rate, int node_count);
  ~VirtualCanBus();
  VirtualCanBus(const VirtualCanBus&) = delete;
  VirtualCanBus& operator=(const VirtualCanBus&) = delete;

  FrameLink& node(int number);  // from 0

  TimeNs now_ns() const { return now_ns_; }
  // How long a classic frame holds the bus, interframe space included.
  TimeNs frame_ns(const CanFrame& frame) const;
  std::uint64_t lost_count() const;

  void unplug();
  void plug_in() { plugged_ = true; }

 private:
  class Node;

  // Puts the next frame on the bus that can be there by `until_ns`; false when there is none.
  bool carry_one(TimeNs until_ns);

  int bit_rate_;
  TimeNs now_ns_ = 0;
  TimeNs free_ns_ = 0;  // when the bus has carried what is on it
  bool plugged_ = true;
  std::vector<std::unique_ptr<Node>> nodes_;
};

}  // namespace packrig
