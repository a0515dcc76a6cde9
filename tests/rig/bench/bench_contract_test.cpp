// What every bench must keep, whatever is plugged in (rig/bench/bench.hpp). A new bench is one line in benches().
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <string>

#include "rig/bench/bench.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

struct BenchKind {
  const char* name;
  std::function<std::unique_ptr<Bench>(std::uint64_t seed)> make;
};

std::vector<BenchKind> benches() {
  return {
      {"sim", [](std::uint64_t seed) { return test::sim_bench(AfeErrors::typical(seed, test::shunt_Ohm), seed); }},
      {"twin", [](std::uint64_t seed) { return test::twin_bench(seed); }},
  };
}

// What one exchange answered, byte for byte.
std::string bytes_of(const Actions& actions) {
  std::string bytes;
  const auto put = [&](const auto& value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); };
  put(actions.until_ns);
  for (const Edge& edge : actions.edges) {
    put(edge.at_ns);
    put(edge.actuator);
    put(edge.on);
  }
  put(actions.drive_on);
  for (const double value : actions.balance_A) put(value);
  put(actions.supply_A);
  for (const BusByte& byte : actions.bus_bytes) {
    put(byte.at_ns);
    put(byte.port);
    put(byte.value);
  }
  put(actions.readback.at_ns);
  for (const double value : actions.readback.tap_V) put(value);
  put(actions.readback.shunt_V);
  for (const double value : actions.readback.ntc_Ohm) put(value);
  put(actions.readback.supply_V);
  put(actions.readback.settled);
  put(actions.readback.valid);
  return bytes;
}

// A varied minute: cells that cross limits, currents both ways, a short-circuit step, a hot probe, plugs and bytes.
Terminals terminals_at(TimeNs t_ns) {
  const double t_s = to_s(t_ns);
  Terminals terminals = test::resting_terminals(3.2 + 0.002 * std::fmod(t_s, 20.0));
  test::set_cell_V(terminals, 4, t_s > 8.0 && t_s < 20.0 ? 3.75 : 3.3);
  test::set_cell_V(terminals, 9, t_s > 22.0 && t_s < 30.0 ? 2.4 : 3.1);
  terminals.shunt_V = test::shunt_Ohm * (t_s < 6.0 ? 0.0 : t_s < 12.0 ? 20.0 * t_s : -100.0);
  terminals.ntc_Ohm[1] = t_s > 15.0 ? 2'000.0 : 10'000.0;
  if (t_s > 40.0) terminals.ntc_Ohm[2] = std::numeric_limits<double>::infinity();
  terminals.supply_V = terminals.tap_V[16];
  terminals.charger_plugged = std::fmod(t_s, 7.0) > 3.5;
  terminals.button_pressed = std::fmod(t_s, 11.0) > 10.0;
  terminals.charge_feedback = terminals.discharge_feedback = t_s > 1.0;
  return terminals;
}

// Exchanges of many lengths, from 1 us to 0.7 s.
TimeNs length_ns(std::uint64_t i) {
  constexpr TimeNs lengths_ns[] = {microsecond_ns,       100 * millisecond_ns, 3 * millisecond_ns, 700 * millisecond_ns,
                                   123'456'789,          25 * millisecond_ns,  7 * microsecond_ns, millisecond_ns,
                                   250 * millisecond_ns, 5 * millisecond_ns};
  return lengths_ns[i % std::size(lengths_ns)];
}

class BenchContract : public testing::TestWithParam<BenchKind> {
 protected:
  std::unique_ptr<Bench> make(std::uint64_t seed = 1) const { return GetParam().make(seed); }

  // Drives `bench` from `from_ns` to `until_ns` and returns all that it answered.
  static std::string drive(Bench& bench, TimeNs from_ns, TimeNs until_ns) {
    std::string bytes;
    TimeNs now_ns = from_ns;
    for (std::uint64_t i = 0; now_ns < until_ns; ++i) {
      const Actions& actions = bench.exchange(terminals_at(now_ns), std::min(until_ns, now_ns + length_ns(i)));
      bytes += bytes_of(actions);
      now_ns = actions.until_ns;
    }
    return bytes;
  }
};

TEST_P(BenchContract, TimePassesInTheExchangeStrictlyForwardAndNeverTooFar) {
  const auto bench = make();
  TimeNs now_ns = 0;
  std::size_t edges = 0;
  for (std::uint64_t i = 0; now_ns < 60 * second_ns; ++i) {
    const TimeNs until_ns = now_ns + length_ns(i);
    const Actions& actions = bench->exchange(terminals_at(now_ns), until_ns);
    ASSERT_GT(actions.until_ns, now_ns);
    ASSERT_LE(actions.until_ns, until_ns);
    ASSERT_GE(actions.readback.at_ns, now_ns);
    ASSERT_LE(actions.readback.at_ns, actions.until_ns);
    TimeNs last_ns = now_ns;
    for (const Edge& edge : actions.edges) {
      ASSERT_GE(edge.at_ns, last_ns);
      ASSERT_LE(edge.at_ns, actions.until_ns);
      last_ns = edge.at_ns;
      ++edges;
    }
    ASSERT_TRUE(std::isfinite(actions.supply_A));
    for (const double balance_A : actions.balance_A) ASSERT_TRUE(std::isfinite(balance_A));
    now_ns = actions.until_ns;
  }
  EXPECT_GT(edges, 4U);  // the minute was varied
}

