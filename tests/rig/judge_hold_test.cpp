// HoldRule over traces written by hand.
#include <gtest/gtest.h>

#include "rig/judge.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::cell_1;
using test::HandTrace;
using test::sampled;

// Above 3.60 V for at least 2 s, and not above 3.65 V for more than half a second, the charge drive stays on.
HoldRule promise() {
  HoldRule rule;
  rule.channel = cell_1;
  rule.reach = 3.60;
  rule.reach_s = 2.0;
  rule.ceiling = 3.65;
  rule.ceiling_s = 0.5;
  return rule;
}

HandTrace stood(double value_V, double span_s, const TraceUncertainty& u = {}) {
  HandTrace hand(u);
  hand.cell(0.0, 3.3).edge(1.0, Actuator::charge, true).cell(10.0, value_V);
  hand.cell(10.0 + span_s - 0.0625, value_V).cell(10.0 + span_s, 3.3).end(60.0);
  return hand;
}

TEST(JudgeHold, PassesOnceTheQuestionHasStoodLongEnough) {
  EXPECT_EQ(judge(promise(), stood(3.62, 1.875).trace).outcome, Outcome::error);
  EXPECT_EQ(judge(promise(), stood(3.62, 2.0).trace).outcome, Outcome::pass);
  EXPECT_EQ(judge(promise(), stood(3.62, 2.125).trace).outcome, Outcome::pass);
}

TEST(JudgeHold, BeingAtTheReachIsNotBeyondIt) {
  EXPECT_EQ(judge(promise(), stood(3.60, 30.0).trace).outcome, Outcome::error);
  EXPECT_EQ(judge(promise(), stood(3.600001, 30.0).trace).outcome, Outcome::pass);
}

TEST(JudgeHold, PulsesDoNotAddUp) {
  // Three pulses of 1.5 s are not 2 s without a break.
  HandTrace pulses;
  pulses.cell(0.0, 3.3);
  for (const double at_s : {10.0, 20.0, 30.0}) pulses.cell(at_s, 3.62).cell(at_s + 1.5, 3.3);
  pulses.end(60.0);
  EXPECT_EQ(judge(promise(), pulses.trace).outcome, Outcome::error);
  HoldRule shorter = promise();
  shorter.reach_s = 1.5;
  const Verdict verdict = judge(shorter, pulses.trace);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_DOUBLE_EQ(verdict.value, 1.5);
}

TEST(JudgeHold, LastRowHoldsToTheEnd) {
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(10.0, 3.62).end(12.0);
  EXPECT_EQ(judge(promise(), hand.trace).outcome, Outcome::pass);
  hand.end(11.875);
  EXPECT_EQ(judge(promise(), hand.trace).outcome, Outcome::error);
}

TEST(JudgeHold, ATripFails) {
  HandTrace hand = stood(3.62, 30.0);
  hand.edge(15.0, Actuator::charge, false).contact(15.125, 0, false);
  const Verdict verdict = judge(promise(), hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_EQ(verdict.t1_ns, 15 * second_ns);
  EXPECT_EQ(verdict.t2_ns, from_s(15.125));
  // ... though it came before the question had stood long enough: it must not trip at all.
  HandTrace early = stood(3.62, 1.0);
  early.edge(10.5, Actuator::charge, false);
  EXPECT_EQ(judge(promise(), early.trace).outcome, Outcome::fail);
}

TEST(JudgeHold, ATripBeforeTheMarkOrOfAnotherDriveIsNone) {
  HandTrace hand = stood(3.62, 30.0);
  hand.edge(5.0, Actuator::charge, false).edge(6.0, Actuator::charge, true).edge(15.0, Actuator::discharge, false);
  HoldRule rule = promise();
  rule.from_ns = 7 * second_ns;
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
  rule.from_ns = 0;
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::fail);
}

TEST(JudgeHold, BeyondTheCeilingATripSaysNothing) {
  const auto pulse_of = [](double span_s) {
    HandTrace hand;
    hand.cell(0.0, 3.3).cell(10.0, 3.62).cell(14.0, 3.7).cell(14.0 + span_s, 3.62);
    hand.edge(16.0, Actuator::charge, false).end(60.0);
    return judge(promise(), hand.trace).outcome;
  };
  EXPECT_EQ(pulse_of(0.375), Outcome::fail);
  EXPECT_EQ(pulse_of(0.5), Outcome::fail);  // no longer than the ceiling permits
  EXPECT_EQ(pulse_of(0.625), Outcome::inconclusive);
}

