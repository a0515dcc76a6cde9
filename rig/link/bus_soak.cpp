#include "rig/link/bus_soak.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "models/errors.hpp"
#include "rig/link/virtual_bus.hpp"

namespace packrig {

namespace {

constexpr std::size_t frame_bytes = 300;
constexpr TimeNs longest_ns = 100 * 86'400 * second_ns;
using Frame = std::array<std::uint8_t, frame_bytes>;

// Its number, then bytes that another frame has elsewhere.
void fill(Frame& frame, std::uint64_t number) {
  std::memcpy(frame.data(), &number, sizeof number);
  for (std::size_t i = sizeof number; i < frame_bytes; ++i) frame[i] = static_cast<std::uint8_t>(number * 31 + i);
}

class Checker {
 public:
  explicit Checker(BusSoak& result) : result_(result) {}

  void take(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const std::size_t count = std::min(bytes.size(), frame_bytes - have_);
      std::copy_n(bytes.begin(), count, got_.begin() + static_cast<std::ptrdiff_t>(have_));
      have_ += count;
      bytes = bytes.subspan(count);
      if (have_ == frame_bytes) check();
    }
  }

  // All below `count` should have come.
  void finish(std::uint64_t count) { result_.lost_count += count - next_; }

 private:
  void check() {
    have_ = 0;
    std::uint64_t number = 0;
    std::memcpy(&number, got_.data(), sizeof number);
    fill(wanted_, number);
    if (got_ != wanted_) {
      ++result_.damaged_count;
      return;
    }
    ++result_.received_count;
    if (number < next_) {
      ++result_.out_of_order_count;
    } else {
      finish(number);
      next_ = number + 1;
    }
  }

  BusSoak& result_;
  Frame got_{};
  Frame wanted_{};
  std::size_t have_ = 0;
  std::uint64_t next_ = 0;
};

}  // namespace

BusSoak soak_bus(TimeNs duration_ns) {
  if (duration_ns < millisecond_ns || duration_ns > longest_ns) {
    throw BadInput("duration of a bus soak = " + std::to_string(to_s(duration_ns)) + " s; accepted: 0.001 .. " +
                   std::to_string(to_s(longest_ns)));
  }
  BusSoak result;
  VirtualBus bus("soak");
  Checker checker(result);
  Frame frame;
  std::array<std::uint8_t, 512> bytes;
  const auto hear = [&](TimeNs until_ns) {
    const std::size_t count = bus.end(1).read(bytes, until_ns);
    checker.take(std::span(bytes).first(count));
    return count != 0;
  };
  while (bus.now_ns() < duration_ns) {
    fill(frame, result.sent_count++);
    // Written a frame ahead, so that the line never falls idle; the reader follows at the pace of the line.
    bus.end(0).write(frame, duration_ns + second_ns);
    const TimeNs sent_ns = static_cast<TimeNs>((result.sent_count - 1) * frame_bytes) * bus.byte_ns();
    while (bus.now_ns() < sent_ns) hear(sent_ns);
  }
  while (hear(bus.now_ns() + second_ns)) {
  }
  checker.finish(result.sent_count);
  result.dropped_count = bus.lost_count();
  result.lasted_ns = bus.now_ns();
  return result;
}

}  // namespace packrig
