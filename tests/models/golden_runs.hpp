// Busy runs of what computes in vectors, each told by a check sum of all its results. The sums are the same with gcc
// and clang, at every optimisation, in scalar code and in vectors of any width: golden_runs_test.cpp holds them in the
// builds that there are, tests/python/test_same_bits.py with other compilers and widths.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/cells/ecm_bank.hpp"
#include "models/cells/spme_bank.hpp"
#include "models/math/elementary.hpp"
#include "models/math/random.hpp"
#include "models/thermal_network.hpp"
#include "tests/models/cells/test_cells.hpp"
#include "tests/models/cells/test_electrochemistry.hpp"

namespace packrig::golden {

class CheckSum {
 public:
  void add(std::span<const double> values) {
    for (const double value : values) sum_ = sum_ * 31U + std::bit_cast<std::uint64_t>(value);
  }
  std::uint64_t value() const { return sum_; }

 private:
  std::uint64_t sum_ = 0;
};

inline std::uint64_t elementary_functions() {
  math::Random random(11);
  std::vector<double> x(10'000);
  std::vector<double> square(x.size());
  std::vector<double> result(x.size());
  for (double& value : x) value = 100.0 * (random.uniform() - 0.5);
  for (std::size_t i = 0; i < x.size(); ++i) square[i] = x[i] * x[i];
  CheckSum sum;
  math::exp(x, result);
  sum.add(result);
  math::expm1(x, result);
  sum.add(result);
  math::log(square, result);
  sum.add(result);
  math::tanh(x, result);
  sum.add(result);
  return sum.value();
}

// 25 cells (so that a vector of any width ends beyond the last) that differ, under random currents; each step of 1 s
// and at times 0.37 s, heat through the thermal network, in air that warms by 40 K.
template <class Bank>
std::uint64_t bank_run(Bank bank, double largest_A) {
  math::Random random(12);
  const auto cells = static_cast<std::size_t>(bank.size());
  ThermalNetwork network({}, cells, 60.0, 15.0, 15.0);
  std::vector<double> current_A(cells);
  CheckSum sum;
  constexpr int steps = 4000;
  for (int step = 0; step < steps; ++step) {
    for (double& value : current_A) value = largest_A * (2.0 * random.uniform() - 0.9);
    const double dt_s = step % 7 == 0 ? 0.37 : 1.0;
    bank.advance(current_A, dt_s);
    network.advance(bank.heat_W(), 1.0, 15.0 + 40.0 * step / steps, dt_s);
    if (step % 10 == 0) bank.set_temperature_degC(network.cell_degC());
    for (const auto& row : {bank.open_V(), bank.series_Ohm(), bank.soc(), bank.temperature_degC(), bank.heat_W()}) {
      sum.add(row);
    }
    sum.add(std::array{network.board_degC()});
  }
  return sum.value();
}

struct Spread {
  std::vector<double> soc;
  std::vector<double> capacity;
  std::vector<double> resistance;
};
inline Spread spread_of_25() {
  math::Random random(13);
  Spread spread;
  for (int cell = 0; cell < 25; ++cell) {
    spread.soc.push_back(0.45 + 0.2 * random.uniform());
    spread.capacity.push_back(1.0 + 0.02 * random.normal());
    spread.resistance.push_back(1.0 + 0.1 * random.normal());
  }
  return spread;
}

inline std::uint64_t electrochemical_cells(double largest_A) {
  ElectrochemicalSet set = reference::round_cell();
  const std::vector<double> ends{0.0, 1.0};
  const std::vector<double> gap_V{0.01, 0.02};
  set.hysteresis = {true, 50.0, math::Table1("gap", ends, gap_V, stoichiometry_grid())};
  const Spread spread = spread_of_25();
  return bank_run(
      SpmeBank(std::make_shared<const ElectrochemicalSet>(set), {spread.capacity, spread.resistance, spread.soc, 15.0}),
      largest_A);
}
// The second in steps of so little charge that the hysteresis goes by its short series.
inline std::uint64_t driven_cells() { return electrochemical_cells(8.0); }
inline std::uint64_t resting_cells() { return electrochemical_cells(0.2); }

inline std::uint64_t equivalent_circuits() {
  const Spread spread = spread_of_25();
  return bank_run(EcmBank(std::make_shared<const CellSet>(reference::bent_cell()),
                          {spread.capacity, spread.resistance, spread.soc, 15.0}),
                  20.0);
}

struct GoldenRun {
  const char* name;
  std::uint64_t (*run)();
  std::uint64_t sum;
};
inline constexpr std::array<GoldenRun, 4> golden_runs{{
    {"elementary functions", elementary_functions, 11656103820534567598U},
    {"electrochemical cells", driven_cells, 2149086054800794081U},
    {"electrochemical cells, nearly at rest", resting_cells, 3037947465864338011U},
    {"equivalent circuits", equivalent_circuits, 8444524614547910016U},
}};

}  // namespace packrig::golden
