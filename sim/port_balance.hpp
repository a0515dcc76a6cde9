// Where the current that the loop brings to the load port meets the current that hangs on it.
//
// Both are known in closed form, piece by piece: the loop's falls in straight pieces (the charger is off, regulates its
// voltage or its current), the load's consists of straight and hyperbolic ones. So is their crossing, and there is
// always one: no iteration that might not end, however steep a load's knee is.
#pragma once

#include <span>

#include "models/bounded_list.hpp"
#include "sim/load.hpp"

namespace packrig {

// loop_A(port_V) = offset_A - slope_S port_V from from_V up to the next piece.
struct LoopPiece {
  double from_V;
  double slope_S;
  double offset_A;
};

class LoopCurve {
 public:
  // No loop: nothing flows whatever the voltage.
  LoopCurve();
  // One source behind one resistor.
  LoopCurve(double open_V, double loop_Ohm);

  // Below the last piece, which therefore ends downwards at `from_V`.
  void extend_downwards(double from_V, double open_V, double loop_Ohm);

  double current_A(double port_V) const;
  // In falling order; the last one reaches down to -infinity.
  std::span<const LoopPiece> pieces() const { return {pieces_.begin(), pieces_.size()}; }

 private:
  BoundedList<LoopPiece, 3> pieces_;
};

// What besides the load hangs on the port: short_S v + hold_S (v - hold_V), the latter a capacitor over one step.
struct PortShunt {
  double short_S = 0.0;
  double hold_S = 0.0;
  double hold_V = 0.0;
};

// The port voltage at which the currents balance that is reached from `start_V` in the direction in which their
// difference drives a capacitor. It is a stable one, and the nearest. The slopes must not all be 0.
double balanced_port_V(const LoopCurve& loop, const LoadCurve& load, const PortShunt& shunt, double start_V);

}  // namespace packrig
