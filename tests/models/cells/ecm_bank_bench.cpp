// Cell-steps per second of the bank, each with its ratio to the same cells moved by Boost.Odeint in the same run, in
// processor time. Machines differ: quote the ratio.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "models/cells/ecm_bank.hpp"
#include "tests/machine.hpp"
#include "tests/models/cells/ecm_reference.hpp"
#include "tests/models/cells/test_cells.hpp"

namespace packrig {
namespace {

constexpr double step_s = 0.001;

// One fixed dopri5 step per cell: the cheapest that Odeint's usual method can be, without error control.
double odeint_cell_steps_per_s() {
  static const double rate = [] {
    const CellSet set = reference::bent_cell();
    reference::State x{0.5, 0.0, 0.0, 25.0};
    boost::numeric::odeint::runge_kutta_dopri5<reference::State> stepper;
    constexpr int steps = 500'000;
    const double start_s = machine::processor_s();
    for (int i = 0; i < steps; ++i) stepper.do_step(reference::Cell{set, 5.0}, x, 0.0, step_s);
    benchmark::DoNotOptimize(x);
    return steps / (machine::processor_s() - start_s);
  }();
  return rate;
}

// Alternating current, so that the cells stay where they are and `dt_s` alone decides what is computed anew.
void run(benchmark::State& state, double current_A, double other_dt_s) {
  const auto cells = static_cast<std::size_t>(state.range(0));
  const std::vector<double> soc(cells, 0.5);
  EcmBank bank(std::make_shared<const CellSet>(reference::bent_cell()), {{}, {}, soc, 25.0});
  const std::vector<double> out(cells, current_A);
  const std::vector<double> in(cells, -current_A);
  bool forward = true;
  const double start_s = machine::processor_s();
  for (auto _ : state) {
    bank.advance(forward ? out : in, forward ? step_s : other_dt_s);
    forward = !forward;
    benchmark::DoNotOptimize(bank.open_V().data());
  }
  const double spent_s = machine::processor_s() - start_s;
  const double cell_steps = static_cast<double>(state.iterations()) * static_cast<double>(cells);
  machine::count_cell_steps(state, cell_steps, spent_s);
  state.counters["ratio_to_odeint"] = cell_steps / spent_s / odeint_cell_steps_per_s();
}

void elements_kept(benchmark::State& state) { run(state, 5.0, step_s); }
// Every step has another length than the one before: all exponentials anew each time.
void step_length_changes(benchmark::State& state) { run(state, 5.0, 0.9999 * step_s); }

BENCHMARK(elements_kept)->Name("cells/ecm_elements_kept")->Arg(16)->Arg(25)->Arg(100)->Arg(400);
BENCHMARK(step_length_changes)->Name("cells/ecm_step_length_changes")->Arg(16)->Arg(25)->Arg(100)->Arg(400);

}  // namespace
}  // namespace packrig
