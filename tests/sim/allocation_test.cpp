// Nothing allocates in the tick. This file replaces the global allocator of the test program by one that counts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "tests/sim/test_pack.hpp"

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

TEST(Allocation, NoneInQuietTicksSwitchingAndTransients) {
  PackDescription d = test::plain_pack();
  d.parallel = 3;
  d.spread = {0.01, 0.05, 0.02};
  Plant plant = test::make_plant(d);
  Terminals terminals;
  plant.set_load(test::load_of(Load::Kind::power, 1000.0));
  plant.set_charger({true, 58.0, 10.0, 5e-3});
  plant.set_sense_wire_Ohm(3, 100.0);
  const long before = allocations;
  test::switch_relay(plant, Actuator::precharge, true);
  test::switch_relay(plant, Actuator::discharge, true);
  test::switch_relay(plant, Actuator::charge, true);
  plant.show(terminals);
  test::pass(plant, plant.now_ns() + second_ns);
  EXPECT_EQ(allocations - before, 0);
  plant.short_load_port(5e-3);
  const long shorted = allocations;
  test::pass(plant, plant.now_ns() + second_ns);
  EXPECT_EQ(allocations - shorted, 0);
  Plant copy = plant;
  EXPECT_GT(allocations - before, 0);  // the counter counts
}

}  // namespace
}  // namespace packrig
