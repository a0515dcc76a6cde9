#include "clock.hpp"

#include "spans.hpp"

namespace packrig::bms {
namespace {

constexpr int64_t tick_ns = ms_in_ns(100);
constexpr int64_t ticks_per_second = 10;

}  // namespace

void advance(Clock& clock, int64_t now_ns) {
  const int64_t span_ns = clock.running != 0 ? now_ns - clock.now_ns : 0;
  clock.running = 1;
  clock.now_ns = now_ns;
  if (span_ns <= 0) return;
  clock.since_on_ns += span_ns;
  const int64_t ns = clock.fraction_ns + span_ns;
  if (ns < tick_ns) {
    clock.fraction_ns = static_cast<uint32_t>(ns);
    return;
  }
  const int64_t ticks = ns / tick_ns;
  const int64_t second_ticks = clock.second_tick + ticks;
  const auto seconds = static_cast<uint32_t>(second_ticks / ticks_per_second);
  clock.fraction_ns = static_cast<uint32_t>(ns % tick_ns);
  clock.tick_count += static_cast<uint32_t>(ticks);
  clock.second_tick = static_cast<uint32_t>(second_ticks % ticks_per_second);
  clock.time_s += seconds;
  clock.run_time_s += seconds;
}

}  // namespace packrig::bms
