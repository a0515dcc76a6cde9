// TripRule over traces written by hand. Every time is a multiple of 1/8 s, so that sums are exact in binary.
#include <gtest/gtest.h>

#include <cmath>

#include "models/errors.hpp"
#include "rig/judge.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::cell_1;
using test::HandTrace;
using test::sampled;

// Beyond 3.65 V for 2.0 .. 2.5 s the charge drive goes off.
TripRule trip_promise() {
  TripRule rule;
  rule.channel = cell_1;
  rule.threshold = 3.65;
  rule.low_s = 2.0;
  rule.high_s = 2.5;
  return rule;
}

// The cell goes beyond at 10 s, the drive opens `after_s` later.
HandTrace tripped(double after_s, const TraceUncertainty& u = {}) {
  HandTrace hand(u);
  hand.cell(0.0, 3.3).edge(1.0, Actuator::charge, true).cell(10.0, 3.7);
  hand.edge(10.0 + after_s, Actuator::charge, false).end(20.0);
  return hand;
}

struct TimeCase {
  double after_s;
  double doubt_s;  // of the edge's stamp
  Outcome outcome;
  double margin;
};

class TripTime : public testing::TestWithParam<TimeCase> {};

TEST_P(TripTime, IsHeldAgainstTheBandWithItsDoubt) {
  const TimeCase& c = GetParam();
  TraceUncertainty u;
  u.edge_stamp_ns = from_s(c.doubt_s);
  const Verdict verdict = judge(trip_promise(), tripped(c.after_s, u).trace);
  EXPECT_EQ(verdict.outcome, c.outcome) << outcome_name(verdict.outcome) << " " << verdict.reason;
  EXPECT_DOUBLE_EQ(verdict.value, c.after_s);
  EXPECT_DOUBLE_EQ(verdict.uncertainty, c.doubt_s);
  EXPECT_NEAR(verdict.margin, c.margin, 1e-12);
  EXPECT_EQ(verdict.low, 2.0);
  EXPECT_EQ(verdict.high, 2.5);
  EXPECT_EQ(verdict.unit, "s");
  EXPECT_EQ(verdict.t0_ns, 10 * second_ns);
  EXPECT_EQ(verdict.t1_ns, from_s(10.0 + c.after_s));
  EXPECT_EQ(verdict.reason.empty(), c.outcome == Outcome::pass);
}

// Without doubt the band is closed: at a limit is inside it. With u = 1/8 s the interval value +- u counts; it passes
// when it just touches the limit from inside and is inconclusive when it touches it from outside.
INSTANTIATE_TEST_SUITE_P(
    BelowAtAbove, TripTime,
    testing::Values(TimeCase{1.999999999, 0.0, Outcome::fail, -1e-9}, TimeCase{2.0, 0.0, Outcome::pass, 0.0},
                    TimeCase{2.25, 0.0, Outcome::pass, 0.25}, TimeCase{2.5, 0.0, Outcome::pass, 0.0},
                    TimeCase{2.500000001, 0.0, Outcome::fail, -1e-9}, TimeCase{1.75, 0.125, Outcome::fail, -0.375},
                    TimeCase{1.875, 0.125, Outcome::inconclusive, -0.25},
                    TimeCase{2.0, 0.125, Outcome::inconclusive, -0.125}, TimeCase{2.125, 0.125, Outcome::pass, 0.0},
                    TimeCase{2.25, 0.125, Outcome::pass, 0.125}, TimeCase{2.375, 0.125, Outcome::pass, 0.0},
                    TimeCase{2.5, 0.125, Outcome::inconclusive, -0.125},
                    TimeCase{2.625, 0.125, Outcome::inconclusive, -0.25},
                    TimeCase{2.75, 0.125, Outcome::fail, -0.375}));

TEST(JudgeTrip, BeingAtTheThresholdIsNotBeyondIt) {
  HandTrace at;
  at.cell(0.0, 3.3).cell(10.0, 3.65).edge(12.25, Actuator::charge, false).end(20.0);
  const Verdict verdict = judge(trip_promise(), at.trace);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_NE(verdict.reason.find("charge drive off without cell 1 above 3.65 V"), std::string::npos) << verdict.reason;
}