TEST_P(BenchContract, DrivesAreWhatTheEdgesSay) {
  const auto bench = make();
  std::array<bool, actuator_count> on{};
  TimeNs now_ns = 0;
  for (std::uint64_t i = 0; now_ns < 60 * second_ns; ++i) {
    const Actions& actions = bench->exchange(terminals_at(now_ns), now_ns + length_ns(i));
    for (const Edge& edge : actions.edges) {
      bool& state = on[static_cast<std::size_t>(edge.actuator)];
      ASSERT_NE(state, edge.on) << "an edge to where it is, at " << edge.at_ns;
      state = edge.on;
    }
    ASSERT_EQ(actions.drive_on, on) << now_ns;
    now_ns = actions.until_ns;
  }
}

TEST_P(BenchContract, ACopyHasTheSameFuture) {
  const auto bench = make();
  ASSERT_TRUE(bench->capabilities().forks);
  // In quiet, in the middle of a pulse, and while the instruments settle.
  TimeNs now_ns = 0;
  for (const TimeNs span_ns : {5 * second_ns, 4 * second_ns, 3 * second_ns + 7 * millisecond_ns}) {
    drive(*bench, now_ns, now_ns + span_ns);
    now_ns += span_ns;
    const auto copy = bench->clone();
    const auto second = copy->clone();
    const std::string future = drive(*copy, now_ns, now_ns + 10 * second_ns);
    EXPECT_EQ(drive(*second, now_ns, now_ns + 10 * second_ns), future);
    const auto witness = bench->clone();
    EXPECT_EQ(drive(*witness, now_ns, now_ns + 10 * second_ns), future);  // the copies left the original alone
  }
}

TEST_P(BenchContract, TheSameSeedGivesTheSameActions) {
  const std::string once = drive(*make(42), 0, 20 * second_ns);
  EXPECT_EQ(drive(*make(42), 0, 20 * second_ns), once);
}

TEST_P(BenchContract, CapabilitiesAreSane) {
  const auto bench = make();
  const Capabilities& can = bench->capabilities();
  EXPECT_EQ(can.bench, GetParam().name);
  for (const ChannelRange& range : {can.cell_V, can.shunt_V, can.ntc_Ohm, can.supply_V}) {
    EXPECT_LT(range.low, range.high);
    EXPECT_GE(range.resolution, 0.0);
    EXPECT_GE(range.uncertainty, 0.0);
  }
  // What every protection of the part needs: cells to 5 V, 100 A both ways, a probe from -30 to 90 degC.
  EXPECT_GE(can.cell_V.high, 5.0);
  EXPECT_LE(can.cell_V.low, 0.0);
  EXPECT_GE(can.shunt_V.high, 100.0 * test::shunt_Ohm);
  EXPECT_LE(can.shunt_V.low, -100.0 * test::shunt_Ohm);
  EXPECT_LE(can.ntc_Ohm.low, 1'000.0);
  EXPECT_GE(can.ntc_Ohm.high, 150'000.0);
  for (const TimeNs t_ns : {can.setpoint_latency_ns, can.pace_ns, can.readback_stamp_ns, can.edge_stamp_ns}) {
    EXPECT_GE(t_ns, 0);
  }
  // An exact bench has nothing to be uncertain of in time.
  if (can.exact_time) {
    EXPECT_EQ(can.setpoint_latency_ns, 0);
    EXPECT_EQ(can.readback_stamp_ns, 0);
  }
}

TEST_P(BenchContract, BytesReachTheBoardAtAnyLengthOfExchange) {
  const auto bench = make();
  drive(*bench, 0, 2 * second_ns);
  Terminals terminals = terminals_at(2 * second_ns);
  for (std::uint8_t i = 0; i < 100; ++i) terminals.bus_bytes.push_back({2 * second_ns, Port::rs485, i});
  EXPECT_NO_THROW(bench->exchange(terminals, 2 * second_ns + 500 * millisecond_ns));
}

TEST_P(BenchContract, SettingsAreWrittenReadAndRefused) {
  constexpr std::uint8_t over_voltage_mV = 0x04;
  constexpr std::uint8_t unknown_register = 0xEE;
  const auto bench = make();
  std::int32_t value = 0;
  EXPECT_EQ(bench->write_setting(over_voltage_mV, 3700), PACKRIG_WRITE_OK);
  EXPECT_EQ(bench->read_setting(over_voltage_mV, value), PACKRIG_WRITE_OK);
  EXPECT_EQ(value, 3700);
  EXPECT_EQ(bench->write_setting(over_voltage_mV, 4351), PACKRIG_WRITE_OUT_OF_RANGE);
  EXPECT_EQ(bench->read_setting(over_voltage_mV, value), PACKRIG_WRITE_OK);
  EXPECT_EQ(value, 3700);
  EXPECT_EQ(bench->write_setting(unknown_register, 1), PACKRIG_WRITE_UNKNOWN_REGISTER);
  EXPECT_EQ(bench->read_setting(unknown_register, value), PACKRIG_WRITE_UNKNOWN_REGISTER);
  const std::array<std::uint8_t, 300> garbage{};
  EXPECT_EQ(bench->load_settings(garbage), PACKRIG_WRITE_BAD_FRAME);
  EXPECT_EQ(bench->load_settings({}), PACKRIG_WRITE_BAD_FRAME);
  // A copy takes its settings along and keeps its own from then on.
  const auto copy = bench->clone();
  EXPECT_EQ(copy->write_setting(over_voltage_mV, 3680), PACKRIG_WRITE_OK);
  EXPECT_EQ(bench->read_setting(over_voltage_mV, value), PACKRIG_WRITE_OK);
  EXPECT_EQ(value, 3700);
}

TEST_P(BenchContract, MakingSafeIsFineAtAnyTimeAndTwice) {
  const auto fresh = make();
  fresh->make_safe();
  const auto bench = make();
  drive(*bench, 0, 2 * second_ns);
  bench->make_safe();
  bench->make_safe();
  bench->clone()->make_safe();
}

INSTANTIATE_TEST_SUITE_P(Benches, BenchContract, testing::ValuesIn(benches()),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace packrig
