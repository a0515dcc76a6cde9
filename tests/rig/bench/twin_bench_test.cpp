// The instruments of the twin, seen at the terminals of the board behind them.
#include "rig/bench/twin_bench.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "tests/rig/fake_bench.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

using test::cell_V;
using test::FakeBench;
using test::FakeLog;
using test::message_of;
using test::resting_terminals;
using test::set_cell_V;

constexpr TimeNs step_at_ns = 100 * millisecond_ns;

// Instruments without jitter, so that every instant is arithmetic: 8 ms of latency, 1 ms of settling, 5 ms of pace.
InstrumentDescription punctual() {
  InstrumentDescription instrument;
  instrument.latency_jitter_ns = 0;
  return instrument;
}

struct Twin {
  explicit Twin(const InstrumentDescription& instrument = punctual(), std::uint64_t seed = 1,
                FakeBench::Twist twist = nullptr)
      : bench(std::make_unique<FakeBench>(log, std::move(twist)), instrument, seed) {}

  // Shows `terminals` until `until_ns` and returns the last answer.
  Actions show(const Terminals& terminals, TimeNs until_ns) {
    Actions last;
    while (now_ns < until_ns) {
      last = bench.exchange(terminals, until_ns);
      now_ns = last.until_ns;
    }
    return last;
  }
  // What stood at the board's terminals at `at_ns`.
  const Terminals& at_the_board(TimeNs at_ns) const {
    std::size_t i = log->exchanges.size() - 1;
    while (log->exchanges[i].from_ns > at_ns) --i;
    return log->exchanges[i].terminals;
  }

  std::shared_ptr<FakeLog> log = std::make_shared<FakeLog>();
  TwinBench bench;
  TimeNs now_ns = 0;
};

// 3.2 V, and from 100 ms on 3.7 V in cell 3.
void step_cell_3(Twin& twin, TimeNs until_ns) {
  Terminals terminals = resting_terminals();
  twin.show(terminals, step_at_ns);
  set_cell_V(terminals, 3, 3.7);
  twin.show(terminals, until_ns);
}

TEST(TwinBench, StandsAtTheFirstSetPointAtOnce) {
  Twin twin;
  twin.show(resting_terminals(), 50 * millisecond_ns);
  for (const auto& exchange : twin.log->exchanges) EXPECT_NEAR(cell_V(exchange.terminals.tap_V, 3), 3.2, 1e-9);
}

TEST(TwinBench, ASetPointArrivesAfterTheLatencyAndSettlesWithItsTimeConstant) {
  Twin twin;
  step_cell_3(twin, 200 * millisecond_ns);
  const auto cell_3_at = [&](TimeNs at_ns) { return cell_V(twin.at_the_board(at_ns).tap_V, 3); };
  EXPECT_NEAR(cell_3_at(108 * millisecond_ns - 1), 3.2, 1e-9);
  // From 108 ms on 3.7 V - 0.5 V exp(-t / 1 ms), in steps of 0.25 ms.
  for (const int quarters : {1, 2, 4, 12}) {
    const TimeNs at_ns = 108 * millisecond_ns + quarters * millisecond_ns / 4;
    EXPECT_NEAR(cell_3_at(at_ns), 3.7 - 0.5 * std::exp(-quarters / 4.0), 1e-6) << quarters;
  }
  EXPECT_NEAR(cell_3_at(150 * millisecond_ns), 3.7, 20e-6);
  EXPECT_NEAR(cell_V(twin.at_the_board(150 * millisecond_ns).tap_V, 4), 3.2, 20e-6);
}

TEST(TwinBench, ASetPointStandsWithinTheLatencyThatItDeclares) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Twin twin({}, seed);  // with jitter
    const TimeNs latency_ns = twin.bench.capabilities().setpoint_latency_ns;
    step_cell_3(twin, 200 * millisecond_ns);
    const Terminals& early = twin.at_the_board(step_at_ns + 8 * millisecond_ns - 1);
    EXPECT_NEAR(cell_V(early.tap_V, 3), 3.2, 1e-9) << seed;  // jitter only ever adds
    const Terminals& late = twin.at_the_board(step_at_ns + latency_ns);
    EXPECT_NEAR(cell_V(late.tap_V, 3), 3.7, 0.1e-3) << seed;
  }
}

