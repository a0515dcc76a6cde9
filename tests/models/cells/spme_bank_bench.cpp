// Cell-steps per second of the electrochemical bank, voltage read every step and temperature moved each 0.1 s, beside
// what the machine could do at most (fused multiply-adds, four lanes) and what the same equations cost by Boost.Odeint,
// both measured in the same run. Processor time of this thread, because machines share their cores: quote the ratios.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "models/cells/spme_bank.hpp"
#include "models/thermal_network.hpp"
#include "tests/machine.hpp"
#include "tests/models/cells/spme_reference.hpp"
#include "tests/models/cells/test_electrochemistry.hpp"

namespace packrig {
namespace {

using machine::processor_s;

// Cell-steps of 1 ms per second by Odeint.
double odeint_rate() {
  static const double rate = [] {
    const ElectrochemicalSet set = reference::round_cell();
    reference::SpmeReference cell(set, 0.5);
    constexpr int steps = 500;
    const double start_s = processor_s();
    for (int i = 0; i < steps; ++i) {
      cell.advance(2.0, 0.001);
      benchmark::DoNotOptimize(cell.terminal_V(2.0));
    }
    return steps / (processor_s() - start_s);
  }();
  return rate;
}

void run(benchmark::State& state, double dt_s) {
  const auto cells = static_cast<std::size_t>(state.range(0));
  const ElectrochemicalSet set = reference::round_cell();
  const std::vector<double> soc(cells, 0.5);
  SpmeBank bank(std::make_shared<const ElectrochemicalSet>(set), {{}, {}, soc, 25.0});
  ThermalNetwork thermal({}, cells, set.heat_capacity_J_per_K, set.thermal_resistance_K_per_W, 25.0);
  const auto steps_per_thermal = static_cast<int>(0.1 / dt_s + 0.5);
  const std::vector<double> out(cells, 0.5 * set.capacity_Ah);
  const std::vector<double> in(cells, -0.5 * set.capacity_Ah);
  constexpr int round = 2000;
  double spent_s = 0.0;
  int next_thermal = steps_per_thermal;
  bool forward = true;
  double sum_V = 0.0;
  for (auto _ : state) {
    const double start_s = processor_s();
    for (int i = 0; i < round; ++i) {
      bank.advance(forward ? out : in, dt_s);
      sum_V += bank.open_V()[cells - 1];
      if (--next_thermal == 0) {
        thermal.advance(bank.heat_W(), 0.0, 25.0, 0.1);
        bank.set_temperature_degC(thermal.cell_degC());
        next_thermal = steps_per_thermal;
      }
    }
    spent_s += processor_s() - start_s;
    forward = !forward;
    benchmark::DoNotOptimize(sum_V);
  }
  const double cell_steps = static_cast<double>(state.iterations()) * round * static_cast<double>(cells);
  machine::count_cell_steps(state, cell_steps, spent_s);
  state.counters["ratio_to_odeint"] = cell_steps / spent_s / odeint_rate();
}

void step_of_1_ms(benchmark::State& state) { run(state, 1e-3); }
void step_of_100_ms(benchmark::State& state) { run(state, 0.1); }

BENCHMARK(step_of_1_ms)->Name("cells/spme_step_of_1_ms")->Arg(16)->Arg(25)->Arg(100)->Arg(400)->MinTime(0.5);
BENCHMARK(step_of_100_ms)->Name("cells/spme_step_of_100_ms")->Arg(25)->MinTime(0.5);

}  // namespace
}  // namespace packrig
