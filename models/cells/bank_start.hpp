// How the cells of a bank differ and where they start: the same for every kind of bank.
#pragma once

#include <cstddef>
#include <span>

namespace packrig {

// Spans are read in a bank's constructor only; each holds one number per cell, the two factors may be empty (every
// factor is 1).
struct BankStart {
  std::span<const double> capacity_factor;
  std::span<const double> resistance_factor;
  std::span<const double> soc;
  double temperature_degC = 25.0;
};

// Throws BadInput when there is no cell or a span's size differs, a factor is not in 0.01..100, a SoC not in 0..1 or
// the temperature not in -60..150 degC.
void check(const BankStart& start);

// Throws BadInput naming `name` unless as many values were found as there are cells.
void check_per_cell(const char* name, std::size_t found, std::size_t count);

// Throws BadInput unless the step is finite and positive.
void check_step(double dt_s);

}  // namespace packrig
