// A trace that goes to disk while the session runs: bounded memory, the same trace, and readable after a kill.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "rig/trace_file.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

class TraceStream : public testing::Test {
 protected:
  TraceStream() { std::filesystem::create_directories(folder_); }
  ~TraceStream() override { std::filesystem::remove_all(folder_); }

  std::string folder_ = testing::TempDir() + "packrig_stream_" + std::to_string(getpid());
  std::string path_ = folder_ + "/run.prt";
};

// A row of the plug and of the truth at every tick: some 40 ticks a second, and a board that is polled.
Session busy(std::unique_ptr<Bench> bench = test::sim_bench()) {
  SessionDescription description = test::session_description(test::round_pack());
  description.truth_period_ns = 0;
  Session session = test::session_over(std::move(bench), test::round_pack(), description);
  session.at(15 * second_ns, SetLoad{test::load_of(Load::Kind::current, 50.0)});
  session.at(15 * second_ns, Impose{{Quantity::cell_V, 3}, 3.2, 3.3, 600 * second_ns});
  session.poll(2 * second_ns);
  return session;
}

TEST_F(TraceStream, IsTheTraceThatWouldHaveBeenHeld) {
  for (const bool instruments : {false, true}) {
    Session held = busy(instruments ? test::twin_bench() : test::sim_bench());
    held.run(second_ns);
    held.run(60 * second_ns);
    Session stored = busy(instruments ? test::twin_bench() : test::sim_bench());
    stored.run(second_ns);
    stored.store_trace(path_);
    stored.run(60 * second_ns);
    stored.close_trace();
    const Trace loaded = load_trace(path_);
    EXPECT_GT(loaded.group(Role::truth).rows(), 500U);
    EXPECT_EQ(loaded.hash(), held.trace().hash());
    EXPECT_EQ(loaded.end_ns(), 60 * second_ns);
  }
}

TEST_F(TraceStream, HoldsABoundedPartHoweverLongTheRun) {
  Session session = busy();
  session.store_trace(path_);
  std::size_t most = 0;
  for (TimeNs at_ns = second_ns; at_ns <= 120 * second_ns; at_ns += 10 * millisecond_ns) {
    session.run(at_ns);
    most = std::max(most, session.trace_held());
  }
  EXPECT_GT(std::filesystem::file_size(path_), 20U * 1024 * 1024 / 10);
  EXPECT_LT(most, Session::trace_held_max);
  EXPECT_GT(most, Session::trace_held_max / 4);  // it was not written row by row
}

TEST_F(TraceStream, AKilledRunLeavesAllButTheLastBlock) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t writer = fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    Session session = busy();
    session.store_trace(path_);
    session.run(30 * second_ns);
    const char told = session.trace_held() > 0 ? 'y' : 'n';
    if (write(ready[1], &told, 1) != 1) _exit(1);
    for (;;) session.run(session.now_ns() + second_ns);
  }
  char told = 0;
  ASSERT_EQ(read(ready[0], &told, 1), 1);
  EXPECT_EQ(told, 'y');  // something was still to be lost
  kill(writer, SIGKILL);
  int status = 0;
  waitpid(writer, &status, 0);
  close(ready[0]);
  close(ready[1]);
  EXPECT_TRUE(WIFSIGNALED(status));

  const Trace left = load_trace(path_);
  ASSERT_FALSE(left.events().empty());
  EXPECT_EQ(left.events().back().kind, EventKind::rig_fault);
  EXPECT_GT(left.end_ns(), 25 * second_ns);
  // What is there is what an undisturbed run has.
  Session whole = busy();
  whole.run(left.end_ns() + second_ns);
  const TraceGroup& expected = whole.trace().group(Role::truth);
  const TraceGroup& found = left.group(Role::truth);
  ASSERT_GT(found.rows(), 200U);
  ASSERT_LE(found.rows(), expected.rows());
  EXPECT_TRUE(std::equal(found.at_ns.begin(), found.at_ns.end(), expected.at_ns.begin()));
  EXPECT_TRUE(std::equal(found.values.begin(), found.values.end(), expected.values.begin()));
}

TEST_F(TraceStream, EdgesAndAlarmsStayAtFullRateWhereRowsAreSeldom) {
  const auto run = [](TimeNs period_ns) {
    SessionDescription description = test::session_description(test::round_pack());
    description.plug_period_ns = description.truth_period_ns = description.reported_period_ns = period_ns;
    Session session = test::session_over(test::sim_bench(), test::round_pack(), description);
    session.poll(second_ns);
    session.at(20 * second_ns, Impose{{Quantity::cell_V, 3}, 3.9, 3.9, 0});
    session.at(60 * second_ns, Release{{Quantity::cell_V, 3}});
    session.run(120 * second_ns);
    return session.take_trace();
  };
  const Trace full = run(0);
  const Trace seldom = run(1000 * second_ns);
  EXPECT_EQ(seldom.actions_hash(), full.actions_hash());
  EXPECT_GT(full.group(Role::reported).rows(), 100U);
  // The first, and one where each alarm or switch comes or goes.
  EXPECT_GE(seldom.group(Role::reported).rows(), 3U);
  EXPECT_LE(seldom.group(Role::reported).rows(), 12U);
  EXPECT_EQ(seldom.group(Role::truth).rows(), 1U);
}

TEST_F(TraceStream, RefusesWhatWouldJudgeAPart) {
  Session session = busy();
  EXPECT_THROW(session.flush_trace(), BadInput);
  EXPECT_THROW(session.close_trace(), BadInput);
  session.store_trace(path_);
  EXPECT_THROW(session.store_trace(path_), BadInput);
  EXPECT_THROW(session.trace(), BadInput);
  EXPECT_THROW(session.take_trace(), BadInput);
  session.close_trace();
  EXPECT_EQ(session.trace().end_ns(), session.now_ns());
  EXPECT_THROW(session.store_trace(folder_ + "/no/such/folder/run.prt"), BenchFault);
  EXPECT_THROW(session.store_trace("/dev/full"), BenchFault);
}

}  // namespace
}  // namespace packrig
