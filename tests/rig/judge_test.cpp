// SettingRule, what a fault of the rig does to every rule, and which verdict counts.
#include "rig/judge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "models/errors.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::cell_1;
using test::HandTrace;

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

TEST(JudgeSetting, AcceptedAndReadBackPasses) {
  const SettingRule rule{0x04, 3650.0, true};
  EXPECT_EQ(judge(rule, HandTrace().wrote(1.0, 0x04, 3650, 0).read(1.0, 0x04, 3650).trace).outcome, Outcome::pass);
  const Verdict other = judge(rule, HandTrace().wrote(1.0, 0x04, 3650, 0).read(1.0, 0x04, 3649).trace);
  EXPECT_EQ(other.outcome, Outcome::fail);
  EXPECT_EQ(other.value, 3649.0);
  EXPECT_NE(other.reason.find("reads back as 3649 counts"), std::string::npos) << other.reason;
}

TEST(JudgeSetting, RefusedAndUnchangedPassesWhereItMustBeRefused) {
  const SettingRule rule{0x04, 9000.0, false};
  EXPECT_EQ(judge(rule, HandTrace().wrote(1.0, 0x04, 9000, 2).read(1.0, 0x04, 3650).trace).outcome, Outcome::pass);
  EXPECT_EQ(judge(rule, HandTrace().wrote(1.0, 0x04, 9000, 2).read(1.0, 0x04, 9000).trace).outcome, Outcome::fail);
  const Verdict accepted = judge(rule, HandTrace().wrote(1.0, 0x04, 9000, 0).read(1.0, 0x04, 9000).trace);
  EXPECT_EQ(accepted.outcome, Outcome::fail);
  EXPECT_NE(accepted.reason.find("is accepted, must be refused"), std::string::npos) << accepted.reason;
}

TEST(JudgeSetting, RefusedWhereItMustBeAcceptedFailsWithTheReason) {
  const SettingRule rule{0x04, 3650.0, true};
  const Verdict verdict = judge(rule, HandTrace().wrote(1.0, 0x04, 3650, 3).read(1.0, 0x04, 3600).trace);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_NE(verdict.reason.find("reason 3"), std::string::npos) << verdict.reason;
}

TEST(JudgeSetting, AQuestionThatWasNotAskedIsTheRigsError) {
  const SettingRule rule{0x04, 3650.0, true};
  EXPECT_EQ(judge(rule, HandTrace().trace).outcome, Outcome::error);
  EXPECT_EQ(judge(rule, HandTrace().wrote(1.0, 0x05, 3650, 0).read(1.0, 0x05, 3650).trace).outcome, Outcome::error);
  EXPECT_EQ(judge(rule, HandTrace().wrote(1.0, 0x04, 3600, 0).read(1.0, 0x04, 3600).trace).outcome, Outcome::error);
  EXPECT_EQ(judge(rule, HandTrace().wrote(1.0, 0x04, 3650, 0).trace).outcome, Outcome::error);
  EXPECT_EQ(judge(rule, HandTrace().read(0.5, 0x04, 3650).wrote(1.0, 0x04, 3650, 0).trace).outcome, Outcome::error);
  EXPECT_EQ(judge(rule, HandTrace().wrote(1.0, 0x04, 3650, 0).read(1.0, 0x04, 3650, 1).trace).outcome, Outcome::error);
}

TEST(JudgeSetting, TheLastWriteCounts) {
  const SettingRule rule{0x04, 3650.0, true};
  HandTrace hand;
  hand.wrote(1.0, 0x04, 3650, 2).read(1.0, 0x04, 3600).wrote(2.0, 0x04, 3650, 0).read(2.0, 0x04, 3650);
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
  hand.wrote(3.0, 0x04, 3600, 0);
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::error);  // asked something else since
}

