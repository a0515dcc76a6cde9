#include "sim/charger.hpp"

#include "models/check.hpp"

namespace packrig {

void check(const Charger& charger) {
  check_range("charger.cv_V", charger.cv_V, 0.0, 1e3);
  check_range("charger.cc_A", charger.cc_A, 0.0, 10e3);
  check_range("charger.output_Ohm", charger.output_Ohm, 0.0, 100.0);
}

}  // namespace packrig
