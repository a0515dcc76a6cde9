#include "models/fuse.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "models/errors.hpp"

namespace packrig {
namespace {

// 100 A, so the constant current that is carried for ever is 125 A; tau = 15 625 / 125^2 = 1 s.
FuseDescription one_second() {
  FuseDescription d;
  d.rating_A = 100.0;
  d.melting_A2s = 15'625.0;
  return d;
}

TEST(Fuse, MeltsAdiabaticallyInAShort) {
  Fuse fuse(one_second());
  const double t_s = 15'625.0 / (5000.0 * 5000.0);  // 625 us
  EXPECT_NEAR(to_s(fuse.time_to_melt_ns(25e6)) / t_s, 1.0, 1e-3);
  fuse.advance(25e6, from_s(0.99 * t_s));
  EXPECT_FALSE(fuse.blown());
  fuse.advance(25e6, from_s(0.02 * t_s));
  EXPECT_TRUE(fuse.blown());
}

TEST(Fuse, CarriesUpTo125PercentForEver) {
  Fuse fuse(one_second());
  EXPECT_EQ(fuse.time_to_melt_ns(124.9 * 124.9), never_ns);
  for (int i = 0; i < 1000; ++i) fuse.advance(124.9 * 124.9, second_ns);
  EXPECT_FALSE(fuse.blown());
  EXPECT_NE(fuse.time_to_melt_ns(125.1 * 125.1), never_ns);
}

TEST(Fuse, OverloadTimeIsThatOfOneThermalNode) {
  Fuse fuse(one_second());
  // q(t) = I^2 tau (1 - exp(-t/tau)) = I2t  at  t = -ln(1 - (125/250)^2)
  const double t_s = -std::log(0.75);
  EXPECT_NEAR(to_s(fuse.time_to_melt_ns(250.0 * 250.0)), t_s, 1e-8);
  fuse.advance(250.0 * 250.0, fuse.time_to_melt_ns(250.0 * 250.0) - 10);
  EXPECT_FALSE(fuse.blown());
  fuse.advance(250.0 * 250.0, 10);
  EXPECT_TRUE(fuse.blown());
}

TEST(Fuse, CoolsBetweenPulses) {
  Fuse fuse(one_second());
  fuse.advance(1e6, 10 * millisecond_ns);  // 9950 A2s
  EXPECT_NEAR(fuse.left_A2s(), 15'625.0 - 1e6 * (1.0 - std::exp(-0.01)), 1e-6);
  fuse.advance(0.0, 5 * second_ns);
  fuse.advance(1e6, 10 * millisecond_ns);
  EXPECT_FALSE(fuse.blown());
  fuse.advance(1e6, 10 * millisecond_ns);
  EXPECT_TRUE(fuse.blown());
  fuse.advance(0.0, 1000 * second_ns);
  EXPECT_TRUE(fuse.blown());
}

TEST(Fuse, OneIntervalEqualsItsParts) {
  Fuse whole(one_second());
  Fuse parts(one_second());
  whole.advance(12'000.0, 300 * millisecond_ns);
  parts.advance(12'000.0, 100 * millisecond_ns);
  parts.advance(12'000.0, 200 * millisecond_ns);
  EXPECT_NEAR(whole.left_A2s(), parts.left_A2s(), 1e-9);
}

TEST(Fuse, RefusesMembersOutOfRange) {
  check(one_second());
  FuseDescription d = one_second();
  d.rating_A = 0.9;
  EXPECT_THROW(check(d), BadInput);
  d = one_second();
  d.melting_A2s = -1.0;
  EXPECT_THROW(check(d), BadInput);
  d = one_second();
  d.arc_V = 149.0;
  EXPECT_THROW(check(d), BadInput);
}

}  // namespace
}  // namespace packrig
