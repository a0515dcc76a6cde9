// The figures that the tests hold the electrochemical bank to, as numbers.
#include <benchmark/benchmark.h>

#include "tests/models/cells/spme_accuracy.hpp"

namespace packrig {
namespace {

void off_odeint(benchmark::State& state) {
  reference::OffOdeint off{};
  for (auto _ : state) off = reference::off_odeint();
  state.counters["rms_mV"] = 1e3 * off.root_mean_square_V;
  state.counters["worst_mV"] = 1e3 * off.worst_V;
}

void off_sphere(benchmark::State& state) {
  double worst = 0.0;
  for (auto _ : state) worst = reference::worst_step_share();
  state.counters["worst_step_share"] = worst;
}

void charge_after_a_million_steps(benchmark::State& state) {
  double off_soc = 0.0;
  for (auto _ : state) off_soc = reference::charge_off_soc();
  state.counters["off_soc"] = off_soc;
}

BENCHMARK(off_odeint)->Name("cells/spme_off_odeint")->Iterations(1);
BENCHMARK(off_sphere)->Name("cells/spme_off_sphere")->Iterations(1);
BENCHMARK(charge_after_a_million_steps)->Name("cells/spme_charge_after_1e6_steps")->Iterations(1);

}  // namespace
}  // namespace packrig
