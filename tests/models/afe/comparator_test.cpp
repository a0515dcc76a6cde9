#include "models/afe/comparator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/errors.hpp"

namespace packrig {
namespace {

constexpr double threshold_V = 0.1;
constexpr TimeNs delay_ns = 1500 * microsecond_ns;

Comparator configured(double filter_s = 0.0) {
  Comparator comparator(filter_s);
  comparator.configure(threshold_V, delay_ns);
  return comparator;
}

TEST(Comparator, LatchesAfterTheDelayInEitherDirection) {
  for (const double sign : {1.0, -1.0}) {
    Comparator comparator = configured();
    EXPECT_FALSE(comparator.hold(0.0, 0, 1000));
    EXPECT_EQ(comparator.deadline_ns(), never_ns);
    const auto latch = comparator.hold(sign * 0.125, 1000, second_ns);
    ASSERT_TRUE(latch);
    EXPECT_EQ(latch->at_ns, 1000 + delay_ns);
    EXPECT_EQ(latch->direction, sign > 0.0 ? ShortDirection::discharge : ShortDirection::charge);
    EXPECT_TRUE(comparator.latched(latch->direction));
    EXPECT_EQ(comparator.deadline_ns(), never_ns);
  }
}

TEST(Comparator, ThresholdItselfIsNotBeyond) {
  Comparator comparator = configured();
  EXPECT_FALSE(comparator.hold(threshold_V, 0, second_ns));
  EXPECT_FALSE(comparator.hold(-threshold_V, second_ns, 2 * second_ns));
  EXPECT_TRUE(comparator.hold(std::nextafter(threshold_V, 1.0), 2 * second_ns, 3 * second_ns));
}

TEST(Comparator, DeadlineIsKnownBeforeAndTheLatchBelongsToTheNextInterval) {
  Comparator comparator = configured();
  EXPECT_FALSE(comparator.hold(0.2, 0, delay_ns));
  EXPECT_EQ(comparator.deadline_ns(), delay_ns);
  const auto latch = comparator.hold(0.2, delay_ns, delay_ns + 1);
  ASSERT_TRUE(latch);
  EXPECT_EQ(latch->at_ns, delay_ns);
}

TEST(Comparator, PulseShorterThanTheDelayStartsFromNothing) {
  Comparator comparator = configured();
  TimeNs t_ns = 0;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(comparator.hold(0.2, t_ns, t_ns + 9 * delay_ns / 10));
    EXPECT_FALSE(comparator.hold(0.0, t_ns + 9 * delay_ns / 10, t_ns + delay_ns));
    EXPECT_EQ(comparator.deadline_ns(), never_ns);
    t_ns += delay_ns;
  }
}

TEST(Comparator, InputThatTurnsRoundIsTimedAnew) {
  Comparator comparator = configured();
  EXPECT_FALSE(comparator.hold(0.2, 0, delay_ns - 1));
  EXPECT_FALSE(comparator.hold(-0.2, delay_ns - 1, delay_ns + 10));
  EXPECT_EQ(comparator.deadline_ns(), 2 * delay_ns - 1);
}

TEST(Comparator, ZeroDelayLatchesAtTheStep) {
  Comparator comparator(0.0);
  comparator.configure(threshold_V, 0);
  const auto latch = comparator.hold(0.2, 12345, 12346);
  ASSERT_TRUE(latch);
  EXPECT_EQ(latch->at_ns, 12345);
}

TEST(Comparator, StaysLatchedUntilItIsRearmedAndThenTimesAnew) {
  Comparator comparator = configured();
  ASSERT_TRUE(comparator.hold(0.2, 0, second_ns));
  EXPECT_FALSE(comparator.hold(0.0, second_ns, 2 * second_ns));
  EXPECT_FALSE(comparator.hold(0.2, 2 * second_ns, 3 * second_ns));
  EXPECT_TRUE(comparator.latched(ShortDirection::discharge));
  comparator.rearm();
  EXPECT_FALSE(comparator.latched(ShortDirection::discharge));
  const auto latch = comparator.hold(0.2, 3 * second_ns, 4 * second_ns);
  ASSERT_TRUE(latch);
  EXPECT_EQ(latch->at_ns, 3 * second_ns + delay_ns);
}

TEST(Comparator, LatchedInOneDirectionItStillSeesTheOther) {
  for (const double sign : {1.0, -1.0}) {
    const ShortDirection one = sign > 0.0 ? ShortDirection::discharge : ShortDirection::charge;
    const ShortDirection other = sign > 0.0 ? ShortDirection::charge : ShortDirection::discharge;
    Comparator comparator = configured();
    ASSERT_TRUE(comparator.hold(sign * 0.2, 0, second_ns));
    EXPECT_FALSE(comparator.hold(-sign * threshold_V, second_ns, 2 * second_ns)) << "at the threshold";
    EXPECT_FALSE(comparator.hold(-sign * 0.2, 2 * second_ns, 2 * second_ns + delay_ns)) << "below the delay";
    EXPECT_EQ(comparator.deadline_ns(), 2 * second_ns + delay_ns);
    const auto latch = comparator.hold(-sign * 0.2, 2 * second_ns + delay_ns, 3 * second_ns);
    ASSERT_TRUE(latch);
    EXPECT_EQ(latch->at_ns, 2 * second_ns + delay_ns);
    EXPECT_EQ(latch->direction, other);
    EXPECT_TRUE(comparator.latched(one) && comparator.latched(other));
    EXPECT_EQ(comparator.deadline_ns(), never_ns);
    comparator.rearm();
    EXPECT_FALSE(comparator.latched(one) || comparator.latched(other));
  }
}

TEST(Comparator, RearmingOneDirectionDoesNotStopTheTimeOfTheOther) {
  Comparator comparator = configured();
  ASSERT_TRUE(comparator.hold(0.2, 0, second_ns));
  EXPECT_FALSE(comparator.hold(-0.2, second_ns, second_ns + delay_ns / 2));
  comparator.rearm();
  const auto latch = comparator.hold(-0.2, second_ns + delay_ns / 2, 2 * second_ns);
  ASSERT_TRUE(latch);
  EXPECT_EQ(latch->at_ns, second_ns + delay_ns);
}

TEST(Comparator, SecondLatchOfOneIntervalComesWithTheNext) {
  Comparator comparator(0.002);
  comparator.configure(threshold_V, second_ns + 100 * microsecond_ns);
  EXPECT_FALSE(comparator.hold(0.2, 0, second_ns));
  // The filter stays above 0.1 V for tau ln(0.4 / 0.3) = 0.58 ms and is below -0.1 V after tau ln 4 = 2.77 ms.
  const auto first = comparator.hold(-0.2, second_ns, 3 * second_ns);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->at_ns, second_ns + 100 * microsecond_ns);
  EXPECT_EQ(first->direction, ShortDirection::discharge);
  EXPECT_NEAR(static_cast<double>(comparator.deadline_ns()), 2.0e9 + 0.1e6 + 2e6 * std::log(4.0), 2.0);
  const auto second = comparator.hold(-0.2, 3 * second_ns, 4 * second_ns);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->at_ns, 3 * second_ns);
  EXPECT_EQ(second->direction, ShortDirection::charge);
}

