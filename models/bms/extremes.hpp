// The cells and probes that lie furthest to one side, and the sum of the cells: what protections, power modes,
// balancing and the heater are judged by.
#pragma once

#include <stdint.h>

#include "measurement.hpp"
#include "settings.hpp"

namespace packrig::bms {

enum class Side : uint8_t { above, below };

struct Reading {
  bool present;
  int32_t value;
};

constexpr bool further(Side side, int32_t value, int32_t than) {
  return side == Side::above ? value > than : value < than;
}

// Of the cells that the setting counts.
struct CellRange {
  int32_t lowest_mV;
  int32_t highest_mV;
  int32_t sum_mV;
};
CellRange cell_range(const Settings& settings, const Measurements& measured);
// Of the same, the one that lies there: the first of equals, 0 for cell 1.
uint32_t extreme_cell(Side side, const Settings& settings, const Measurements& measured);
// In 0.1 degC, of the probes that are readable; none while the setting has disabled them.
Reading extreme_probe(Side side, const Settings& settings, const Measurements& measured);
// Probes that are shorted or lost, a bit each; none while the setting has disabled them. The bit behind them is the
// board's own sensor, which cannot be disabled.
uint8_t faulty_probes(const Settings& settings, const Measurements& measured);

}  // namespace packrig::bms