TEST(JudgeReading, TheLastReadingCounts) {
  const ReadingRule rule{0x04, 3650.0};
  EXPECT_EQ(judge(rule, HandTrace().read(1.0, 0x04, 3650).trace).outcome, Outcome::pass);
  EXPECT_EQ(judge(rule, HandTrace().read(1.0, 0x04, 3600).read(2.0, 0x04, 3650).trace).outcome, Outcome::pass);
  const Verdict other = judge(rule, HandTrace().read(1.0, 0x04, 3650).read(2.0, 0x04, 3651).trace);
  EXPECT_EQ(other.outcome, Outcome::fail);
  EXPECT_NE(other.reason.find("holds 3651 counts, not 3650 counts"), std::string::npos) << other.reason;
  EXPECT_EQ(judge(rule, HandTrace().read(1.0, 0x04, 3650, 1).trace).outcome, Outcome::fail);
  EXPECT_EQ(judge(rule, HandTrace().read(1.0, 0x05, 3650).trace).outcome, Outcome::error);
}

TEST(JudgeState, TheDriveStandsAsItShouldAtTheEnd) {
  const auto outcome = [](bool wanted, const HandTrace& hand) {
    return judge(StateRule{Actuator::charge, wanted}, hand.trace).outcome;
  };
  EXPECT_EQ(outcome(true, HandTrace()), Outcome::pass);
  EXPECT_EQ(outcome(false, HandTrace()), Outcome::fail);
  EXPECT_EQ(outcome(false, HandTrace().edge(1.0, Actuator::charge, false)), Outcome::pass);
  EXPECT_EQ(outcome(false, HandTrace().edge(1.0, Actuator::discharge, false)), Outcome::fail);
  HandTrace back;
  back.edge(1.0, Actuator::charge, false).edge(2.0, Actuator::charge, true);
  EXPECT_EQ(outcome(true, back), Outcome::pass);
  EXPECT_EQ(outcome(false, back), Outcome::fail);
}

// Each passes on this trace: beyond 3.65 V from 10 s, off at 12 s; the discharge drive stays; a setting is written.
std::vector<Rule> rules() {
  TripRule trip;
  trip.channel = cell_1;
  trip.threshold = 3.65;
  trip.low_s = 1.0;
  trip.high_s = 3.0;
  HoldRule hold;
  hold.channel = cell_1;
  hold.reach = 3.65;
  hold.reach_s = 1.0;
  hold.actuator = Actuator::discharge;
  PointRule point;
  point.channel = cell_1;
  point.low = 3.5;
  point.high = 4.0;
  point.delay_s = 1.0;
  return {trip,
          hold,
          point,
          SettingRule{0x04, 3650.0, true},
          ReadingRule{0x04, 3650.0},
          StateRule{Actuator::charge, false}};
}

HandTrace sound() {
  HandTrace hand;
  hand.cell(0.0, 3.3).wrote(1.0, 0x04, 3650, 0).read(1.0, 0x04, 3650).cell(10.0, 3.7);
  hand.edge(12.0, Actuator::charge, false).end(20.0);
  return hand;
}

TEST(Judge, AFaultOfTheRigIsAnErrorWhateverElseHappened) {
  for (const Rule& rule : rules()) {
    ASSERT_EQ(judge(rule, sound().trace).outcome, Outcome::pass) << rule.index();
    const Verdict verdict = judge(rule, sound().fault(15.0, "the battery simulator is on fire").trace);
    EXPECT_EQ(verdict.outcome, Outcome::error) << rule.index();
    EXPECT_EQ(verdict.reason, "the battery simulator is on fire");
    EXPECT_TRUE(std::isnan(verdict.value));
    // A fault of which nothing is known is one all the same.
    EXPECT_EQ(judge(rule, sound().fault(15.0, "").trace).outcome, Outcome::error) << rule.index();
  }
}

