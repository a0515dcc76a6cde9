// A line that carries bytes both ways: a serial port, a pty, or a bus that only exists in simulated time.
//
// Every wait has a deadline on the link's own clock, so the same code runs in wall-clock and in simulated time. A
// deadline that has passed means "at once": nothing here ever waits for ever.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "models/time.hpp"

namespace packrig {

class ByteLink {
 public:
  virtual ~ByteLink() = default;

  // The device, as messages name it.
  virtual const std::string& name() const = 0;

  // The link's own clock; it never steps back.
  virtual TimeNs now_ns() const = 0;

  // Hands all of `bytes` to the line. Throws BenchFault naming the device when the deadline passes first (what the line
  // has not carried by then is dropped) or the device is gone.
  virtual void write(std::span<const std::uint8_t> bytes, TimeNs deadline_ns) = 0;

  // At least one byte as soon as there is one; returns how many. 0 when the line stayed silent until the deadline:
  // silence is an answer and no fault. Throws BenchFault naming the device when it is gone.
  virtual std::size_t read(std::span<std::uint8_t> bytes, TimeNs deadline_ns) = 0;

  // Forgets what came in and was not read.
  virtual void drop_input() = 0;

  // Opens the device anew, as after a plug was pulled, and tries until the deadline. Throws BenchFault naming the
  // device when it is not there by then; may be called again.
  virtual void reopen(TimeNs deadline_ns) = 0;
};

}  // namespace packrig
