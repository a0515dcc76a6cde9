// What an analogue front end does to the truth before it quantises it.
#pragma once

#include <array>
#include <cstdint>

#include "models/connector.hpp"

namespace packrig {

// Of one channel: code = round(clip((value * (1 + gain_error) + offset + noise))). Zero is a perfect channel.
struct VoltageError {
  double gain_error = 0.0;  // relative
  double offset_V = 0.0;
  double noise_V = 0.0;  // root mean square, of each conversion
};

// Of the references of one channel, by how far the board is from 25 degC.
struct Drift {
  double gain_per_K = 0.0;  // relative
  double offset_V_per_K = 0.0;
};

struct AfeErrors {
  std::array<VoltageError, cell_count_max> cell{};
  // Integral non-linearity of the cell converter: a bow, nothing at 0 and 5 V and this much at 2.5 V.
  std::array<double, cell_count_max> cell_bow_V{};
  // Into the input of each tap, through the resistor of its filter: a tap that leaks reads lower, so the cell below it
  // loses what the cell above it gains.
  std::array<double, tap_count_max> leakage_A{};
  double input_filter_Ohm = 1000.0;  // [assumed] 1 kOhm and 100 nF before each input, as front-end makers advise
  VoltageError shunt;
  VoltageError supply;
  std::array<double, ntc_count> ntc_gain_error{};  // relative, of the resistance
  Drift cell_drift;                                // one reference for all cells
  Drift shunt_drift;
  Drift supply_drift;

  // Quantisation alone.
  static AfeErrors nominal() { return {}; }

  // A board as the sheet says boards usually are: each cell within +-5 mV over 0..5 V, offset, gain, bow and leakage
  // drawn by `seed` (at most 40, 30, 10 and 20 % of that [assumed]); shunt, supply and probes at a quarter of their
  // limits. Noise [assumed]: 0.3 mV cells, 2 uV shunt, 5 mV supply, rms. Drift adds to that [assumed]: over the 65 K
  // between 25 degC and the sheet's lowest ambient up to 3 mV of a cell at 5 V, 9 ppm/K as an ordinary reference has,
  // and a quarter of the limits of shunt and supply, half of it as offset.
  static AfeErrors typical(std::uint64_t seed, double shunt_Ohm);

  // Any board within the sheet's limits over its whole range: cell +-10 mV, shunt +-1.5 A (0.5 % of 300 A, the
  // stricter reading) across `shunt_Ohm`, pack +-0.5 V; probes +-1.5 % of resistance, [assumed] about 0.5 degC.
  // No noise: the limits are the whole error. A tenth of each is drift, in an ambient of -40 to 85 degC.
  static AfeErrors within_limits(std::uint64_t seed, double shunt_Ohm);

  // The same limits as pure offsets: every channel reads high (direction = +1) or low (-1) by the full limit, less one
  // count of the register that reports it, which is for rounding.
  // Throws BadInput for another direction.
  static AfeErrors at_limit(int direction, double shunt_Ohm);
};

}  // namespace packrig
