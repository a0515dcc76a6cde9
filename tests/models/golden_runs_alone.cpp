// The golden runs and all that they compute with in one program, so that another compiler or vector width needs one
// command (tests/python/test_same_bits.py). Exit code 1 when a sum is another.
#include <cstdio>

#include "models/cells/bank_start.cpp"
#include "models/cells/cell_facts.cpp"
#include "models/cells/cell_set.cpp"
#include "models/cells/ecm_bank.cpp"
#include "models/cells/electrochemical_set.cpp"
#include "models/cells/electrolyte_modes.cpp"
#include "models/cells/spme_bank.cpp"
#include "models/cells/spme_kernels.cpp"
#include "models/check.cpp"
#include "models/math/elementary.cpp"
#include "models/math/table.cpp"
#include "models/thermal_network.cpp"
#include "tests/models/golden_runs.hpp"

int main() {
  bool same = true;
  for (const packrig::golden::GoldenRun& golden : packrig::golden::golden_runs) {
    const std::uint64_t sum = golden.run();
    std::printf("%s: %llu\n", golden.name, static_cast<unsigned long long>(sum));
    same = same && sum == golden.sum;
  }
  return same ? 0 : 1;
}
