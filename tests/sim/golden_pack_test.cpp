#include <gtest/gtest.h>

#include <memory>

#include "sim/plant.hpp"
#include "tests/models/golden_runs.hpp"

namespace packrig {
namespace {

// 8 groups of 4 electrochemical cells that differ, a leak in one of them, a charger and a load that take turns, the
// BMS's currents: closed-form groups, Newton's sweeps, heat and the port's circuit.
TEST(GoldenRuns, ParallelGroupsHaveTheirSum) {
  PackDescription d;
  d.electrochemistry = std::make_shared<const ElectrochemicalSet>(reference::round_cell());
  d.series = 8;
  d.parallel = 4;
  d.capacity_Ah = 20.0;
  d.spread = {.capacity = 0.01, .resistance = 0.05, .soc = 0.01};
  d.monthly_self_discharge_share = 0.02;
  Plant plant(std::make_shared<const PackDescription>(d), 5);
  plant.short_cell(3, 2, 10.0);
  plant.set_charger({.connected = true, .cv_V = 33.0, .cc_A = 30.0});
  golden::CheckSum sum;
  Actions actions{};
  for (int step = 0; step < 2000; ++step) {
    const TimeNs until_ns = plant.now_ns() + 25 * millisecond_ns;
    actions.edges.clear();
    if (step % 500 == 0) {
      const bool charges = step % 1000 == 0;
      actions.edges.push_back({plant.now_ns(), Actuator::charge, charges});
      actions.edges.push_back({plant.now_ns(), Actuator::discharge, !charges});
      Load load;
      load.kind = Load::Kind::power;
      load.value = 300.0 + 0.1 * step;
      plant.set_load(load);
    }
    actions.supply_A = 0.01 + 1e-7 * step;
    actions.balance_A[2] = step % 80 < 40 ? 1.0 : 0.0;
    actions.balance_A[1] = -actions.balance_A[2];
    plant.advance(actions, until_ns);
    for (const auto& values : {plant.cell_V(), plant.cell_soc(), plant.cell_degC()}) sum.add(values);
    sum.add(std::array{plant.string_A(), plant.pack_V(), plant.load_port_A(), plant.charge_port_A()});
  }
  EXPECT_EQ(sum.value(), 8410558917808564187U);
}

}  // namespace
}  // namespace packrig
