// A fork has the same future, and nothing in common with the session it came from.
#include <gtest/gtest.h>

#include "rig/fault.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

class SessionFork : public testing::TestWithParam<bool> {
 protected:
  static Session booted() {
    Session session =
        test::session_over(GetParam() ? test::twin_bench() : test::sim_bench(AfeErrors::typical(5, test::shunt_Ohm)));
    session.run(6 * second_ns);  // a precharge of 5 s
    EXPECT_TRUE(session.drive_on(Actuator::discharge));
    session.at(session.now_ns(), SetLoad{test::load_of(Load::Kind::power, 1000.0)});
    session.at(session.now_ns() + 100 * millisecond_ns, Impose{{Quantity::ntc_degC, 1}, 25.0, 30.0, second_ns});
    session.run(session.now_ns() + 500 * millisecond_ns);  // in the middle of the ramp
    return session;
  }
};

TEST_P(SessionFork, HasTheSameFuture) {
  Session parent = booted();
  parent.at(parent.now_ns() + second_ns, Impose{test::cell_3, 0.0, 3.9, 0});  // pending in both
  Session first = parent.fork();
  Session second = parent.fork();
  EXPECT_EQ(first.now_ns(), parent.now_ns());
  EXPECT_EQ(first.trace().group(Role::imposed).rows(), 0U);
  // How the drives stand, and nothing else.
  const std::size_t states = first.trace().events().size();
  EXPECT_EQ(states, static_cast<std::size_t>(actuator_count));
  EXPECT_EQ(first.trace().events()[1].kind, EventKind::drive_state);
  EXPECT_EQ(first.trace().events()[1].state, 1);  // discharge
  const TimeNs end_ns = parent.now_ns() + 10 * second_ns;
  first.run(end_ns);
  second.run(end_ns);
  EXPECT_FALSE(first.drive_on(Actuator::charge));  // over-voltage protection took the pending stimulus
  EXPECT_EQ(first.trace().hash(), second.trace().hash());
  // The parent's future is the same one: its edges after the fork are the fork's edges.
  const std::size_t before = parent.trace().events().size();
  parent.run(end_ns);
  const std::vector<Event> rest(parent.trace().events().begin() + static_cast<std::ptrdiff_t>(before),
                                parent.trace().events().end());
  ASSERT_EQ(rest.size(), first.trace().events().size() - states);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    EXPECT_EQ(rest[i].at_ns, first.trace().events()[states + i].at_ns) << i;
    EXPECT_EQ(rest[i].kind, first.trace().events()[states + i].kind) << i;
    EXPECT_EQ(rest[i].text, first.trace().events()[states + i].text) << i;
  }
  EXPECT_EQ(parent.shown({Quantity::cell_V, 1}), first.shown({Quantity::cell_V, 1}));
}

TEST_P(SessionFork, IsIndependent) {
  Session parent = booted();
  const std::uint64_t parent_hash = parent.trace().hash();
  Session fork = parent.fork();
  fork.at(fork.now_ns(), Impose{test::cell_3, 0.0, 3.9, 0});
  EXPECT_EQ(fork.write_setting(0x04, 3700), 0);
  fork.run(fork.now_ns() + 10 * second_ns);
  EXPECT_FALSE(fork.drive_on(Actuator::charge));
  EXPECT_EQ(parent.trace().hash(), parent_hash);
  std::int32_t over_voltage_mV = 0;
  EXPECT_EQ(parent.read_setting(0x04, over_voltage_mV), 0);
  EXPECT_NE(over_voltage_mV, 3700);
  parent.run(parent.now_ns() + 10 * second_ns);
  EXPECT_TRUE(parent.drive_on(Actuator::charge));
}

TEST_P(SessionFork, IsWhatASessionGoesOnAsWhenItsTraceIsTaken) {
  Session parent = booted();
  Session fork = parent.fork();
  const std::uint64_t hash = parent.trace().hash();
  const TimeNs taken_ns = parent.now_ns();
  const Trace taken = parent.take_trace();
  EXPECT_EQ(taken.hash(), hash);  // all of it is handed over
  EXPECT_EQ(taken.end_ns(), taken_ns);
  EXPECT_EQ(parent.now_ns(), taken_ns);
  EXPECT_EQ(parent.trace().events().size(), static_cast<std::size_t>(actuator_count));
  for (const Role role : {Role::asked, Role::imposed, Role::truth, Role::reported, Role::observed})
    EXPECT_EQ(parent.trace().group(role).rows(), 0U);
  parent.run(taken_ns + 5 * second_ns);
  fork.run(taken_ns + 5 * second_ns);
  EXPECT_EQ(parent.trace().hash(), fork.trace().hash());
}

INSTANTIATE_TEST_SUITE_P(Benches, SessionFork, testing::Bool(),
                         [](const auto& kind) { return kind.param ? "twin" : "sim"; });

}  // namespace
}  // namespace packrig
