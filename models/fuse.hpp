// A fuse: one thermal node, heated by I^2, that melts when it has taken its melting I2t faster than it loses it.
//
//      dq/dt = I^2 - q / tau,  melts at q = I2t,  tau = I2t / (1.25 rating)^2
//
// A short melts it after t = I2t / I^2 (adiabatic); 1.25 x rating is carried for ever. The factor is assumed, between
// the 1.1 x that a fuse must carry and the 1.35 x at which it must clear within an hour (UL 248 class T). A real fuse
// has slower nodes besides; the overload region between is therefore too fast here, the short-circuit region right.
#pragma once

#include "models/time.hpp"

namespace packrig {

struct FuseDescription {
  double rating_A = 300.0;         // assumed
  double melting_A2s = 60e3;       // I2t; assumed, between published class T values of 300 A and 400 A
  double resistance_Ohm = 0.1e-3;  // assumed, some ten mV at rating
  double blown_Ohm = 10e6;         // assumed; IEC 60269 asks for 0.1 MOhm after interruption
  double arc_V = 200.0;            // of the arc in the element; assumed, above any pack of 25 cells
};

// Throws BadInput unless 1 A <= rating <= 10 kA, 1 <= melting_A2s <= 1e9, 1 uOhm <= resistance <= 1 Ohm,
// 0.1 MOhm <= blown <= 100 MOhm, 150 V <= arc <= 10 kV.
void check(const FuseDescription& fuse);

class Fuse {
 public:
  Fuse() = default;
  explicit Fuse(const FuseDescription& description);

  bool blown() const { return blown_; }
  // How much more it takes, at once, before it melts; infinity once it has.
  double left_A2s() const;

  // When the fuse would melt, after a constant `square_A2` (mean of I^2) from now; never_ns when it never does.
  TimeNs time_to_melt_ns(double square_A2) const;

  // Takes `square_A2` for `dt_ns`; blows, for good, when it has melted by then.
  void advance(double square_A2, TimeNs dt_ns);

 private:
  double melting_A2s_ = 0.0;
  double tau_s_ = 0.0;
  double heat_A2s_ = 0.0;
  bool blown_ = false;
  TimeNs cached_dt_ns_ = -1;   // the interval that cached_decay belongs to: ticks repeat
  double cached_decay_ = 0.0;  // 1 - exp(-dt / tau)
};

}  // namespace packrig