TEST(Judge, AFaultOfTheRigIsNeverBlamedOnTheProduct) {
  TripRule trip = std::get<TripRule>(rules()[0]);
  trip.low_s = 2.5;  // tripped too early
  ASSERT_EQ(judge(trip, sound().trace).outcome, Outcome::fail);
  EXPECT_EQ(judge(trip, sound().fault(0.0, "dead").trace).outcome, Outcome::error);
}

Verdict verdict_of(Outcome outcome, double margin, double value = 1.0) {
  Verdict verdict;
  verdict.outcome = outcome;
  verdict.margin = margin;
  verdict.value = value;
  return verdict;
}

TEST(WorstOf, ErrorFailInconclusiveCharacterisedPassSkipped) {
  const std::vector<Outcome> order = {Outcome::error,         Outcome::fail, Outcome::inconclusive,
                                      Outcome::characterised, Outcome::pass, Outcome::skipped};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      // The margin of the better one is smaller and does not count.
      const std::vector<Verdict> forwards = {verdict_of(order[i], 1.0), verdict_of(order[j], -5.0)};
      const std::vector<Verdict> backwards = {verdict_of(order[j], -5.0), verdict_of(order[i], 1.0)};
      EXPECT_EQ(worst_of(forwards), 0U) << outcome_name(order[i]) << " " << outcome_name(order[j]);
      EXPECT_EQ(worst_of(backwards), 1U) << outcome_name(order[i]) << " " << outcome_name(order[j]);
    }
  }
}

TEST(WorstOf, AmongEqualsTheSmallestMarginAndTheFirstOfThose) {
  const std::vector<Verdict> passes = {verdict_of(Outcome::pass, 0.3), verdict_of(Outcome::pass, 0.1),
                                       verdict_of(Outcome::pass, 0.1), verdict_of(Outcome::pass, 0.2)};
  EXPECT_EQ(worst_of(passes), 1U);
}

TEST(WorstOf, AFailureWithoutAValueIsWorseThanOneWithAMargin) {
  const std::vector<Verdict> late_first = {verdict_of(Outcome::fail, -0.1), verdict_of(Outcome::fail, nan_value)};
  EXPECT_EQ(worst_of(late_first), 1U);
  const std::vector<Verdict> never_first = {verdict_of(Outcome::fail, nan_value), verdict_of(Outcome::fail, -0.1)};
  EXPECT_EQ(worst_of(never_first), 0U);
}

TEST(WorstOf, APassWithoutAMarginIsMilderThanOneWith) {
  const std::vector<Verdict> held_first = {verdict_of(Outcome::pass, nan_value), verdict_of(Outcome::pass, 9.0)};
  EXPECT_EQ(worst_of(held_first), 1U);
}

TEST(WorstOf, AmongCharacterisedTheLargestValue) {
  const std::vector<Verdict> values = {verdict_of(Outcome::characterised, nan_value, 1.0),
                                       verdict_of(Outcome::characterised, nan_value, 3.0),
                                       verdict_of(Outcome::characterised, nan_value, 2.0)};
  EXPECT_EQ(worst_of(values), 1U);
}

TEST(WorstOf, OneIsTheWorstAndNoneIsRefused) {
  const std::vector<Verdict> one = {verdict_of(Outcome::pass, 0.3)};
  EXPECT_EQ(worst_of(one), 0U);
  EXPECT_THROW(worst_of({}), BadInput);
}

TEST(OutcomeName, IsTheWordOfTheReports) {
  EXPECT_STREQ(outcome_name(Outcome::pass), "PASS");
  EXPECT_STREQ(outcome_name(Outcome::fail), "FAIL");
  EXPECT_STREQ(outcome_name(Outcome::inconclusive), "INCONCLUSIVE");
  EXPECT_STREQ(outcome_name(Outcome::error), "ERROR");
  EXPECT_STREQ(outcome_name(Outcome::skipped), "SKIPPED");
  EXPECT_STREQ(outcome_name(Outcome::characterised), "CHARACTERISED");
}

}  // namespace
}  // namespace packrig
