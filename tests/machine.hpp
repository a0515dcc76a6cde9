// What benchmarks measure with: processor time, and what this machine could do at most.
#pragma once

#include <benchmark/benchmark.h>

#include <ctime>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace packrig::machine {

// Of this thread, because machines share their cores.
inline double processor_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

#if defined(__x86_64__)
// Fused multiply-adds of four lanes; ten independent chains fill the latency of two units.
__attribute__((target("avx2,fma"))) inline void multiply_add(long rounds) {
  __m256d sum[10];
  for (int k = 0; k < 10; ++k) sum[k] = _mm256_set1_pd(1.0 + 0.1 * k);
  const __m256d factor = _mm256_set1_pd(0.999999);
  const __m256d term = _mm256_set1_pd(1e-6);
  for (long i = 0; i < rounds; ++i) {
    for (int k = 0; k < 10; ++k) sum[k] = _mm256_fmadd_pd(sum[k], factor, term);
  }
  for (int k = 0; k < 10; ++k) benchmark::DoNotOptimize(sum[k]);
}
#endif

// Floating-point operations per second of one core; 0 where that is not known.
inline double peak_flops() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("fma")) return 0.0;
  constexpr long rounds = 20'000'000;
  const double start_s = processor_s();
  multiply_add(rounds);
  return static_cast<double>(rounds) * 10.0 * 8.0 / (processor_s() - start_s);
#else
  return 0.0;
#endif
}

// What a benchmark of cells says of itself: its rate, and what that is to the machine's peak.
inline void count_cell_steps(benchmark::State& state, double cell_steps, double spent_s) {
  const double rate = cell_steps / spent_s;
  const double peak = peak_flops();
  state.counters["cell_steps_per_s"] = rate;
  state.counters["peak_GFLOPs"] = peak * 1e-9;
  state.counters["peak_FLOP_per_cell_step"] = peak / rate;
}

}  // namespace packrig::machine
