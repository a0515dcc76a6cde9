// A bench whose supply dips or fails: what the plug sees, and what the board still knows afterwards.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

constexpr std::uint8_t over_voltage_mV = 0x04;
constexpr auto charge = static_cast<std::size_t>(Actuator::charge);
constexpr auto discharge = static_cast<std::size_t>(Actuator::discharge);

class SupplyTest : public testing::Test {
 protected:
  void run(double supply_V, TimeNs span_ns) {
    terminals.supply_V = supply_V;
    const TimeNs until_ns = now_ns + span_ns;
    while (now_ns < until_ns) {
      const Actions& actions = bench->exchange(terminals, until_ns);
      ASSERT_GT(actions.until_ns, now_ns);
      now_ns = actions.until_ns;
      edges.insert(edges.end(), actions.edges.begin(), actions.edges.end());
      drive_on = actions.drive_on;
      supply_A = actions.supply_A;
      // The relays' auxiliary contacts; a path whose contact does not follow is opened again.
      terminals.charge_feedback = drive_on[charge];
      terminals.discharge_feedback = drive_on[discharge];
    }
  }
  bool closed() const { return drive_on[charge] && drive_on[discharge]; }

  std::unique_ptr<Bench> bench = test::sim_bench();
  Terminals terminals = test::resting_terminals(3.2);
  TimeNs now_ns = 0;
  std::vector<Edge> edges;
  std::array<bool, actuator_count> drive_on{};
  double supply_A = 0.0;
};

// PWR-06: 0.5 to 50 ms, 10 to 90 % deep.
TEST_F(SupplyTest, ADipIsRiddenThroughOrEndsInACleanRestart) {
  run(51.2, 10 * second_ns);
  ASSERT_TRUE(closed());
  ASSERT_EQ(bench->write_setting(over_voltage_mV, 3610), 0);
  run(51.2, 20 * second_ns);
  for (const double depth : {0.1, 0.5, 0.8, 0.9}) {
    for (const TimeNs dip_ns : {millisecond_ns / 2, 9 * millisecond_ns, 11 * millisecond_ns, 50 * millisecond_ns}) {
      edges.clear();
      const TimeNs start_ns = now_ns;
      run(51.2 * (1.0 - depth), dip_ns);
      run(51.2, 20 * second_ns);
      EXPECT_TRUE(closed());
      std::int32_t value = 0;
      bench->read_setting(over_voltage_mV, value);
      EXPECT_EQ(value, 3610);
      const bool lost = 51.2 * (1.0 - depth) < 6.0 && dip_ns > 10 * millisecond_ns;
      if (!lost) {
        EXPECT_TRUE(edges.empty()) << depth << " " << dip_ns;
        continue;
      }
      // Both paths open at once, at the end of what the capacitor holds; charge closes again after boot and scan.
      ASSERT_GE(edges.size(), 3U);
      EXPECT_EQ(edges[0].at_ns, start_ns + 10 * millisecond_ns);
      EXPECT_EQ(edges[1].at_ns, edges[0].at_ns);
      EXPECT_FALSE(edges[0].on || edges[1].on);
      EXPECT_EQ(edges[2].at_ns, start_ns + dip_ns + 200 * millisecond_ns);
      EXPECT_TRUE(edges[2].on);
    }
  }
}

TEST_F(SupplyTest, WithoutSupplyNothingIsDrivenDrawnOrSent) {
  run(51.2, 10 * second_ns);
  EXPECT_GT(supply_A, 0.0);
  run(2.0, 5 * millisecond_ns);
  EXPECT_EQ(supply_A, 0.0) << "on its capacitor";
  EXPECT_TRUE(closed());
  run(2.0, 60 * second_ns);
  EXPECT_EQ(supply_A, 0.0);
  EXPECT_EQ(std::count(drive_on.begin(), drive_on.end(), true), 0);
  terminals.button_pressed = true;
  terminals.charger_plugged = true;
  edges.clear();
  run(2.0, 60 * second_ns);
  EXPECT_TRUE(edges.empty());
  run(51.2, 50 * millisecond_ns);
  EXPECT_GT(supply_A, 0.0) << "booting";
  EXPECT_TRUE(edges.empty());
}

TEST_F(SupplyTest, ALatchedComparatorIsForgottenAndLatchesAgain) {
  run(51.2, 10 * second_ns);
  terminals.shunt_V = 0.2;  // 800 A
  run(51.2, 100 * millisecond_ns);
  ASSERT_FALSE(drive_on[discharge]);
  terminals.shunt_V = 0.0;
  run(0.0, second_ns);
  run(51.2, second_ns);
  EXPECT_TRUE(drive_on[static_cast<std::size_t>(Actuator::precharge)]) << "5 s of release were not waited for";
  terminals.shunt_V = 0.2;
  run(51.2, 100 * millisecond_ns);
  EXPECT_FALSE(drive_on[static_cast<std::size_t>(Actuator::precharge)]);
}

TEST_F(SupplyTest, ACopyTakenWithoutSupplyHasTheSameFuture) {
  run(51.2, 10 * second_ns);
  run(0.0, second_ns);
  terminals.supply_V = 51.2;
  const auto copy = bench->clone();
  for (TimeNs at_ns = now_ns; at_ns < now_ns + second_ns;) {
    const Actions& here = bench->exchange(terminals, now_ns + second_ns);
    const Actions& there = copy->exchange(terminals, now_ns + second_ns);
    ASSERT_EQ(here.until_ns, there.until_ns);
    ASSERT_EQ(here.drive_on, there.drive_on);
    at_ns = here.until_ns;
  }
}

}  // namespace
}  // namespace packrig