TEST(TwinBench, TheJitterIsSeededAndVaries) {
  const auto first_movement_ns = [](std::uint64_t seed) {
    Twin twin({}, seed);
    step_cell_3(twin, 150 * millisecond_ns);
    for (const auto& exchange : twin.log->exchanges) {
      if (cell_V(exchange.terminals.tap_V, 3) > 3.21) return exchange.from_ns;
    }
    return never_ns;
  };
  EXPECT_EQ(first_movement_ns(1), first_movement_ns(1));
  TimeNs low_ns = never_ns;
  TimeNs high_ns = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    low_ns = std::min(low_ns, first_movement_ns(seed));
    high_ns = std::max(high_ns, first_movement_ns(seed));
  }
  // 0 .. 2 ms of jitter, uniform: 50 draws cover more than half of it.
  EXPECT_GT(high_ns - low_ns, millisecond_ns);
  EXPECT_LE(high_ns - low_ns, 2 * millisecond_ns + millisecond_ns / 4);
}

TEST(TwinBench, SetPointsComeInStepsOfTheResolution) {
  Terminals terminals = resting_terminals();
  set_cell_V(terminals, 3, 3.33336);
  terminals.shunt_V = 0.0123456;
  terminals.supply_V = 51.2037;
  terminals.ntc_Ohm[0] = 10'004.0;
  terminals.ntc_Ohm[1] = 10'006.0;
  Twin twin;
  twin.show(terminals, 10 * millisecond_ns);
  const Terminals& at_board = twin.at_the_board(0);
  EXPECT_NEAR(cell_V(at_board.tap_V, 3), 3.3334, 1e-9);  // 0.1 mV
  EXPECT_NEAR(at_board.shunt_V, 0.012346, 1e-12);        // 1 uV
  EXPECT_NEAR(at_board.supply_V, 51.205, 1e-9);          // 5 mV
  // A resistor decade of 0.1 %: neighbours within a step are the same, and each is within half a step.
  EXPECT_NEAR(at_board.ntc_Ohm[0], 10'004.0, 0.51e-3 * 10'004.0);
  for (int i = 0; i < 50; ++i) {
    terminals.ntc_Ohm[2] = 10'000.0 * (1.0 + 1e-4 * i);
    Twin each;
    each.show(terminals, 10 * millisecond_ns);
    EXPECT_NEAR(each.at_the_board(0).ntc_Ohm[2], terminals.ntc_Ohm[2], 0.51e-3 * terminals.ntc_Ohm[2]);
  }
}

TEST(TwinBench, AProbeHasNoMoreStepsThanTheResolutionGives) {
  // Half a percent in fifty steps of 0.01 % are at most six steps of 0.1 %.
  std::set<double> seen;
  for (int i = 0; i < 50; ++i) {
    Terminals terminals = resting_terminals();
    terminals.ntc_Ohm[2] = 10'000.0 * (1.0 + 1e-4 * i);
    Twin twin;
    twin.show(terminals, 10 * millisecond_ns);
    seen.insert(twin.at_the_board(0).ntc_Ohm[2]);
  }
  EXPECT_GE(seen.size(), 4U);
  EXPECT_LE(seen.size(), 7U);
}

TEST(TwinBench, AnOpenProbeIsOpen) {
  Terminals terminals = resting_terminals();
  terminals.ntc_Ohm[1] = std::numeric_limits<double>::infinity();
  Twin twin;
  const Actions actions = twin.show(terminals, 10 * millisecond_ns);
  EXPECT_TRUE(std::isinf(twin.at_the_board(0).ntc_Ohm[1]));
  EXPECT_TRUE(std::isinf(actions.readback.ntc_Ohm[1]));
}

TEST(TwinBench, TheReadbackLiesWithinItsUncertaintyAndIsNotPerfect) {
  double worst_part = 0.0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Twin twin({}, seed);
    const Capabilities& can = twin.bench.capabilities();
    const Actions actions = twin.show(resting_terminals(3.2), 20 * millisecond_ns);
    const Terminals& truth = twin.at_the_board(20 * millisecond_ns);
    const auto within = [&](double read, double real, double uncertainty) {
      ASSERT_LE(std::fabs(read - real), uncertainty) << seed;
      worst_part = std::max(worst_part, std::fabs(read - real) / uncertainty);
    };
    for (int k = 1; k <= 16; ++k) {
      within(cell_V(actions.readback.tap_V, k), cell_V(truth.tap_V, k), can.cell_V.uncertainty);
    }
    within(actions.readback.shunt_V, truth.shunt_V, can.shunt_V.uncertainty);
    within(actions.readback.supply_V, truth.supply_V, can.supply_V.uncertainty);
    for (std::size_t i = 0; i < ntc_count; ++i) {
      within(actions.readback.ntc_Ohm[i] / truth.ntc_Ohm[i], 1.0, can.ntc_Ohm.uncertainty);
    }
    EXPECT_TRUE(actions.readback.valid);
    EXPECT_TRUE(actions.readback.settled);
  }
  EXPECT_GT(worst_part, 0.7);  // 4600 draws reach to the end of what is allowed
}

