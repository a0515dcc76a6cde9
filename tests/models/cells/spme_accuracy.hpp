// How far SpmeBank is from the same equations solved another way: what its tests hold and its benchmarks show.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/cells/particle_modes.hpp"
#include "tests/models/cells/charge_sum.hpp"
#include "tests/models/cells/one_cell.hpp"
#include "tests/models/cells/spme_reference.hpp"
#include "tests/models/cells/test_electrochemistry.hpp"

namespace packrig::reference {

// Of a particle's surface after a step of current, as a share of where it settles, at any time.
inline double worst_step_share() {
  double worst = 0.0;
  for (double power = -10.0; power < 1.5; power += 0.01) {
    const double tau = std::pow(10.0, power);
    double response = 0.0;
    for (std::size_t k = 0; k < particle_mode_count; ++k) {
      response -= particle_weight[k] * std::expm1(-particle_rate_factor[k] * tau);
    }
    worst = std::max(worst, std::fabs(response - sphere_response(tau)));
  }
  return worst;
}

struct OffOdeint {
  double root_mean_square_V;
  double worst_V;
};
// Against finite volumes by Boost.Odeint: 1C, rest, 2C charge, looked at from 20 ms on.
inline OffOdeint off_odeint() {
  const ElectrochemicalSet set = round_cell();
  SpmeBank bank = one_cell(set, 0.6);
  SpmeReference truth(set, 0.6);
  const struct {
    double current_A;
    double duration_s;
  } phases[] = {{set.capacity_Ah, 60.0}, {0.0, 10.0}, {-2.0 * set.capacity_Ah, 20.0}};
  double squares_V2 = 0.0;
  double worst_V = 0.0;
  int count = 0;
  for (const auto& phase : phases) {
    double step_s = 0.02;
    for (double t_s = 0.0; t_s < phase.duration_s; t_s += step_s, step_s = std::min(1.5 * step_s, 2.0)) {
      bank.advance(std::vector<double>{phase.current_A}, step_s);
      truth.advance(phase.current_A, step_s);
      const double off_V = terminal_V(bank, 0, phase.current_A) - truth.terminal_V(phase.current_A);
      worst_V = std::max(worst_V, std::fabs(off_V));
      squares_V2 += off_V * off_V;
      ++count;
    }
  }
  return {std::sqrt(squares_V2 / count), worst_V};
}

inline double charge_off_soc() {
  const ElectrochemicalSet set = round_cell();
  SpmeBank bank = one_cell(set, 0.5);
  return charge_off_soc(bank, set.capacity_Ah, 5.0);
}

}  // namespace packrig::reference
