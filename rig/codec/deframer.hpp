// Cuts frames out of a stream of bytes, whatever comes between them.
//
// A protocol gives a matcher: is this the beginning of a frame, a whole one, or nothing? After nothing, one byte is
// dropped and what lies behind is looked at anew, so a header with a false length hides no frame that follows it: it is
// found at the latest when the line has been silent for `silence_ns`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/time.hpp"

namespace packrig {

struct Match {
  enum class Kind : std::uint8_t { more, nothing, frame };
  Kind kind = Kind::nothing;
  std::size_t length = 0;  // of the frame, in bytes

  static constexpr Match more() { return {Kind::more, 0}; }
  static constexpr Match nothing() { return {Kind::nothing, 0}; }
  static constexpr Match frame(std::size_t length) { return {Kind::frame, length}; }
};

// `bytes` begins where a frame may begin and is never empty.
using Matcher = Match (*)(std::span<const std::uint8_t> bytes);

// A frame whose form and check sum are right.
struct RawFrame {
  TimeNs arrival_ns = 0;  // the end of its last byte's stop bit
  std::vector<std::uint8_t> bytes;
};

class Deframer {
 public:
  // Within a frame no byte follows later than `silence_ns` after the one before. Throws BadInput unless it is above 0.
  Deframer(Matcher matcher, TimeNs silence_ns);

  // A byte at the end of its stop bit; time never runs backwards.
  void push(std::uint8_t byte, TimeNs at_ns);
  // The line is known to have been silent up to now: a frame that still lacks bytes is given up after the silence.
  void settle(TimeNs now_ns);
  // The next whole frame, oldest first.
  std::optional<RawFrame> next();
  // Forgets what was not a frame yet: a new question is asked.
  void reset();

  // Bytes that belonged to no frame.
  std::uint64_t dropped_count() const { return dropped_count_; }

 private:
  void scan(bool closed);
  void drop(std::size_t count);

  Matcher matcher_;
  TimeNs silence_ns_;
  TimeNs last_ns_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::vector<TimeNs> at_ns_;  // per byte
  std::vector<RawFrame> found_;
  std::uint64_t dropped_count_ = 0;
};

}  // namespace packrig
