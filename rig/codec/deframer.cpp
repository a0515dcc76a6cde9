#include "rig/codec/deframer.hpp"

#include <string>

#include "models/errors.hpp"

namespace packrig {

namespace {

// More than the longest frame of any protocol here; a matcher that wants more is answered as if the line were silent.
constexpr std::size_t buffer_max = 2048;

}  // namespace

Deframer::Deframer(Matcher matcher, TimeNs silence_ns) : matcher_(matcher), silence_ns_(silence_ns) {
  if (silence_ns <= 0) throw BadInput("silence_ns = " + std::to_string(silence_ns) + "; accepted: above 0");
}

void Deframer::push(std::uint8_t byte, TimeNs at_ns) {
  settle(at_ns);
  last_ns_ = at_ns;
  bytes_.push_back(byte);
  at_ns_.push_back(at_ns);
  scan(bytes_.size() >= buffer_max);
}

void Deframer::settle(TimeNs now_ns) {
  if (!bytes_.empty() && now_ns - last_ns_ > silence_ns_) scan(true);
}

std::optional<RawFrame> Deframer::next() {
  if (found_.empty()) return std::nullopt;
  RawFrame frame = std::move(found_.front());
  found_.erase(found_.begin());
  return frame;
}

void Deframer::reset() {
  drop(bytes_.size());
  found_.clear();
}

void Deframer::drop(std::size_t count) {
  dropped_count_ += count;
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count));
  at_ns_.erase(at_ns_.begin(), at_ns_.begin() + static_cast<std::ptrdiff_t>(count));
}

void Deframer::scan(bool closed) {
  std::size_t begin = 0;  // bytes before it belong to no frame
  while (begin < bytes_.size()) {
    const Match match = matcher_(std::span<const std::uint8_t>(bytes_).subspan(begin));
    if (match.kind == Match::Kind::frame) {
      drop(begin);
      begin = 0;
      const auto length = static_cast<std::ptrdiff_t>(match.length);
      found_.push_back({at_ns_[match.length - 1], {bytes_.begin(), bytes_.begin() + length}});
      drop(match.length);
      dropped_count_ -= match.length;
    } else if (match.kind == Match::Kind::nothing || closed) {
      ++begin;
    } else {
      break;
    }
  }
  drop(begin);
}

}  // namespace packrig