TEST(JudgeTrip, CountsFromTheLastCrossingBeforeTheTrip) {
  // Beyond at 5 s, back at 6 s, beyond for good at 10 s.
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(5.0, 3.7).cell(6.0, 3.3).cell(10.0, 3.7).edge(12.25, Actuator::charge, false).end(20.0);
  const Verdict verdict = judge(trip_promise(), hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_EQ(verdict.t0_ns, 10 * second_ns);
}

TEST(JudgeTrip, TakesOnlyTheActuatorAndDirectionThatTheRuleNames) {
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(10.0, 3.7).edge(10.5, Actuator::discharge, false).edge(11.0, Actuator::charge, true);
  hand.edge(12.25, Actuator::charge, false).contact(12.5, 1, false).contact(12.375, 0, false).end(20.0);
  const Verdict verdict = judge(trip_promise(), hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_EQ(verdict.t1_ns, from_s(12.25));
  EXPECT_EQ(verdict.t2_ns, from_s(12.375));  // the charge contact, not the discharge contact
}

TEST(JudgeTrip, IgnoresWhatHappenedBeforeTheMark) {
  HandTrace hand;
  hand.cell(0.0, 3.3).edge(3.0, Actuator::charge, false).edge(4.0, Actuator::charge, true).cell(10.0, 3.7);
  hand.edge(12.25, Actuator::charge, false).end(20.0);
  TripRule rule = trip_promise();
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::fail);  // off at 3 s without a reason
  rule.from_ns = from_s(4.000000001);
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
}

TEST(JudgeTrip, CountsFromTheMarkWhereTheChannelWasBeyondAlready) {
  HandTrace hand;
  hand.cell(0.0, 3.7).edge(12.25, Actuator::charge, false).end(20.0);
  TripRule rule = trip_promise();
  rule.from_ns = 10 * second_ns;
  Verdict verdict = judge(rule, hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_DOUBLE_EQ(verdict.value, 2.25);
  // A row that another channel causes moves nothing.
  HandTrace busy;
  busy.cell(0.0, 3.7).current(11.0, 5.0).edge(12.25, Actuator::charge, false).end(20.0);
  verdict = judge(rule, busy.trace);
  EXPECT_EQ(verdict.outcome, Outcome::pass) << verdict.reason;
  EXPECT_DOUBLE_EQ(verdict.value, 2.25);
}

TEST(JudgeTrip, WithoutATripFailsOnlyOnceItWasDue) {
  const auto stood_for = [](double span_s, double edge_doubt_s) {
    TraceUncertainty u;
    u.edge_stamp_ns = from_s(edge_doubt_s);
    HandTrace hand(u);
    hand.cell(0.0, 3.3).cell(10.0, 3.7).end(10.0 + span_s);
    return judge(trip_promise(), hand.trace);
  };
  EXPECT_EQ(stood_for(2.375, 0.0).outcome, Outcome::inconclusive);
  EXPECT_EQ(stood_for(2.5, 0.0).outcome, Outcome::inconclusive);  // the edge may come at 2.5 s and count
  const Verdict due = stood_for(2.625, 0.0);
  EXPECT_EQ(due.outcome, Outcome::fail);
  EXPECT_NE(due.reason.find("no charge drive off within 2.5 s"), std::string::npos) << due.reason;
  EXPECT_TRUE(std::isnan(due.value));
  EXPECT_EQ(due.t0_ns, 10 * second_ns);
  EXPECT_EQ(due.t1_ns, never_ns);
  // A stamp that may be a quarter of a second late delays the judgement by as much.
  EXPECT_EQ(stood_for(2.75, 0.25).outcome, Outcome::inconclusive);
  EXPECT_EQ(stood_for(2.875, 0.25).outcome, Outcome::fail);
}

TEST(JudgeTrip, StimulusThatEndedByItself) {
  const auto pulse_of = [](double span_s) {
    HandTrace hand;
    hand.cell(0.0, 3.3).cell(10.0, 3.7).cell(10.0 + span_s, 3.3).end(60.0);
    return judge(trip_promise(), hand.trace).outcome;
  };
  EXPECT_EQ(pulse_of(1.0), Outcome::inconclusive);
  EXPECT_EQ(pulse_of(2.5), Outcome::inconclusive);
  EXPECT_EQ(pulse_of(2.625), Outcome::fail);
  // Off after the pulse is off without a reason: t0 must stay until t1.
  HandTrace late;
  late.cell(0.0, 3.3).cell(10.0, 3.7).cell(11.0, 3.3).edge(12.25, Actuator::charge, false).end(60.0);
  EXPECT_EQ(judge(trip_promise(), late.trace).outcome, Outcome::fail);
}

TEST(JudgeTrip, StimulusThatNeverStoodIsTheRigsError) {
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(10.0, 3.65).end(60.0);
  const Verdict verdict = judge(trip_promise(), hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::error);
  EXPECT_NE(verdict.reason.find("the stimulus never stood"), std::string::npos) << verdict.reason;
}

TEST(JudgeTrip, WhatTheBenchCannotTellIsInconclusive) {
  // 3.66 V +- 20 mV may be on either side of 3.65 V.
  HandTrace tripped(sampled(0.020));
  tripped.cell(0.0, 3.3).cell(10.0, 3.66).edge(12.25, Actuator::charge, false).end(20.0);
  EXPECT_EQ(judge(trip_promise(), tripped.trace).outcome, Outcome::inconclusive);
  HandTrace quiet(sampled(0.020));
  quiet.cell(0.0, 3.3).cell(10.0, 3.66).end(20.0);
  EXPECT_EQ(judge(trip_promise(), quiet.trace).outcome, Outcome::inconclusive);
  // 3.62 V + 20 mV is below for sure.
  HandTrace below(sampled(0.020));
  below.cell(0.0, 3.3).cell(10.0, 3.62).edge(12.25, Actuator::charge, false).end(20.0);
  EXPECT_EQ(judge(trip_promise(), below.trace).outcome, Outcome::fail);
}

TEST(JudgeTrip, HalfTheGapBetweenTwoSamplesIsDoubt) {
  // Readbacks at 10.0 s (below) and 10.5 s (beyond): t0 = 10.25 +- 0.25 s; the edge at 12.5 s is stamped to 1/8 s.
  // Trip = 2.25 +- 0.375 s, which straddles both limits of 2.0 .. 2.5 s; 1.9 .. 2.625 s holds 1.875 .. 2.625 not.
  HandTrace hand(sampled(0.0, second_ns / 8));
  hand.cell(0.0, 3.3).cell(10.0, 3.3).cell(10.5, 3.7).edge(12.5, Actuator::charge, false).end(20.0);
  TripRule rule = trip_promise();
  Verdict verdict = judge(rule, hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_DOUBLE_EQ(verdict.value, 2.25);
  EXPECT_DOUBLE_EQ(verdict.uncertainty, 0.375);
  EXPECT_EQ(verdict.t0_ns, from_s(10.25));
  rule.low_s = 1.875;
  rule.high_s = 2.625;
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
  // The same rows where the bench is exact: a staircase, so t0 is 10.5 s and nothing is doubtful.
  HandTrace exact;
  exact.cell(0.0, 3.3).cell(10.0, 3.3).cell(10.5, 3.7).edge(12.5, Actuator::charge, false).end(20.0);
  verdict = judge(trip_promise(), exact.trace);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_DOUBLE_EQ(verdict.value, 2.0);
  EXPECT_EQ(verdict.uncertainty, 0.0);
}

TEST(JudgeTrip, ATripBetweenTwoSamplesIsOne) {
  // Readbacks at 10.0 s (below) and 10.5 s (beyond), off at 10.25 s: t0 lies in 10.0 .. 10.25 s, the trip took
  // 0.125 +- 0.125 s.
  HandTrace hand(sampled());
  hand.cell(0.0, 3.3).cell(10.0, 3.3).cell(10.5, 3.7).edge(10.25, Actuator::charge, false).end(20.0);
  TripRule rule = trip_promise();
  rule.low_s = 0.0;
  rule.high_s = 0.25;
  const Verdict verdict = judge(rule, hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::pass) << verdict.reason;
  EXPECT_DOUBLE_EQ(verdict.value, 0.125);
  EXPECT_DOUBLE_EQ(verdict.uncertainty, 0.125);
  rule.high_s = 0.125;
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::inconclusive);
}

TEST(JudgeTrip, ADriveThatStoodAsAskedBeforeTheQuestionAnswersNothing) {
  HandTrace hand;
  hand.cell(0.0, 3.3).edge(3.0, Actuator::charge, false).cell(10.0, 3.7).end(20.0);
  TripRule rule = trip_promise();
  rule.from_ns = 5 * second_ns;
  const Verdict verdict = judge(rule, hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::error);
  EXPECT_NE(verdict.reason.find("charge drive was off before the question"), std::string::npos) << verdict.reason;
}

TEST(JudgeTrip, ReleaseIsTheSameRuleTheOtherWay) {
  TripRule rule = trip_promise();
  rule.side = Side::below;
  rule.threshold = 3.45;
  rule.drive_on = true;
  rule.from_ns = 5 * second_ns;
  HandTrace hand;
  hand.cell(0.0, 3.7).edge(2.0, Actuator::charge, false).cell(10.0, 3.4).edge(12.25, Actuator::charge, true).end(20.0);
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
  HandTrace at_level;
  at_level.cell(0.0, 3.7)
      .edge(2.0, Actuator::charge, false)
      .cell(10.0, 3.45)
      .edge(12.25, Actuator::charge, true)
      .end(20.0);
  EXPECT_EQ(judge(rule, at_level.trace).outcome, Outcome::fail);
}

TEST(JudgeTrip, WithoutAPromiseTheValueIsCharacterised) {
  TripRule rule = trip_promise();
  rule.promised = false;
  const Verdict verdict = judge(rule, tripped(7.5).trace);
  EXPECT_EQ(verdict.outcome, Outcome::characterised);
  EXPECT_DOUBLE_EQ(verdict.value, 7.5);
}

TEST(JudgeTrip, HighestAndLowestCellFollowTheCellThatIsWorst) {
  HandTrace hand;
  hand.cell(0.0, 3.3).cell(8.0, 3.5).other_cell(10.0, 3.7).edge(12.25, Actuator::charge, false).end(20.0);
  TripRule rule = trip_promise();
  rule.channel = {Quantity::cell_max_V, 0};
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
  rule.channel = {Quantity::cell_min_V, 0};
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::fail);  // the lowest was never beyond
}

TEST(JudgeTrip, ChannelThatTheTraceHasNotIsRefused) {
  TripRule rule = trip_promise();
  for (const int number : {0, 3}) {
    rule.channel = {Quantity::cell_V, number};
    EXPECT_THROW(judge(rule, tripped(2.25).trace), BadInput) << number;
  }
}

}  // namespace
}  // namespace packrig
