#include "models/afe/supply.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "models/errors.hpp"

namespace packrig {
namespace {

// Four fifths of the sheet's limits (< 5 mA without, 15 mA with communication, < 2 mA standby, nothing in storage),
// so that a nominal board keeps its promise with margin at the lowest supply, where a converter draws most.
constexpr double margin = 0.8;
constexpr std::array<double, 5> lowest_supply_A = {
    0.0,             // off
    0.0,             // storage
    margin * 0.002,  // standby
    margin * 0.005,  // running
    margin * 0.015,  // running with bus
};

// Apart, so that what is asked each tick needs no room for a text.
[[noreturn, gnu::noinline]] void refuse(std::uint8_t power_mode) {
  throw BadInput("power_mode is " + std::to_string(power_mode) + ", accepted: 0 to 4");
}

}  // namespace

double afe_supply_A(std::uint8_t power_mode, double supply_V) {
  if (power_mode >= lowest_supply_A.size()) refuse(power_mode);
  if (supply_V <= 0.0) return 0.0;
  return lowest_supply_A[power_mode] * afe_supply_low_V / std::max(supply_V, afe_supply_low_V);
}

}  // namespace packrig
