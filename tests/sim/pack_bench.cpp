// Cell-steps per second of a string of electrochemical cells: the bank, the parallel groups solved for their currents,
// heat and temperature each 0.1 s, every voltage read. Beside it the bank alone on the same steps (the reference).
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "models/cells/spme_bank.hpp"
#include "sim/pack.hpp"
#include "tests/machine.hpp"
#include "tests/models/cells/test_electrochemistry.hpp"
#include "tests/sim/test_pack.hpp"

namespace packrig {
namespace {

constexpr double step_s = 0.001;

void string_of(benchmark::State& state, int series, int parallel) {
  PackDescription d = test::plain_pack();
  d.cells.reset();
  d.electrochemistry = std::make_shared<const ElectrochemicalSet>(reference::round_cell());
  d.series = series;
  d.parallel = parallel;
  d.spread = {0.01, 0.05, 0.005};
  Pack pack(std::make_shared<const PackDescription>(d), 1);
  const auto cells = static_cast<std::size_t>(series * parallel);
  const std::vector<double> soc(cells, 0.5);
  SpmeBank bank(d.electrochemistry, {{}, {}, soc, 25.0});
  const double pack_A = 0.5 * d.capacity_Ah * parallel;
  const double cell_A = 0.5 * reference::round_cell().capacity_Ah;
  constexpr int round = 2000;
  double pack_s = 0.0;
  double bank_s = 0.0;
  double sum_V = 0.0;
  double sign = 1.0;
  for (auto _ : state) {
    const double start_s = machine::processor_s();
    for (int i = 0; i < round; ++i) {
      pack.advance(sign * pack_A, step_s, 25.0);
      pack.carry(sign * pack_A);
      sum_V += pack.cell_V()[0];
    }
    const double between_s = machine::processor_s();
    const std::vector<double> current_A(cells, sign * cell_A);
    for (int i = 0; i < round; ++i) {
      bank.advance(current_A, step_s);
      sum_V += bank.open_V()[0];
    }
    bank_s += machine::processor_s() - between_s;
    pack_s += between_s - start_s;
    sign = -sign;
    benchmark::DoNotOptimize(sum_V);
  }
  machine::count_cell_steps(state, static_cast<double>(state.iterations()) * round * static_cast<double>(cells),
                            pack_s);
  state.counters["pack/bank"] = pack_s / bank_s;
}

BENCHMARK_CAPTURE(string_of, 25s1p, 25, 1)->Name("cells/spme_string_25s1p")->MinTime(0.5);
BENCHMARK_CAPTURE(string_of, 25s4p, 25, 4)->Name("cells/spme_string_25s4p")->MinTime(0.5);

}  // namespace
}  // namespace packrig