TEST(TwinBench, SaysWhetherItHasSettled) {
  Twin twin;
  Terminals terminals = resting_terminals();
  twin.show(terminals, step_at_ns);
  set_cell_V(terminals, 3, 3.7);
  EXPECT_FALSE(twin.show(terminals, 110 * millisecond_ns).readback.settled);  // 2 ms of settling
  EXPECT_TRUE(twin.show(terminals, 140 * millisecond_ns).readback.settled);
}

TEST(TwinBench, ComesBackAtItsOwnPace) {
  Twin twin;
  const Terminals terminals = resting_terminals();
  EXPECT_EQ(twin.bench.exchange(terminals, second_ns).until_ns, 5 * millisecond_ns);
  EXPECT_EQ(twin.bench.exchange(terminals, second_ns).until_ns, 10 * millisecond_ns);
  EXPECT_EQ(twin.bench.exchange(terminals, 11 * millisecond_ns).until_ns, 11 * millisecond_ns);
  EXPECT_EQ(twin.bench.exchange(terminals, second_ns).readback.at_ns, 16 * millisecond_ns);
}

TEST(TwinBench, StampsEdgesDownToItsResolution) {
  const TimeNs edge_ns = 12'345'678;
  Twin twin(punctual(), 1, [=](TimeNs from_ns, TimeNs until_ns, Actions& actions) {
    if (from_ns <= edge_ns && edge_ns < until_ns) actions.edges.push_back({edge_ns, Actuator::charge, true});
  });
  Actions actions;
  while (actions.edges.empty() && twin.now_ns < second_ns)
    actions = twin.show(resting_terminals(), twin.now_ns + 1'000'000);
  ASSERT_EQ(actions.edges.size(), 1U);
  EXPECT_EQ(actions.edges[0].at_ns, 12'300'000);  // 100 us
  EXPECT_LE(edge_ns - actions.edges[0].at_ns, twin.bench.capabilities().edge_stamp_ns);
  EXPECT_TRUE(actions.is_on(Actuator::charge));
}

TEST(TwinBench, PassesBytesOnceHoweverOftenTheBoardIsShownSomething) {
  Twin twin;
  Terminals terminals = resting_terminals();
  twin.show(terminals, step_at_ns);
  set_cell_V(terminals, 3, 3.7);  // so that the outputs are settling meanwhile
  twin.show(terminals, step_at_ns + 9 * millisecond_ns);
  Terminals with_byte = terminals;
  with_byte.bus_bytes.push_back({twin.now_ns, Port::rs485, 0x5A});
  twin.now_ns = twin.bench.exchange(with_byte, twin.now_ns + millisecond_ns).until_ns;  // shorter than the pace
  twin.show(terminals, twin.now_ns + 100 * millisecond_ns);
  std::size_t count = 0;
  for (const auto& exchange : twin.log->exchanges) count += exchange.terminals.bus_bytes.size();
  EXPECT_EQ(count, 1U);
}

InstrumentDescription faulty(InstrumentFault fault, int cell = 3, TimeNs at_ns = 0) {
  InstrumentDescription instrument = punctual();
  instrument.fault = fault;
  instrument.fault_cell = cell;
  instrument.fault_at_ns = at_ns;
  return instrument;
}

TEST(TwinFault, AStuckCellStaysWhereItWas) {
  Twin twin(faulty(InstrumentFault::stuck_cell));
  step_cell_3(twin, 200 * millisecond_ns);
  EXPECT_NEAR(cell_V(twin.at_the_board(200 * millisecond_ns).tap_V, 3), 3.2, 1e-6);
  Twin later(faulty(InstrumentFault::stuck_cell, 3, 500 * millisecond_ns));
  step_cell_3(later, 200 * millisecond_ns);
  EXPECT_NEAR(cell_V(later.at_the_board(200 * millisecond_ns).tap_V, 3), 3.7, 1e-4);  // not broken yet
}

TEST(TwinFault, SwappedCellsChangePlaces) {
  for (const auto& [fault_cell, raised] : {std::pair{3, 4}, std::pair{2, 2}, std::pair{16, 3}}) {
    Twin twin(faulty(InstrumentFault::swapped_cells, fault_cell));
    step_cell_3(twin, 200 * millisecond_ns);
    // The command for cell 3 reaches cell 4 when 3 and 4 are swapped, cell 2 when 2 and 3 are, cell 3 when 16 and 1
    // are.
    for (int k = 1; k <= 16; ++k) {
      EXPECT_NEAR(cell_V(twin.at_the_board(200 * millisecond_ns).tap_V, k), k == raised ? 3.7 : 3.2, 1e-4)
          << fault_cell << " " << k;
    }
  }
}

