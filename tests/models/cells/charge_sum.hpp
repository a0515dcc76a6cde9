// Whether a bank of either kind loses charge over many steps.
#pragma once

#include <vector>

#include "models/math/random.hpp"

namespace packrig::reference {

// Of the state of charge of a bank of one cell that begins half full, after a million steps of random current within
// +-half_span_A, against a sum of more digits.
template <class Bank>
double charge_off_soc(Bank& bank, double capacity_Ah, double half_span_A) {
  math::Random random(3);
  long double moved_As = 0.0L;
  std::vector<double> current_A(1);
  for (int i = 0; i < 1'000'000; ++i) {
    current_A[0] = 2.0 * half_span_A * (random.uniform() - 0.5);
    moved_As += static_cast<long double>(current_A[0]) * 0.001L;
    bank.advance(current_A, 0.001);
  }
  return static_cast<double>(static_cast<long double>(bank.soc()[0]) - (0.5L - moved_As / (3600.0L * capacity_Ah)));
}

}  // namespace packrig::reference
