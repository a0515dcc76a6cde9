#include "rig/crossing.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace packrig {
namespace {

Measured channel(std::vector<Sample> samples, double uncertainty = 0.0, bool exact_time = true) {
  Measured result;
  result.samples = std::move(samples);
  result.value_uncertainty = uncertainty;
  result.exact_time = exact_time;
  result.end_ns = 100;
  return result;
}

TEST(Standing, IsDoubtfulWithinTheUncertaintyOnly) {
  const auto standing = [](double value, double uncertainty, Side side) {
    return standing_at(channel({{0, value}}, uncertainty), side, 4.0, 0);
  };
  // Level 4, in steps of 1/4, which are exact.
  EXPECT_EQ(standing(4.25, 0.0, Side::above), Standing::beyond);
  EXPECT_EQ(standing(4.0, 0.0, Side::above), Standing::not_beyond);
  EXPECT_EQ(standing(3.75, 0.0, Side::above), Standing::not_beyond);
  EXPECT_EQ(standing(4.5, 0.25, Side::above), Standing::beyond);
  EXPECT_EQ(standing(4.25, 0.25, Side::above), Standing::doubtful);
  EXPECT_EQ(standing(4.0, 0.25, Side::above), Standing::doubtful);
  EXPECT_EQ(standing(3.75, 0.25, Side::above), Standing::not_beyond);
  EXPECT_EQ(standing(3.5, 0.25, Side::below), Standing::beyond);
  EXPECT_EQ(standing(3.75, 0.25, Side::below), Standing::doubtful);
  EXPECT_EQ(standing(4.25, 0.25, Side::below), Standing::not_beyond);
}

TEST(Standing, TakesTheSampleThatHolds) {
  const Measured steps = channel({{10, 1.0}, {20, 5.0}, {30, 1.0}});
  EXPECT_EQ(standing_at(steps, Side::above, 4.0, 5), Standing::not_beyond);  // before the first, the first
  EXPECT_EQ(standing_at(steps, Side::above, 4.0, 19), Standing::not_beyond);
  EXPECT_EQ(standing_at(steps, Side::above, 4.0, 20), Standing::beyond);
  EXPECT_EQ(standing_at(steps, Side::above, 4.0, 29), Standing::beyond);
  EXPECT_EQ(standing_at(steps, Side::above, 4.0, 30), Standing::not_beyond);
  EXPECT_EQ(standing_at(channel({}), Side::above, 4.0, 30), Standing::not_beyond);
}

TEST(CrossingBefore, IsTheSampleOnAStaircaseAndTheGapBetweenSamples) {
  const std::vector<Sample> samples = {{10, 1.0}, {20, 1.0}, {26, 5.0}, {40, 5.0}};
  const auto exact = crossing_before(channel(samples), Side::above, 4.0, 0, 50);
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->early_ns, 26);
  EXPECT_EQ(exact->late_ns, 26);
  const auto gap = crossing_before(channel(samples, 0.0, false), Side::above, 4.0, 0, 50);
  ASSERT_TRUE(gap);
  EXPECT_EQ(gap->early_ns, 20);
  EXPECT_EQ(gap->late_ns, 26);
}

TEST(CrossingBefore, DoubtfulSamplesWidenIt) {
  // 4 +- 0.5: doubtful at 20 and 30, beyond from 40.
  const std::vector<Sample> samples = {{10, 3.0}, {20, 3.75}, {30, 4.25}, {40, 5.0}};
  const auto exact = crossing_before(channel(samples, 0.5), Side::above, 4.0, 0, 50);
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->early_ns, 20);
  EXPECT_EQ(exact->late_ns, 40);
  const auto gap = crossing_before(channel(samples, 0.5, false), Side::above, 4.0, 0, 50);
  ASSERT_TRUE(gap);
  EXPECT_EQ(gap->early_ns, 10);
  EXPECT_EQ(gap->late_ns, 40);
}

TEST(CrossingBefore, NothingUnlessItIsBeyondForSure) {
  const Measured back = channel({{10, 1.0}, {20, 5.0}, {30, 1.0}});
  EXPECT_FALSE(crossing_before(back, Side::above, 4.0, 0, 30));
  EXPECT_TRUE(crossing_before(back, Side::above, 4.0, 0, 29));
  EXPECT_FALSE(crossing_before(channel({{10, 4.25}}, 0.5), Side::above, 4.0, 0, 30));
  EXPECT_FALSE(crossing_before(channel({}), Side::above, 4.0, 0, 30));
}

