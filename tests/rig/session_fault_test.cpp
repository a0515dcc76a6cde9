// What the session does when the rig, not the product, is broken.
#include <gtest/gtest.h>

#include <type_traits>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/judge.hpp"
#include "tests/rig/fake_bench.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

using test::FakeBench;
using test::FakeLog;
using test::message_of;

constexpr Channel cell_3{Quantity::cell_V, 3};

std::string fault_in(const Trace& trace) {
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::rig_fault) return event.text;
  }
  return {};
}

Session over(std::unique_ptr<FakeBench> bench) {
  const PackDescription pack = test::round_pack();
  return {test::session_description(pack), test::make_plant(pack), std::move(bench)};
}

TEST(SessionFault, ABenchThatAnswersForTheWrongTime) {
  const auto answer = [](TimeNs offset_ns) {
    auto log = std::make_shared<FakeLog>();
    Session session = over(std::make_unique<FakeBench>(log, [=](TimeNs from_ns, TimeNs until_ns, Actions& actions) {
      if (from_ns == second_ns) actions.until_ns = offset_ns > 0 ? until_ns + offset_ns : from_ns + offset_ns;
    }));
    session.run(second_ns);
    const std::string message = message_of<BenchFault>([&] { session.run(3 * second_ns); });
    EXPECT_EQ(fault_in(session.trace()), message);
    EXPECT_EQ(session.now_ns(), second_ns);
    EXPECT_EQ(log->made_safe, 1);
    return message;
  };
  EXPECT_NE(answer(0).find("bench 'fake' answered for 1000000000 ns; accepted: after 1000000000 ns"),
            std::string::npos);
  EXPECT_NE(answer(-1).find("answered for 999999999 ns"), std::string::npos);
  EXPECT_NE(answer(+1).find("answered for 2000000001 ns"), std::string::npos);
}

TEST(SessionFault, ABenchThatComesBackSoonerIsFine) {
  auto log = std::make_shared<FakeLog>();
  Session session = over(std::make_unique<FakeBench>(
      log, [](TimeNs from_ns, TimeNs, Actions& actions) { actions.until_ns = from_ns + second_ns / 4; }));
  EXPECT_EQ(session.run(second_ns), RunResult::deadline);
  EXPECT_EQ(session.tick_count(), 4U);
}

TEST(SessionFault, ABenchThatThrowsLeavesAReadableTraceAndIsMadeSafe) {
  auto log = std::make_shared<FakeLog>();
  Session session = over(std::make_unique<FakeBench>(log, [](TimeNs from_ns, TimeNs, Actions&) {
    if (from_ns == 2 * second_ns) throw BenchFault("the relay card is gone");
  }));
  session.at(0, Impose{cell_3, 0.0, 3.7, 0});
  EXPECT_THROW(session.run(10 * second_ns), BenchFault);
  EXPECT_EQ(log->made_safe, 1);
  EXPECT_EQ(fault_in(session.trace()), "the relay card is gone");
  EXPECT_EQ(session.trace().end_ns(), 2 * second_ns);
  EXPECT_EQ(session.trace().series(cell_3).back().value, session.shown(cell_3));
  HoldRule rule;
  rule.channel = cell_3;
  rule.reach = 3.6;
  EXPECT_EQ(judge(rule, session.trace()).outcome, Outcome::error);
}

TEST(SessionFault, ANumericFaultIsOneOfTheRigToo) {
  auto log = std::make_shared<FakeLog>();
  Session session = over(std::make_unique<FakeBench>(
      log, [](TimeNs, TimeNs, Actions& actions) { actions.supply_A = std::numeric_limits<double>::quiet_NaN(); }));
  EXPECT_ANY_THROW(session.run(second_ns));
  EXPECT_NE(fault_in(session.trace()), "");
  EXPECT_EQ(log->made_safe, 1);
}

TEST(SessionFault, AnEdgeOutsideTheExchangeIsRefused) {
  auto log = std::make_shared<FakeLog>();
  Session session = over(std::make_unique<FakeBench>(log, [](TimeNs, TimeNs until_ns, Actions& actions) {
    actions.edges.push_back({until_ns + 1, Actuator::charge, true});
  }));
  EXPECT_ANY_THROW(session.run(second_ns));
  EXPECT_NE(fault_in(session.trace()).find("edge of charge"), std::string::npos) << fault_in(session.trace());
}

