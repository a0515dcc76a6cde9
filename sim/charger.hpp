// A CC-CV charger on the charge port. It can only source.
#pragma once

namespace packrig {

struct Charger {
  bool connected = false;
  double cv_V = 0.0;         // open-circuit, and held behind output_Ohm
  double cc_A = 0.0;         // never more than this
  double output_Ohm = 5e-3;  // cable included
};

// Throws BadInput naming the member: cv 0 to 1 kV, cc 0 to 10 kA, output 0 to 100 Ohm.
void check(const Charger& charger);

}  // namespace packrig
