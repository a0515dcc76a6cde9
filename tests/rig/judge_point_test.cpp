// PointRule over ramps written by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "rig/judge.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::cell_1;
using test::HandTrace;
using test::sampled;

// The drive opens 2 s after the cell is between 3.5 V and 3.75 V.
PointRule point_promise() {
  PointRule rule;
  rule.channel = cell_1;
  rule.low = 3.5;
  rule.high = 3.75;
  rule.delay_s = 2.0;
  return rule;
}

// From 3 V at 10 s by `slope` V/s in steps of 1/8 s to 30 s; the drive opens at `edge_s`.
HandTrace ramp(double slope_V_per_s, double edge_s, const TraceUncertainty& u = {}) {
  HandTrace hand(u);
  hand.cell(0.0, 3.0);
  for (int i = 0; i <= 160; ++i) hand.cell(10.0 + i / 8.0, 3.0 + slope_V_per_s * i / 8.0);
  if (std::isfinite(edge_s)) hand.edge(edge_s, Actuator::charge, false);
  hand.end(30.0);
  return hand;
}

// At 1/16 V per s the cell has 3.5 V at 18 s and 3.75 V at 22 s, so the drive may open from 20 s to 24 s.
TEST(JudgePoint, RampUpIsHeldAgainstTheBand) {
  const auto outcome_at = [](double edge_s) { return judge(point_promise(), ramp(1.0 / 16.0, edge_s).trace).outcome; };
  EXPECT_EQ(outcome_at(19.875), Outcome::fail);
  EXPECT_EQ(outcome_at(20.0), Outcome::pass);
  EXPECT_EQ(outcome_at(22.0), Outcome::pass);
  EXPECT_EQ(outcome_at(24.0), Outcome::pass);
  EXPECT_EQ(outcome_at(24.125), Outcome::fail);
  const Verdict middle = judge(point_promise(), ramp(1.0 / 16.0, 22.0).trace);
  EXPECT_DOUBLE_EQ(middle.value, 3.625);  // 3 V + 10 s / 16
  EXPECT_DOUBLE_EQ(middle.margin, 0.125);
  EXPECT_EQ(middle.unit, "V");
  EXPECT_EQ(middle.t0_ns, 20 * second_ns);
  EXPECT_EQ(middle.t1_ns, 22 * second_ns);
}

// Down by 1/16 V per s: 2.5 V at 18 s, 2.25 V at 22 s.
TEST(JudgePoint, RampDownIsHeldAgainstTheBand) {
  PointRule rule = point_promise();
  rule.low = 2.25;
  rule.high = 2.5;
  const auto outcome_at = [&](double edge_s) { return judge(rule, ramp(-1.0 / 16.0, edge_s).trace).outcome; };
  EXPECT_EQ(outcome_at(19.875), Outcome::fail);
  EXPECT_EQ(outcome_at(20.0), Outcome::pass);
  EXPECT_EQ(outcome_at(24.0), Outcome::pass);
  EXPECT_EQ(outcome_at(24.125), Outcome::fail);
}

TEST(JudgePoint, DoubtOfTheDelayBecomesDoubtOfTheValue) {
  // +- 0.5 s at 1/16 V per s is +- 31.25 mV.
  PointRule rule = point_promise();
  rule.delay_uncertainty_s = 0.5;
  const auto verdict_at = [&](double edge_s) { return judge(rule, ramp(1.0 / 16.0, edge_s).trace); };
  EXPECT_DOUBLE_EQ(verdict_at(22.0).uncertainty, 0.03125);
  EXPECT_EQ(verdict_at(19.375).outcome, Outcome::fail);          // 3.4609 +- 0.0313 V ends at 3.4922 V
  EXPECT_EQ(verdict_at(20.0).outcome, Outcome::inconclusive);    // 3.5 +- 0.0313 V
  EXPECT_EQ(verdict_at(20.375).outcome, Outcome::inconclusive);  // 3.5234 +- 0.0313 V
  EXPECT_EQ(verdict_at(20.5).outcome, Outcome::pass);            // 3.53125 +- 0.03125 V begins at 3.5 V
  EXPECT_EQ(verdict_at(23.5).outcome, Outcome::pass);            // 3.71875 +- 0.03125 V ends at 3.75 V
  EXPECT_EQ(verdict_at(23.625).outcome, Outcome::inconclusive);
}

TEST(JudgePoint, DoubtOfTheReadingAddsToIt) {
  // 10 mV of the reading and 1/8 s of the stamp at 1/16 V per s: 10 mV + 7.8125 mV.
  const Verdict verdict = judge(point_promise(), ramp(1.0 / 16.0, 22.0, sampled(0.010, second_ns / 8)).trace);
  EXPECT_NEAR(verdict.uncertainty, 0.0178125, 1e-12);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
}

TEST(JudgePoint, BetweenSamplesTheValueIsInterpolatedAndOnAStaircaseItIsNot) {
  // Rows at 10 s (3.0 V) and 20 s (4.0 V), off at 17 s: 2 s before it a sampled ramp has 3.5 V, a staircase 3.0 V.
  const auto value = [](const TraceUncertainty& u) {
    HandTrace hand(u);
    hand.cell(10.0, 3.0).cell(20.0, 4.0).edge(17.0, Actuator::charge, false).end(30.0);
    return judge(point_promise(), hand.trace).value;
  };
  EXPECT_DOUBLE_EQ(value(sampled()), 3.5);
  EXPECT_DOUBLE_EQ(value({}), 3.0);
}

TEST(JudgePoint, NoTripOnTheWholeRampFails) {
  const Verdict verdict = judge(point_promise(), ramp(1.0 / 16.0, std::nan("")).trace);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_TRUE(std::isnan(verdict.value));
  EXPECT_NE(verdict.reason.find("no charge drive off though cell 1 above 3.75 V for 2 s"), std::string::npos)
      << verdict.reason;
}

TEST(JudgePoint, ARampThatDidNotGoFarEnoughProvesNothing) {
  // Beyond 3.75 V from 10 s on: the drive is due 2 s later.
  const auto stood_for = [](double span_s, const TraceUncertainty& u) {
    HandTrace hand(u);
    hand.cell(0.0, 3.0).cell(10.0, 3.8).cell(10.0 + span_s, 3.8).cell(10.0 + span_s + 0.5, 3.0).end(30.0);
    return judge(point_promise(), hand.trace).outcome;
  };
  EXPECT_EQ(stood_for(1.0, {}), Outcome::error);
  EXPECT_EQ(stood_for(1.5, {}), Outcome::error);  // 2 s as a staircase: it may open at that very instant
  EXPECT_EQ(stood_for(1.625, {}), Outcome::fail);
  EXPECT_EQ(stood_for(1.625, sampled()), Outcome::inconclusive);
  EXPECT_EQ(stood_for(2.125, sampled()), Outcome::fail);
}

TEST(JudgePoint, ATripBeforeTheDelayCouldRunFails) {
  PointRule rule = point_promise();
  rule.from_ns = 10 * second_ns;
  const Verdict verdict = judge(rule, ramp(1.0 / 16.0, 11.875).trace);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_NE(verdict.reason.find("before the ramp had run 2 s"), std::string::npos) << verdict.reason;
}

TEST(JudgePoint, ATripBeforeTheMarkIsNone) {
  PointRule rule = point_promise();
  rule.from_ns = 10 * second_ns;
  HandTrace hand = ramp(1.0 / 16.0, 5.0);
  hand.edge(6.0, Actuator::charge, true).edge(22.0, Actuator::charge, false);
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
}

}  // namespace
}  // namespace packrig
