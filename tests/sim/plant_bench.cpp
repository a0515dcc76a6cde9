// Cost of one quiet tick of a plant, beside the bank of cells alone on the same steps (the reference: what the tick
// costs beyond it is circuit, harness, ports and terminals).
#include <benchmark/benchmark.h>

#include <chrono>
#include <vector>

#include "models/cells/ecm_bank.hpp"
#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

// Mean cost of `count` ticks or steps, in ns.
template <class Step>
double cost_ns(int count, Step step) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) step();
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  return spent.count() / count;
}

void quiet_tick(benchmark::State& state, TimeNs tick_ns, int cells) {
  PackDescription d = test::plain_pack();
  d.series = cells;
  Plant plant = test::make_plant(d);
  test::switch_relay(plant, Actuator::discharge, true);
  plant.set_load(test::load_of(Load::Kind::power, 1000.0));
  test::pass(plant, second_ns);

  const std::vector<double> soc(static_cast<std::size_t>(cells), 0.5);
  const std::vector<double> current_A(soc.size(), 20.0);
  EcmBank bank(d.cells, {{}, {}, soc, 25.0});

  Terminals terminals;
  const Actions actions{};
  double bank_ns = 0.0;
  double tick_cost_ns = 0.0;
  std::int64_t rounds = 0;
  constexpr int round = 2000;
  for (auto _ : state) {
    tick_cost_ns += cost_ns(round, [&] {
      plant.show(terminals);
      benchmark::DoNotOptimize(terminals);
      plant.advance(actions, plant.now_ns() + tick_ns);
    });
    bank_ns += cost_ns(round, [&] {
      bank.advance(current_A, to_s(tick_ns));
      benchmark::DoNotOptimize(bank.open_V().data());
    });
    ++rounds;
  }
  const auto n = static_cast<double>(rounds);
  state.counters["tick_ns"] = tick_cost_ns / n;
  state.counters["bank_ns"] = bank_ns / n;
  state.counters["tick/bank"] = tick_cost_ns / bank_ns;
  state.counters["ticks/s"] = 1e9 * n / tick_cost_ns;
  state.counters["x real time"] = to_s(tick_ns) * 1e9 * n / tick_cost_ns;
}

BENCHMARK_CAPTURE(quiet_tick, 16_cells_25ms, 25 * millisecond_ns, 16);
BENCHMARK_CAPTURE(quiet_tick, 16_cells_1ms, millisecond_ns, 16);
BENCHMARK_CAPTURE(quiet_tick, 25_cells_1ms, millisecond_ns, 25);

}  // namespace
}  // namespace packrig
