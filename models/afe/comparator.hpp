// The short-circuit comparator: continuous in time, independent of the scan, as fast as its delay.
//
// The voltage across the shunt passes a first-order low-pass and is compared with the threshold in both directions.
// Beyond it without a break for the delay, the comparator latches and opens its drive in hardware at that instant; it
// stays latched until the firmware rearms it. Each direction has its own latch and its own time: one that has latched
// does not make the other blind. The input is constant within hold(), so the filter's crossing of the threshold is
// solved exactly: f(t) = x + (f0 - x) exp(-t / tau).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "models/time.hpp"

namespace packrig {

enum class ShortDirection : std::uint8_t { discharge, charge };

struct ComparatorLatch {
  TimeNs at_ns;
  ShortDirection direction;
};

class Comparator {
 public:
  // `filter_s`: time constant of the low-pass; 0: none. Throws BadInput when negative or not finite.
  explicit Comparator(double filter_s);

  // Takes effect at the next hold(). Inactive until it is configured for the first time.
  void configure(double threshold_V, TimeNs delay_ns);
  // Clears both latches; an input that is still beyond is timed anew.
  void rearm();

  // The input stands at `shunt_V` within [from_ns, to_ns). Returns the latch if one happens within that interval. Where
  // both do, which takes a filter's tail and an interval of more than the delay, the later one is put off to the start
  // of the next.
  std::optional<ComparatorLatch> hold(double shunt_V, TimeNs from_ns, TimeNs to_ns);

  // When it would latch next if the last input stays; never_ns when it would not.
  TimeNs deadline_ns() const { return deadline_ns_; }
  bool latched(ShortDirection direction) const { return latched_[static_cast<std::size_t>(direction)]; }

 private:
  // [start_ns, end_ns): when the filtered input is beyond the threshold; start_ns = never_ns: not at all.
  struct Span {
    TimeNs start_ns;
    TimeNs end_ns;
  };
  Span beyond(double sign, double shunt_V, TimeNs from_ns) const;
  TimeNs wait_ns(double from_V, double towards_V, double until_V) const;

  double filter_s_;
  double filtered_V_ = 0.0;
  double threshold_V_ = 0.0;
  TimeNs delay_ns_ = 0;
  std::array<TimeNs, 2> beyond_since_ns_{never_ns, never_ns};  // by ShortDirection
  TimeNs deadline_ns_ = never_ns;
  std::array<bool, 2> latched_{};  // by ShortDirection
  bool configured_ = false;
  bool settled_ = false;  // the filter has been given its first input
};

}  // namespace packrig
