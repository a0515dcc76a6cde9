// Nothing allocates in a tick of the whole loop once the trace does not grow. This file replaces the global allocator
// of the test program by one that counts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "tests/rig/test_rig.hpp"

namespace {
long allocations = 0;
}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
// Not inlined, or gcc sees free() meet a pointer of operator new and warns.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace packrig {
namespace {

long allocations_of_a_steady_minute(std::unique_ptr<Bench> bench) {
  SessionDescription description = test::session_description(test::round_pack());
  description.plug_period_ns = 3600 * second_ns;
  description.truth_period_ns = 3600 * second_ns;
  Session session = test::session_over(std::move(bench), test::round_pack(), description);
  session.run(10 * second_ns);
  session.at(session.now_ns(), SetLoad{test::load_of(Load::Kind::power, 1000.0)});
  session.at(session.now_ns(), Impose{{Quantity::cell_V, 3}, 3.2, 3.3, 3600 * second_ns});
  session.run(session.now_ns() + second_ns);
  const long before = allocations;
  session.run(session.now_ns() + 60 * second_ns, DriveIs{Actuator::discharge, false});
  const long during = allocations - before;
  EXPECT_TRUE(session.drive_on(Actuator::discharge));  // steady indeed
  const Session copy = session.fork();
  EXPECT_GT(allocations - before, during);  // the counter counts
  return during;
}

TEST(Allocation, NoneInTheTickOfASteadyRun) {
  EXPECT_EQ(allocations_of_a_steady_minute(test::sim_bench()), 0);
  EXPECT_EQ(allocations_of_a_steady_minute(test::twin_bench()), 0);
}

}  // namespace
}  // namespace packrig
