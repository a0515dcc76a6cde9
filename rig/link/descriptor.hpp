// An open file of the operating system, and waiting for it on the wall clock's monotonic time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "models/time.hpp"

namespace packrig {

// Monotonic wall-clock time.
TimeNs wall_now_ns();

// The system's words for an errno.
std::string system_words(int error);

// Calls `attempt` until it does not throw BenchFault, every 20 ms until the deadline; then its fault goes through.
void retry_until(TimeNs deadline_ns, const std::function<void()>& attempt);

// Closes what it holds.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }
  void close() noexcept;

 private:
  int number_ = -1;
};

// Hung up: the other side is gone and nothing is left to read.
enum class Ready : std::uint8_t { silent, ready, hung_up };

// Waits until there is something to read (or room to write) or the deadline passes; a negative number is hung up.
Ready wait_to_read(int number, TimeNs deadline_ns);
Ready wait_to_write(int number, TimeNs deadline_ns);

// What every kind of serial port does with its non-blocking descriptor, as ByteLink promises it.
void write_all(int number, const std::string& device, std::span<const std::uint8_t> bytes, TimeNs deadline_ns);
std::size_t read_some(int number, const std::string& device, std::span<std::uint8_t> bytes, TimeNs deadline_ns);

}  // namespace packrig