TEST(CrossingBefore, NeverBeginsBeforeTheMark) {
  const Measured early = channel({{10, 1.0}, {20, 5.0}, {30, 5.0}, {40, 5.0}});
  const auto window = crossing_before(early, Side::above, 4.0, 25, 50);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->early_ns, 25);
  EXPECT_EQ(window->late_ns, 25);
  const auto last = crossing_before(early, Side::above, 4.0, 45, 50);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->late_ns, 45);
}

TEST(CrossingBefore, StampOfTheReadbackWidensBothSides) {
  Measured stamped = channel({{10, 1.0}, {20, 5.0}});
  stamped.stamp_ns = 3;
  const auto window = crossing_before(stamped, Side::above, 4.0, 0, 50);
  ASSERT_TRUE(window);
  EXPECT_EQ(window->early_ns, 17);
  EXPECT_EQ(window->late_ns, 23);
}

TEST(LongestDwell, TakesTheLongestRunAndNotTheSum) {
  const Measured pulses = channel({{0, 1.0}, {10, 5.0}, {20, 1.0}, {30, 5.0}, {45, 1.0}, {50, 5.0}, {60, 1.0}});
  EXPECT_DOUBLE_EQ(longest_dwell(pulses, Side::above, 4.0, 0).sure_s, 15e-9);
  EXPECT_DOUBLE_EQ(longest_dwell(pulses, Side::above, 4.0, 0).possible_s, 15e-9);
  EXPECT_DOUBLE_EQ(longest_dwell(pulses, Side::above, 4.0, 45).sure_s, 10e-9);
  EXPECT_DOUBLE_EQ(longest_dwell(pulses, Side::above, 4.0, 38).sure_s, 10e-9);  // 7 of the 15 are left
  EXPECT_DOUBLE_EQ(longest_dwell(pulses, Side::above, 6.0, 0).sure_s, 0.0);
  EXPECT_DOUBLE_EQ(longest_dwell(channel({}), Side::above, 4.0, 0).possible_s, 0.0);
}

TEST(LongestDwell, TheLastSampleHoldsToTheEnd) {
  EXPECT_DOUBLE_EQ(longest_dwell(channel({{0, 1.0}, {60, 5.0}}), Side::above, 4.0, 0).sure_s, 40e-9);
}

TEST(LongestDwell, SamplesAreSureOnlyBetweenThemselves) {
  const Dwell dwell =
      longest_dwell(channel({{0, 1.0}, {10, 1.0}, {20, 5.0}, {30, 5.0}, {42, 1.0}}, 0.0, false), Side::above, 4.0, 0);
  EXPECT_DOUBLE_EQ(dwell.sure_s, 10e-9);
  EXPECT_DOUBLE_EQ(dwell.possible_s, 32e-9);
}

TEST(ValueAt, IsLinearBetweenSamplesAndFlatOnAStaircase) {
  const std::vector<Sample> samples = {{10, 1.0}, {20, 3.0}};
  const Measured ramp = channel(samples, 0.0, false);
  EXPECT_EQ(value_at(ramp, 0), 1.0);
  EXPECT_EQ(value_at(ramp, 10), 1.0);
  EXPECT_DOUBLE_EQ(value_at(ramp, 15), 2.0);
  EXPECT_EQ(value_at(ramp, 20), 3.0);
  EXPECT_EQ(value_at(ramp, 99), 3.0);
  const Measured staircase = channel(samples);
  EXPECT_EQ(value_at(staircase, 19), 1.0);
  EXPECT_EQ(value_at(staircase, 20), 3.0);
  EXPECT_TRUE(std::isnan(value_at(channel({}), 10)));
}

TEST(FarthestFrom, LooksAtTheEndsAndAtEverySampleBetween) {
  const Measured bump = channel({{0, 0.0}, {10, 0.0}, {20, 4.0}, {30, -6.0}, {40, 0.0}}, 0.0, false);
  EXPECT_DOUBLE_EQ(farthest_from(bump, 0.0, 0, 10), 0.0);
  EXPECT_DOUBLE_EQ(farthest_from(bump, 0.0, 0, 15), 2.0);
  EXPECT_DOUBLE_EQ(farthest_from(bump, 0.0, 5, 25), 4.0);
  EXPECT_DOUBLE_EQ(farthest_from(bump, 1.0, 5, 35), 7.0);
}

}  // namespace
}  // namespace packrig
