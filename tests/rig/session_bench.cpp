// The whole loop (plant, front end, firmware, trace) on a drive cycle, beside the bare plant on the same steps (the
// reference: what a tick costs beyond it is the bench and the session).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <memory>
#include <string>

#include "rig/bench/afe_bench.hpp"
#include "rig/parameters/bpx_reader.hpp"
#include "rig/parameters/cell_set_reader.hpp"
#include "rig/parameters/profile_reader.hpp"
#include "rig/session.hpp"
#include "rig/target/in_process_firmware.hpp"
#include "sim/plant.hpp"

namespace packrig {
namespace {

constexpr double capacity_Ah = 100.0;

std::string parameters() { return std::string(PACKRIG_SOURCE_DIR) + "/models/parameters/"; }

enum class Cells { equivalent_circuits, electrochemical };

std::shared_ptr<const PackDescription> pack(Cells cells, int series) {
  PackDescription d;
  if (cells == Cells::electrochemical) {
    d.electrochemistry = std::make_shared<ElectrochemicalSet>(read_bpx(parameters() + "bpx/lfp_18650.json"));
  } else {
    d.cells = std::make_shared<CellSet>(read_cell_set(parameters() + "lfp_a123_26650.json"));
  }
  d.series = series;
  d.capacity_Ah = capacity_Ah;
  d.initial_soc = 0.9;
  return std::make_shared<const PackDescription>(d);
}

// US06 with peaks of 1C.
Load drive_cycle() {
  std::vector<ProfilePoint> points = read_profile(parameters() + "profiles/us06.csv");
  double peak_A = 0.0;
  for (const ProfilePoint& point : points) peak_A = std::max(peak_A, std::fabs(point.value));
  for (ProfilePoint& point : points) point.value *= capacity_Ah / peak_A;
  Load load;
  load.kind = Load::Kind::profile_current;
  load.profile = std::make_shared<const std::vector<ProfilePoint>>(std::move(points));
  return load;
}

// Booted, both relays closed, quiet.
Session booted(Cells cells, int series, TimeNs tick_limit_ns) {
  const auto description = pack(cells, series);
  SessionDescription session;
  session.part = "bench";
  session.shunt_Ohm = description->shunt.resistance_Ohm;
  session.ntc = description->ntc;
  session.tick_limit_ns = tick_limit_ns;
  session.plug_period_ns = second_ns;
  session.truth_period_ns = 10 * second_ns;
  auto board = std::make_unique<AfeBench>("sim", std::make_unique<InProcessFirmware>(FirmwareLibrary::linked()),
                                          Afe({}, 1), Chemistry::lfp, series);
  Session ready(session, Plant(description, 1), std::move(board));
  ready.run(10 * second_ns);
  return ready;
}

// Processor time: a single thread that never waits, and what else runs on the machine does not count.
double seconds_of(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void drive_cycle_run(benchmark::State& state, Cells cells, int series, TimeNs tick_limit_ns) {
  const Load cycle = drive_cycle();
  const Session start = booted(cells, series, tick_limit_ns);
  const TimeNs span_ns = 600 * second_ns;
  double loop_s = 0.0;
  double plant_s = 0.0;
  double ticks = 0.0;
  double simulated_s = 0.0;
  for (auto _ : state) {
    Session session = start.fork();
    Load load = cycle;
    load.start_ns = session.now_ns();
    session.at(session.now_ns(), SetLoad{load});
    loop_s += seconds_of([&] { session.run(session.now_ns() + span_ns); });
    if (!session.drive_on(Actuator::discharge)) state.SkipWithError("the BMS tripped on the drive cycle");
    ticks += static_cast<double>(session.tick_count());
    simulated_s += to_s(span_ns);

    Plant plant = start.plant();
    plant.set_load(load);
    const Actions actions{};
    Terminals terminals;
    const TimeNs step_ns = span_ns / static_cast<TimeNs>(session.tick_count());
    plant_s += seconds_of([&] {
      for (std::uint64_t i = 0; i < session.tick_count(); ++i) {
        plant.show(terminals);
        benchmark::DoNotOptimize(terminals);
        plant.advance(actions, plant.now_ns() + step_ns);
      }
    });
  }
  state.counters["x_real_time"] = simulated_s / loop_s;
  state.counters["ticks/s"] = ticks / loop_s;
  state.counters["tick_ns"] = 1e9 * loop_s / ticks;
  state.counters["plant_ns"] = 1e9 * plant_s / ticks;
  state.counters["tick/plant"] = loop_s / plant_s;
}

// The board's own rhythm: a scan of 100 ms in four wakes.
BENCHMARK_CAPTURE(drive_cycle_run, us06_16_ecm_own_scan, Cells::equivalent_circuits, 16, second_ns)
    ->Name("loop/us06_16_ecm_cells_scan_of_100_ms")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(drive_cycle_run, us06_16_ecm_1ms, Cells::equivalent_circuits, 16, millisecond_ns)
    ->Name("loop/us06_16_ecm_cells_1_ms")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(drive_cycle_run, us06_25_spme_own_scan, Cells::electrochemical, 25, second_ns)
    ->Name("loop/us06_25_spme_cells_scan_of_100_ms")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace packrig
