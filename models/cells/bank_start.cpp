#include "models/cells/bank_start.hpp"

#include <string>

#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {

namespace {

void check_factors(const char* name, std::span<const double> factors, std::size_t count) {
  if (!factors.empty() && factors.size() != count) {
    throw BadInput(std::string(name) + ": " + std::to_string(factors.size()) + " values, accepted: none or " +
                   std::to_string(count) + ", one per cell");
  }
  for (std::size_t i = 0; i < factors.size(); ++i) {
    check_range(std::string(name) + " of cell " + std::to_string(i + 1), factors[i], 0.01, 100.0);
  }
}

}  // namespace

void check(const BankStart& start) {
  const std::size_t count = start.soc.size();
  if (count == 0) throw BadInput("soc: 0 values, accepted: one per cell, at least one");
  check_factors("capacity_factor", start.capacity_factor, count);
  check_factors("resistance_factor", start.resistance_factor, count);
  for (std::size_t i = 0; i < count; ++i) {
    check_range("soc of cell " + std::to_string(i + 1), start.soc[i], 0.0, 1.0);
  }
  check_range("temperature_degC", start.temperature_degC, -60.0, 150.0);
}

void check_per_cell(const char* name, std::size_t found, std::size_t count) {
  if (found == count) return;
  throw BadInput(std::string(name) + ": " + std::to_string(found) + " values, accepted: " + std::to_string(count) +
                 ", one per cell");
}

void check_step(double dt_s) {
  if (dt_s > 0.0 && dt_s < 1e9) return;
  throw BadInput("dt_s: " + shown(dt_s) + ", accepted: above 0 and below 1e9 s");
}

}  // namespace packrig
