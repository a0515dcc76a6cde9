// The shipped electrochemical sets against a full porous-electrode solution, beside the limits that the tests hold.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/rig/parameters/porous_electrode.hpp"

namespace packrig {
namespace {

void off_porous_electrode(benchmark::State& state, const reference::PorousElectrodeRecord& known) {
  reference::OffRecord off{};
  for (auto _ : state) off = reference::off_record(known.set, known.record, known.initial_soc);
  state.counters["rms_mV"] = off.root_mean_square_mV;
  state.counters["limit_mV"] = known.limit_mV;
}

const bool registered = [] {
  for (const reference::PorousElectrodeRecord& known : reference::porous_electrode_records) {
    const std::string name = std::string("cells/off_porous_electrode/") + known.record;
    benchmark::RegisterBenchmark(name.c_str(), [&known](benchmark::State& state) {
      off_porous_electrode(state, known);
    })->Iterations(1);
  }
  return true;
}();

}  // namespace
}  // namespace packrig
