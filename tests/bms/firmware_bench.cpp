// Cost of one firmware wake with 25 cells: a scan is four of them, the fourth judges every protection.
// The reference, measured in the same run, converts and compares the same 25 cells in plain double arithmetic.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

#include "tests/bms/desk.hpp"

namespace packrig::test {
namespace {

double reference_ns = 0.0;

void reference_scan(benchmark::State& state) {
  Desk desk(lfp, 25);
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    double highest_V = 0.0;
    double lowest_V = 5.0;
    for (const std::uint16_t code : desk.codes.cell_code) {
      const double cell_V = code * (5.0 / 65536.0);
      highest_V = std::max(highest_V, cell_V);
      lowest_V = std::min(lowest_V, cell_V);
    }
    benchmark::DoNotOptimize(highest_V);
    benchmark::DoNotOptimize(lowest_V);
    benchmark::ClobberMemory();
  }
  const std::chrono::duration<double, std::nano> span = std::chrono::steady_clock::now() - start;
  reference_ns = span.count() / static_cast<double>(state.iterations());
}

void firmware_step(benchmark::State& state) {
  Desk desk(lfp, 25);
  desk.settle();
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) {
    desk.now_ns = desk.commands.next_wake_ns;
    desk.codes.now_ns = desk.now_ns;
    desk.codes.fresh = desk.commands.convert;
    desk.api().step(desk.state(), &desk.codes, &desk.commands);
    benchmark::ClobberMemory();
  }
  const std::chrono::duration<double, std::nano> span = std::chrono::steady_clock::now() - start;
  state.counters["ratio_to_reference"] = span.count() / static_cast<double>(state.iterations()) / reference_ns;
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(reference_scan);
BENCHMARK(firmware_step);

}  // namespace
}  // namespace packrig::test
