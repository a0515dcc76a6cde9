// t0 of what the plant drives: located between two ticks.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/errors.hpp"
#include "rig/judge.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

constexpr Channel first_cell{Quantity::cell_V, 1};

// Both relays closed, 50 A out of 100 Ah: the cells fall by 0.4 V * 50 A / 360000 As = 56 uV a second.
Session discharging(std::unique_ptr<Bench> bench) {
  Session session = test::session_over(std::move(bench));
  session.run(15 * second_ns);
  session.at(session.now_ns(), SetLoad{test::load_of(Load::Kind::current, 50.0)});
  session.run(session.now_ns() + second_ns);
  session.run(session.now_ns() + 1);  // shows what stands there now
  return session;
}

Verdict judged(const Trace& trace, Side side, double level) {
  TripRule rule;
  rule.channel = first_cell;
  rule.side = side;
  rule.threshold = level;
  rule.actuator = Actuator::discharge;
  rule.high_s = 0.5;
  rule.from_ns = 16 * second_ns + 1;
  return judge(rule, trace);
}

// By ticks of a microsecond around the instant, in a session of its own.
TimeNs by_small_steps_ns(Session session, double level, TimeNs near_ns) {
  session.run(near_ns - 200 * microsecond_ns);
  EXPECT_GE(session.shown(first_cell), level);
  while (session.now_ns() < near_ns + 200 * microsecond_ns) {
    session.run(session.now_ns() + microsecond_ns);
    session.run(session.now_ns() + 1);  // shows what stands there now
    if (session.shown(first_cell) < level) return session.now_ns();
  }
  return never_ns;
}

TEST(SessionCrossing, T0OfADischargeIsLocatedToAMicrosecond) {
  Session start = discharging(test::sim_bench());
  for (const double after_s : {0.0123, 0.513, 1.87}) {
    const double level = start.shown(first_cell) - 0.4 * 50.0 / 360e3 * after_s;
    Session session = start.fork();
    session.watch(first_cell, Side::below, level);
    session.run(session.now_ns() + 4 * second_ns);
    const Verdict verdict = judged(session.trace(), Side::below, level);
    ASSERT_NE(verdict.t0_ns, never_ns) << verdict.reason;
    const TimeNs exact_ns = by_small_steps_ns(start.fork(), level, verdict.t0_ns);
    EXPECT_NEAR(static_cast<double>(verdict.t0_ns), static_cast<double>(exact_ns), 2e3) << after_s;
    EXPECT_EQ(std::ranges::count(session.trace().events(), EventKind::crossing, &Event::kind), 1);
  }
}

TEST(SessionCrossing, UnwatchedItIsLateByUpToATick) {
  Session start = discharging(test::sim_bench());
  const double level = start.shown(first_cell) - 0.4 * 50.0 / 360e3 * 0.513;
  Session watched = start.fork();
  watched.watch(first_cell, Side::below, level);
  watched.run(watched.now_ns() + 4 * second_ns);
  start.take_trace();
  start.run(start.now_ns() + 4 * second_ns);
  EXPECT_GT(
      std::abs(judged(start.trace(), Side::below, level).t0_ns - judged(watched.trace(), Side::below, level).t0_ns),
      microsecond_ns);
  // Watching disturbs nothing.
  EXPECT_EQ(watched.trace().group(Role::imposed).values, start.trace().group(Role::imposed).values);
  EXPECT_EQ(watched.trace().actions_hash(), start.trace().actions_hash());
}

TEST(SessionCrossing, OfAStepIsTheInstantOfTheStimulus) {
  Session session = discharging(test::sim_bench());
  session.watch(first_cell, Side::below, 3.1);
  const TimeNs step_ns = session.now_ns() + 123'456'789;
  session.at(step_ns, SetLoad{test::load_of(Load::Kind::current, 150.0)});  // 3.05 V
  session.run(session.now_ns() + second_ns);
  EXPECT_NEAR(static_cast<double>(judged(session.trace(), Side::below, 3.1).t0_ns), static_cast<double>(step_ns), 1e3);
}

TEST(SessionCrossing, BehindInstrumentsTheReadbackTells) {
  Session session = discharging(test::twin_bench());
  session.watch(first_cell, Side::below, session.shown(first_cell) - 20e-6);
  session.run(session.now_ns() + 2 * second_ns);
  EXPECT_EQ(std::ranges::count(session.trace().events(), EventKind::crossing, &Event::kind), 0);
}

TEST(SessionCrossing, RefusesWhatCannotBeCrossed) {
  Session session = discharging(test::sim_bench());
  EXPECT_THROW(session.watch({Quantity::cell_V, 17}, Side::below, 3.0), BadInput);
  EXPECT_THROW(session.watch(first_cell, Side::below, std::nan("")), BadInput);
}

}  // namespace
}  // namespace packrig