TEST(TwinFault, ADeadReadbackIsInvalid) {
  Twin twin(faulty(InstrumentFault::dead_readback, 3, 50 * millisecond_ns));
  EXPECT_TRUE(twin.show(resting_terminals(), 40 * millisecond_ns).readback.valid);
  EXPECT_FALSE(twin.show(resting_terminals(), 60 * millisecond_ns).readback.valid);
}

TEST(TwinFault, ADeadInstrumentStopsTheBench) {
  Twin twin(faulty(InstrumentFault::dead_instrument, 3, 50 * millisecond_ns));
  twin.show(resting_terminals(), 50 * millisecond_ns);
  EXPECT_NE(message_of<BenchFault>([&] { twin.show(resting_terminals(), second_ns); }).find("does not answer"),
            std::string::npos);
}

// Each of them ends as a fault of the rig in a session, with a healthy board behind.
TEST(TwinFault, EveryOneIsNoticedByTheSession) {
  const auto fault_of = [](InstrumentFault fault) {
    InstrumentDescription instrument;
    instrument.fault = fault;
    instrument.fault_cell = 3;
    instrument.fault_at_ns = second_ns;
    Session session = test::session_over(test::twin_bench(1, instrument));
    session.at(2 * second_ns, Impose{{Quantity::cell_V, 3}, 0.0, 3.5, 0});
    try {
      session.run(5 * second_ns);
    } catch (const BenchFault&) {
      EXPECT_EQ(fault, InstrumentFault::dead_instrument);
    }
    for (const Event& event : session.trace().events()) {
      if (event.kind == EventKind::rig_fault) return event.text;
    }
    return std::string();
  };
  EXPECT_EQ(fault_of(InstrumentFault::none), "");
  EXPECT_NE(fault_of(InstrumentFault::stuck_cell).find("did not impose cell3_V"), std::string::npos);
  EXPECT_NE(fault_of(InstrumentFault::swapped_cells).find("did not impose cell4_V"), std::string::npos);
  EXPECT_NE(fault_of(InstrumentFault::dead_readback).find("gives no readback"), std::string::npos);
  EXPECT_NE(fault_of(InstrumentFault::dead_instrument).find("does not answer"), std::string::npos);
}

TEST(TwinBench, MakingSafeOpensEveryOutput) {
  Twin twin;
  twin.show(resting_terminals(), 50 * millisecond_ns);
  twin.bench.make_safe();
  twin.bench.make_safe();
  EXPECT_EQ(twin.log->made_safe, 1);
}

TEST(TwinBench, RefusesInstrumentsThatCannotBe) {
  const auto refusal = [](const std::function<void(InstrumentDescription&)>& change) {
    InstrumentDescription instrument;
    change(instrument);
    return message_of<BadInput>([&] { Twin twin(instrument); });
  };
  using I = InstrumentDescription;
  EXPECT_EQ(refusal([](I&) {}), "");
  EXPECT_NE(refusal([](I& i) { i.latency_ns = 0; }).find("latency_ns = 0"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.latency_jitter_ns = -1; }).find("latency_jitter_ns = -1"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.settling_tau_ns = 0; }).find("settling_tau_ns"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.pace_ns = 0; }).find("pace_ns"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.edge_stamp_ns = 0; }).find("edge_stamp_ns"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.cell_resolution_V = 0.0; }).find("cell_resolution_V"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.shunt_resolution_V = -1.0; }).find("shunt_resolution_V"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.ntc_resolution_ratio = 0.0; }).find("ntc_resolution_ratio"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.supply_resolution_V = std::nan(""); }).find("supply_resolution_V"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.cell_uncertainty_V = -1e-3; }).find("cell_uncertainty_V"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.shunt_uncertainty_V = std::nan(""); }).find("shunt_uncertainty_V"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.ntc_uncertainty_ratio = -1.0; }).find("ntc_uncertainty_ratio"), std::string::npos);
  EXPECT_NE(refusal([](I& i) { i.supply_uncertainty_V = -1.0; }).find("supply_uncertainty_V"), std::string::npos);
  for (const int cell : {0, 26, -3}) {
    EXPECT_NE(refusal([=](I& i) { i.fault_cell = cell; }).find("fault_cell = " + std::to_string(cell)),
              std::string::npos)
        << cell;
  }
  EXPECT_EQ(refusal([](I& i) { i.fault_cell = 25; }), "");
}

}  // namespace
}  // namespace packrig
