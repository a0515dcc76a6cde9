// A CAN interface of the kernel (SocketCAN), classic and FD.
#pragma once

#include <string>

#include "rig/link/descriptor.hpp"
#include "rig/link/frame_link.hpp"

namespace packrig {

class CanSocket final : public FrameLink {
 public:
  // `interface` such as "can0". Throws BenchFault naming it when this kernel has no CAN, or the interface is not there
  // or not up.
  explicit CanSocket(const std::string& interface);

  const std::string& name() const override { return interface_; }
  TimeNs now_ns() const override { return wall_now_ns(); }
  void send(const CanFrame& frame, TimeNs deadline_ns) override;
  std::optional<CanFrame> receive(TimeNs deadline_ns) override;
  void reopen(TimeNs deadline_ns) override;

 private:
  void open();

  std::string interface_;
  Descriptor socket_;
};

}  // namespace packrig