TEST(Comparator, IsInactiveUntilConfigured) {
  Comparator comparator(0.0);
  EXPECT_FALSE(comparator.hold(1.0, 0, second_ns));
  EXPECT_EQ(comparator.deadline_ns(), never_ns);
}

TEST(Comparator, FilterDelaysTheCrossingByItsExponential) {
  constexpr double filter_s = 100e-6;
  Comparator comparator = configured(filter_s);
  comparator.hold(0.0, 0, millisecond_ns);
  EXPECT_FALSE(comparator.hold(0.125, millisecond_ns, millisecond_ns + 1));
  // 0.125 (1 - exp(-t / tau)) = 0.1  =>  t = tau ln 5
  const double crossing_s = filter_s * std::log(5.0);
  const double expected_ns = static_cast<double>(millisecond_ns + delay_ns) + crossing_s * 1e9;
  EXPECT_NEAR(static_cast<double>(comparator.deadline_ns()), expected_ns, 2.0);
  const auto latch = comparator.hold(0.125, millisecond_ns + 1, second_ns);
  ASSERT_TRUE(latch);
  EXPECT_NEAR(static_cast<double>(latch->at_ns), expected_ns, 3.0);
}

TEST(Comparator, FallingFilterPassesTheThresholdAtItsExponential) {
  // From 0.2 V towards 0 V the filter stays above 0.1 V for tau ln 2 = 1.386 ms when tau is 2 ms.
  for (const TimeNs tail_ns : {1386 * microsecond_ns, 1387 * microsecond_ns}) {
    Comparator comparator(0.002);
    comparator.configure(threshold_V, second_ns + tail_ns);
    EXPECT_FALSE(comparator.hold(0.2, 0, second_ns));
    EXPECT_EQ(comparator.hold(0.0, second_ns, 2 * second_ns).has_value(), tail_ns == 1386 * microsecond_ns);
  }
}

TEST(Comparator, SplittingAnIntervalChangesNothing) {
  for (const double filter_s : {0.0, 50e-6, 1e-3}) {
    Comparator whole = configured(filter_s);
    Comparator split = configured(filter_s);
    whole.hold(0.0, 0, 1000);
    split.hold(0.0, 0, 1000);
    const auto expected = whole.hold(0.15, 1000, 20 * millisecond_ns);
    std::optional<ComparatorLatch> found;
    for (TimeNs t_ns = 1000; t_ns < 20 * millisecond_ns && !found; t_ns += 77777) {
      found = split.hold(0.15, t_ns, t_ns + 77777);
    }
    ASSERT_TRUE(expected && found);
    EXPECT_NEAR(static_cast<double>(found->at_ns), static_cast<double>(expected->at_ns), 2.0) << filter_s;
  }
}

TEST(Comparator, RefusesWhatItCannotUse) {
  EXPECT_THROW(Comparator(-1e-6), BadInput);
  EXPECT_THROW(Comparator{std::numeric_limits<double>::infinity()}, BadInput);
  EXPECT_THROW(Comparator{std::numeric_limits<double>::quiet_NaN()}, BadInput);
  Comparator comparator = configured();
  EXPECT_THROW(comparator.hold(std::numeric_limits<double>::quiet_NaN(), 0, 1), NumericFault);
}

}  // namespace
}  // namespace packrig