TEST(SessionFault, EveryWayOutMakesTheBenchSafe) {
  auto first = std::make_shared<FakeLog>();
  {
    Session session = over(std::make_unique<FakeBench>(first));
    session.run(second_ns);
    EXPECT_EQ(first->made_safe, 0);
  }
  EXPECT_EQ(first->made_safe, 1);

  auto moved = std::make_shared<FakeLog>();
  {
    Session session = over(std::make_unique<FakeBench>(moved));
    const Session other = std::move(session);
    EXPECT_EQ(moved->made_safe, 0);
  }
  EXPECT_EQ(moved->made_safe, 1);

  static_assert(!std::is_move_assignable_v<Session>);  // the bench that it replaces would stay live
}

// A bench that reads back: what was asked long enough ago must stand there.
std::unique_ptr<FakeBench> reading_bench(std::shared_ptr<FakeLog> log, FakeBench::Twist twist) {
  auto bench = std::make_unique<FakeBench>(std::move(log), std::move(twist));
  bench->can().exact_time = false;
  bench->can().setpoint_latency_ns = 100 * millisecond_ns;
  bench->can().cell_V = {0.0, 5.0, 0.1e-3, 0.9e-3};  // with the trace's deadband a tolerance of 1.2 x 1.001 mV
  return bench;
}

TEST(SessionFault, WhatIsReadBackMustBeWhatWasAsked) {
  const auto fault_with = [](double error_V) {
    auto log = std::make_shared<FakeLog>();
    Session session = over(reading_bench(log, [=](TimeNs, TimeNs, Actions& actions) {
      for (std::size_t k = 5; k < tap_count_max; ++k) actions.readback.tap_V[k] += error_V;
    }));
    session.run(10 * second_ns);
    return fault_in(session.trace());
  };
  EXPECT_EQ(fault_with(0.0), "");
  EXPECT_EQ(fault_with(1.2e-3), "");
  EXPECT_EQ(fault_with(-1.2e-3), "");
  EXPECT_NE(fault_with(1.21e-3).find("bench 'fake' did not impose cell5_V: asked 3.2, read back 3.20121"),
            std::string::npos)
      << fault_with(1.21e-3);
  EXPECT_NE(fault_with(-1.21e-3), "");
}

TEST(SessionFault, ASetPointMayArriveLateButNotNever) {
  const auto fault_when_late_by = [](TimeNs late_ns) {
    auto log = std::make_shared<FakeLog>();
    SessionDescription description = test::session_description(test::round_pack());
    description.tick_limit_ns = 10 * millisecond_ns;
    auto bench = reading_bench(log, [=](TimeNs from_ns, TimeNs, Actions& actions) {
      // Asked for 3.7 V at 1 s; until it arrives cell 3 still has 3.2 V.
      if (from_ns < second_ns || from_ns >= second_ns + late_ns) return;
      for (std::size_t k = 3; k < tap_count_max; ++k) actions.readback.tap_V[k] -= 0.5;
    });
    Session session(description, test::make_plant(test::round_pack()), std::move(bench));
    session.at(second_ns, Impose{cell_3, 0.0, 3.7, 0});
    session.run(2 * second_ns);
    return fault_in(session.trace());
  };
  EXPECT_EQ(fault_when_late_by(90 * millisecond_ns), "");
  EXPECT_NE(fault_when_late_by(250 * millisecond_ns).find("cell3_V: asked 3.7, read back 3.2"), std::string::npos);
}

TEST(SessionFault, NoReadbackIsOneAndIsNotedOnce) {
  auto log = std::make_shared<FakeLog>();
  Session session = over(reading_bench(
      log, [](TimeNs from_ns, TimeNs, Actions& actions) { actions.readback.valid = from_ns < 3 * second_ns; }));
  session.run(10 * second_ns);
  EXPECT_EQ(fault_in(session.trace()), "bench 'fake' gives no readback");
  EXPECT_EQ(std::count_if(session.trace().events().begin(), session.trace().events().end(),
                          [](const Event& event) { return event.kind == EventKind::rig_fault; }),
            1);
}

}  // namespace
}  // namespace packrig
