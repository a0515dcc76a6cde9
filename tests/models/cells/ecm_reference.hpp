// The cell's equations once more, for Boost.Odeint: an independent way to the numbers that the bank must give.
#pragma once

#include <algorithm>
#include <array>
#include <boost/numeric/odeint.hpp>

#include "models/cells/cell_set.hpp"

namespace packrig::reference {

// SoC, v_1, v_2, temperature [degC], which stays.
using State = std::array<double, 4>;

struct Cell {
  const CellSet& set;
  double current_A;
  double capacity_factor = 1.0;
  double resistance_factor = 1.0;

  double series_Ohm(const State& x) const { return resistance_factor * set.series_Ohm.at(x[0], x[3]); }
  double terminal_V(const State& x) const {
    return set.open_circuit_V.at(x[0], x[3]) - x[1] - x[2] - current_A * series_Ohm(x);
  }
  void operator()(const State& x, State& rate, double /*t*/) const {
    for (std::size_t k = 0; k < 2; ++k) {
      const double branch_Ohm = resistance_factor * set.rc[k].resistance_Ohm.at(x[0], x[3]);
      rate[1 + k] = (branch_Ohm * current_A - x[1 + k]) / set.rc[k].time_constant_s.at(x[0], x[3]);
    }
    rate[0] = -current_A / (3600.0 * set.capacity_Ah * capacity_factor);
    rate[3] = 0.0;  // temperature is given from outside
  }
};

// Moves `state` by `duration_s` under constant current with a controlled Dormand-Prince method.
inline void integrate(const Cell& cell, State& state, double duration_s, double tolerance) {
  namespace odeint = boost::numeric::odeint;
  const auto stepper = odeint::make_controlled(tolerance, tolerance, odeint::runge_kutta_dopri5<State>());
  odeint::integrate_adaptive(stepper, cell, state, 0.0, duration_s, std::min(duration_s, 0.1));
}

}  // namespace packrig::reference
