// Bytes to and from a target, with a deadline on each wait. Wall-clock time: this is outside the simulated world.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace packrig {

using Deadline = std::chrono::steady_clock::time_point;

class ByteChannel {
 public:
  virtual ~ByteChannel() = default;

  // Both throw BenchFault naming the cause: the deadline passed, the target is gone.
  virtual void write(std::span<const std::uint8_t> bytes, Deadline deadline) = 0;
  // At least one byte; returns how many.
  virtual std::size_t read(std::span<std::uint8_t> bytes, Deadline deadline) = 0;

  // Ends the target for good; nothing of it is left running.
  virtual void close() noexcept = 0;
  // What the target last said beside the channel, for an error message; empty when nothing. Best after close().
  virtual std::string last_words() const = 0;
};

}  // namespace packrig