TEST(JudgeHold, BeyondTheCeilingWithoutATripIsStillAPass) {
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(10.0, 3.7).cell(20.0, 3.3).end(60.0);
  EXPECT_EQ(judge(promise(), hand.trace).outcome, Outcome::pass);
}

TEST(JudgeHold, WithoutACeilingEveryTripFails) {
  HoldRule rule = promise();
  rule.ceiling = std::numeric_limits<double>::infinity();
  HandTrace hand = stood(9.0, 30.0);
  hand.edge(16.0, Actuator::charge, false);
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::fail);
}

TEST(JudgeHold, DoubtOfTheValueMakesItInconclusive) {
  // 3.62 V +- 10 mV is above 3.60 V and below 3.65 V for sure; 3.605 V +- 10 mV may never have been above.
  EXPECT_EQ(judge(promise(), stood(3.62, 30.0, sampled(0.010)).trace).outcome, Outcome::pass);
  EXPECT_EQ(judge(promise(), stood(3.605, 30.0, sampled(0.010)).trace).outcome, Outcome::inconclusive);
  EXPECT_EQ(judge(promise(), stood(3.59, 30.0, sampled(0.010)).trace).outcome, Outcome::error);
  // 3.645 V +- 10 mV may have been beyond the ceiling all the time: a trip then proves nothing.
  HandTrace hand = stood(3.645, 30.0, sampled(0.010));
  hand.edge(16.0, Actuator::charge, false);
  EXPECT_EQ(judge(promise(), hand.trace).outcome, Outcome::inconclusive);
}

TEST(JudgeHold, BetweenTwoSamplesNothingIsSure) {
  // Readbacks: below at 10.0, beyond at 10.5 and 12.25, below at 12.75: surely 1.75 s, possibly 2.75 s.
  const auto held = [](const TraceUncertainty& u) {
    HandTrace hand(u);
    hand.cell(0.0, 3.3).cell(10.0, 3.3).cell(10.5, 3.62).cell(12.25, 3.62).cell(12.75, 3.3).end(60.0);
    return judge(promise(), hand.trace);
  };
  const Verdict doubtful = held(sampled());
  EXPECT_EQ(doubtful.outcome, Outcome::inconclusive);
  EXPECT_DOUBLE_EQ(doubtful.value, 1.75);
  EXPECT_DOUBLE_EQ(doubtful.uncertainty, 0.5);
  EXPECT_EQ(held({}).outcome, Outcome::pass);  // on a staircase it stood from 10.5 to 12.75 s
}

TEST(JudgeHold, BelowIsTheMirrorImage) {
  HoldRule rule = promise();
  rule.side = Side::below;
  rule.reach = 2.6;
  rule.ceiling = 2.5;
  EXPECT_EQ(judge(rule, stood(2.55, 2.0).trace).outcome, Outcome::pass);
  EXPECT_EQ(judge(rule, stood(2.6, 30.0).trace).outcome, Outcome::error);
  HandTrace far = stood(2.4, 30.0);
  far.edge(16.0, Actuator::charge, false);
  EXPECT_EQ(judge(rule, far.trace).outcome, Outcome::inconclusive);
}

TEST(JudgeHold, WithoutAPromiseWhatTheDriveDoesIsCharacterised) {
  HoldRule rule = promise();
  rule.promised = false;
  EXPECT_EQ(judge(rule, stood(3.62, 30.0).trace).outcome, Outcome::characterised);
  HandTrace tripped = stood(3.62, 30.0);
  tripped.edge(16.0, Actuator::charge, false);
  EXPECT_EQ(judge(rule, tripped.trace).outcome, Outcome::characterised);
  // A question that was not asked has no answer all the same.
  EXPECT_EQ(judge(rule, stood(3.3, 30.0).trace).outcome, Outcome::error);
}

}  // namespace
}  // namespace packrig
