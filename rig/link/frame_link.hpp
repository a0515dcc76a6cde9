// A bus that carries CAN frames. Deadlines as in byte_link.hpp.
#pragma once

#include <optional>
#include <string>

#include "rig/link/can_frame.hpp"

namespace packrig {

class FrameLink {
 public:
  virtual ~FrameLink() = default;

  virtual const std::string& name() const = 0;
  virtual TimeNs now_ns() const = 0;

  // Queues one frame on the bus. Throws BadInput for a frame that no bus can carry, BenchFault naming the device when
  // the queue stays full until the deadline or the device is gone.
  virtual void send(const CanFrame& frame, TimeNs deadline_ns) = 0;

  // The next frame that another node sent, or nothing when the bus stayed silent until the deadline. Throws BenchFault
  // naming the device when it is gone or the bus went off.
  virtual std::optional<CanFrame> receive(TimeNs deadline_ns) = 0;

  // As ByteLink::reopen.
  virtual void reopen(TimeNs deadline_ns) = 0;
};

}  // namespace packrig
