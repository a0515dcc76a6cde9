// What an exchange with a target costs, beside the firmware called directly in the same run, and how fast that lets
// time run: at a forced 1 ms tick (an exchange per millisecond) and at the firmware's own four wakes per 100 ms scan.
#include <benchmark/benchmark.h>

#include <chrono>

#include "rig/target/in_process_firmware.hpp"
#include "rig/target/targets.hpp"

namespace packrig {
namespace {

constexpr int round_steps = 2000;
constexpr double wakes_per_s = 40.0;

double step_ns(FirmwarePort& board) {
  PackrigAfeCodes codes{};
  PackrigAfeCommands commands{};
  codes.version = PACKRIG_AFE_VERSION;
  for (std::uint16_t& code : codes.cell_code) code = 43'200;
  const auto begun = std::chrono::steady_clock::now();
  for (int i = 0; i < round_steps; ++i) {
    codes.fresh = commands.convert;
    board.step(codes, commands);
    codes.now_ns += 1'000'000;
  }
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - begun;
  return spent.count() / round_steps;
}

using Start = std::unique_ptr<RemoteFirmware> (*)(const std::string&, LockstepDeadlines);

void exchange(benchmark::State& state, Start start, const char* file) {
  const auto begun = std::chrono::steady_clock::now();
  const auto there = start(std::string(PACKRIG_TARGET_FOLDER) + "/" + file, {});
  const std::chrono::duration<double> start_s = std::chrono::steady_clock::now() - begun;
  InProcessFirmware here(FirmwareLibrary::linked());
  there->init(0, 16);
  here.init(0, 16);
  double there_ns = 0.0;
  double here_ns = 0.0;
  for (auto _ : state) {
    there_ns += step_ns(*there);
    here_ns += step_ns(here);
  }
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["exchange_us"] = there_ns / rounds / 1e3;
  state.counters["exchange/call"] = there_ns / here_ns;
  state.counters["x real time, 1 ms tick"] = 1e6 * rounds / there_ns;
  state.counters["x real time, 100 ms scan"] = 1e9 * rounds / there_ns / wakes_per_s;
  state.counters["start_s"] = start_s.count();
  const PackrigLockstepReport report = there->report();
  if (report.step_instructions_max != PACKRIG_LOCKSTEP_UNMEASURED) {
    state.counters["instructions per step, most"] = report.step_instructions_max;
    state.counters["stack_bytes used"] = report.stack_used_bytes;
  }
}

BENCHMARK_CAPTURE(exchange, posix, start_posix_target, posix_firmware_file)->UseRealTime();
BENCHMARK_CAPTURE(exchange, cortex_m, start_cortex_m_target, cortex_m_firmware_file)->UseRealTime();

}  // namespace
}  // namespace packrig
