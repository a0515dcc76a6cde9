// A serial line between two ends in one process, with the timing of its bytes in simulated time: no byte arrives before
// its stop bit is over, and each way the line carries one byte at a time.
//
// Time belongs to the bus and passes only while an end waits: in read() it jumps to the next byte's arrival or to the
// deadline, in write() to the instant at which there is room again.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "rig/link/byte_link.hpp"
#include "rig/link/serial_settings.hpp"

namespace packrig {

class VirtualBus {
 public:
  // What an end keeps, to be sent and received, as Linux's terminals do; what comes in beyond it is lost and counted.
  static constexpr std::size_t buffer_bytes = 4096;

  // Throws BadInput for a baud rate outside 1 .. 10 million.
  explicit VirtualBus(const std::string& name, SerialSettings settings = {});
  ~VirtualBus();
  VirtualBus(const VirtualBus&) = delete;
  VirtualBus& operator=(const VirtualBus&) = delete;

  // Ends 0 and 1; what one writes the other reads.
  ByteLink& end(int number);

  TimeNs now_ns() const { return now_ns_; }
  // Start bit, eight data bits, stop bit.
  TimeNs byte_ns() const { return byte_ns_; }
  // Bytes that came to a full buffer, both ways.
  std::uint64_t lost_count() const;

  // Pulled: both ends fault until it is plugged in again; what was on its way is gone.
  void unplug();
  void plug_in() { plugged_ = true; }

 private:
  class Lane;
  class End;

  TimeNs byte_ns_;
  TimeNs now_ns_ = 0;
  bool plugged_ = true;
  std::array<std::unique_ptr<Lane>, 2> lanes_;  // lane k carries what end k writes
  std::array<std::unique_ptr<End>, 2> ends_;
};

}  // namespace packrig
