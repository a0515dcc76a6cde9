// Verdicts on what is reported over a bus, on traces written by hand.
#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "rig/judge.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::HandTrace;

constexpr ReportedChannel reported_cell_1{ReportedQuantity::cell_V, 1};
constexpr ReportedChannel reported_alarms{ReportedQuantity::alarms, 0};

AccuracyRule cell_rule() {
  AccuracyRule rule;
  rule.channel = reported_cell_1;
  rule.low = -0.010;
  rule.high = 0.010;
  rule.age_s = 1.0;
  return rule;
}

bool mentions(const Verdict& verdict, const char* part) { return verdict.reason.find(part) != std::string::npos; }

Verdict accuracy_of_report(double value_V) {
  HandTrace hand;
  hand.cell(0, 3.300).reports(2, reported_cell_1, value_V).end(5);
  return judge(cell_rule(), hand.trace);
}

TEST(JudgeAccuracy, HoldsAReportToItsError) {
  EXPECT_EQ(accuracy_of_report(3.3099).outcome, Outcome::pass);
  EXPECT_EQ(accuracy_of_report(3.3101).outcome, Outcome::fail);
  EXPECT_EQ(accuracy_of_report(3.2901).outcome, Outcome::pass);
  EXPECT_EQ(accuracy_of_report(3.2899).outcome, Outcome::fail);
  EXPECT_NEAR(accuracy_of_report(3.304).value, 0.004, 1e-12);
  EXPECT_EQ(accuracy_of_report(3.304).unit, "V");
}

TEST(JudgeAccuracy, TakesTheWorstReport) {
  HandTrace hand;
  hand.cell(0, 3.3)
      .reports(2, reported_cell_1, 3.301)
      .reports(3, reported_cell_1, 3.32)
      .reports(4, reported_cell_1, 3.3);
  hand.end(5);
  const Verdict verdict = judge(cell_rule(), hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_NEAR(verdict.value, 0.02, 1e-12);
  EXPECT_EQ(verdict.t0_ns, 3 * second_ns);
}

TEST(JudgeAccuracy, DoubtsAReportWhoseTruthMovedOnItsWay) {
  HandTrace hand;
  hand.cell(0, 3.3).cell(1.5, 3.4).reports(2, reported_cell_1, 3.3).end(5);
  EXPECT_EQ(judge(cell_rule(), hand.trace).outcome, Outcome::inconclusive);
  HandTrace later;
  later.cell(0, 3.3).cell(1.5, 3.4).reports(2.6, reported_cell_1, 3.3).end(5);
  EXPECT_EQ(judge(cell_rule(), later.trace).outcome, Outcome::fail);
}

TEST(JudgeAccuracy, LeavesOutWhatMaySpeakOfBeforeTheQuestion) {
  HandTrace hand;
  hand.cell(0, 3.3).reports(2.9, reported_cell_1, 9.9).reports(3.1, reported_cell_1, 3.3).end(5);
  AccuracyRule rule = cell_rule();
  rule.from_ns = 2 * second_ns;
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::pass);
}

TEST(JudgeAccuracy, NeverPassesWithoutAReport) {
  HandTrace hand;
  hand.cell(0, 3.3).end(5);
  EXPECT_EQ(judge(cell_rule(), hand.trace).outcome, Outcome::error);
  hand.hears(2, EventKind::silence, "read all is not answered");
  const Verdict silent = judge(cell_rule(), hand.trace);
  EXPECT_EQ(silent.outcome, Outcome::inconclusive);
  EXPECT_TRUE(mentions(silent, "silent"));
}

TEST(JudgeAccuracy, NeverBlamesTheRigForWhatAnAnswerLeavesOut) {
  HandTrace hand;
  hand.cell(0, 3.3).reports(2, reported_alarms, 0.0).end(5);
  const Verdict verdict = judge(cell_rule(), hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_TRUE(mentions(verdict, "not in any of 1 answers")) << verdict.reason;
}

TEST(JudgeAccuracy, NeverPassesWhereOneReportWasNotPlausible) {
  HandTrace hand;
  hand.cell(0, 3.3).reports(2, reported_cell_1, 3.3).hears(3, EventKind::implausible, "soc = 2.5").end(5);
  const Verdict verdict = judge(cell_rule(), hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_TRUE(mentions(verdict, "not plausible: soc = 2.5"));
}

TEST(JudgeAccuracy, CarriesTheDoubtOfTheReadback) {
  HandTrace hand(test::sampled(0.003));
  hand.cell(0, 3.3).cell(5, 3.3).reports(2, reported_cell_1, 3.308).end(5);
  EXPECT_EQ(judge(cell_rule(), hand.trace).outcome, Outcome::inconclusive);
}

TEST(JudgeAccuracy, CharacterisesWhatIsNotPromised) {
  HandTrace hand;
  hand.cell(0, 3.3).reports(2, reported_cell_1, 3.31).reports(3, reported_cell_1, 3.1).end(5);
  AccuracyRule rule = cell_rule();
  rule.promised = false;
  const Verdict verdict = judge(rule, hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::characterised);
  EXPECT_NEAR(verdict.value, -0.2, 1e-12);
}

TEST(JudgeAccuracy, CountsHalfOfTheChargeEitherWay) {
  // 36 A for 100 s out of the pack and 100 s into it: 2 Ah through the shunt, 1 Ah of cycle.
  constexpr ReportedChannel cycle{ReportedQuantity::cycle_Ah, 0};
  AccuracyRule rule = cell_rule();
  rule.channel = cycle;
  rule.age_s = 0.0;
  for (const auto& [last_Ah, outcome] :
       {std::pair{11.005, Outcome::pass}, std::pair{11.02, Outcome::fail}, std::pair{12.0, Outcome::fail}}) {
    HandTrace hand;
    hand.current(0, 0.0).current(10, 36.0).current(110, -36.0).current(210, 0.0);
    hand.reports(5, cycle, 10.0).reports(110, cycle, 10.5).reports(220, cycle, last_Ah).end(221);
    EXPECT_EQ(judge(rule, hand.trace).outcome, outcome) << last_Ah;
  }
}

TEST(JudgeAccuracy, RefusesWhatHasNoTruth) {
  HandTrace hand;
  AccuracyRule rule = cell_rule();
  rule.channel = {ReportedQuantity::balance_A, 0};
  hand.reports(2, rule.channel, 1.0).end(5);
  EXPECT_THROW(judge(rule, hand.trace), BadInput);
  rule.channel = {ReportedQuantity::cell_V, 3};
  EXPECT_THROW(judge(rule, hand.trace), BadInput);
}

AlarmRule alarm_rule() {
  AlarmRule rule;
  rule.channel = test::cell_1;
  rule.side = Side::above;
  rule.threshold = 3.65;
  rule.alarms.add(Alarm::cell_over_voltage);
  rule.actuator = Actuator::charge;
  rule.low_s = 2.9;
  rule.high_s = 4.0;
  return rule;
}

double bits_of(Alarm alarm) {
  AlarmSet set;
  set.add(alarm);
  return static_cast<double>(set.bits());
}

Verdict alarm_heard_at(double at_s, Alarm alarm = Alarm::cell_over_voltage) {
  HandTrace hand;
  hand.cell(0, 3.3).cell(10, 3.7).reports(9, reported_alarms, 0.0).reports(at_s, reported_alarms, bits_of(alarm));
  hand.edge(13.0, Actuator::charge, false).end(30);
  return judge(alarm_rule(), hand.trace);
}

TEST(JudgeAlarm, HoldsTheTimeFromTheCrossingToTheReport) {
  EXPECT_EQ(alarm_heard_at(12.85).outcome, Outcome::fail);
  EXPECT_EQ(alarm_heard_at(12.95).outcome, Outcome::pass);
  EXPECT_EQ(alarm_heard_at(13.95).outcome, Outcome::pass);
  EXPECT_EQ(alarm_heard_at(14.05).outcome, Outcome::fail);
  const Verdict verdict = alarm_heard_at(13.5);
  EXPECT_NEAR(verdict.value, 3.5, 1e-9);
  EXPECT_EQ(verdict.t0_ns, 10 * second_ns);
  EXPECT_EQ(verdict.t1_ns, 13 * second_ns);
  EXPECT_EQ(verdict.t3_ns, from_s(13.5));
}

TEST(JudgeAlarm, FailsWhereNoneOfTheAlarmsComes) {
  const Verdict verdict = alarm_heard_at(13.5, Alarm::cell_under_voltage);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_TRUE(mentions(verdict, "no alarm cell_over_voltage on the bus"));
}

TEST(JudgeAlarm, FailsWithoutACause) {
  HandTrace hand;
  hand.cell(0, 3.3).reports(9, reported_alarms, 0.0).reports(12, reported_alarms, bits_of(Alarm::cell_over_voltage));
  hand.end(30);
  EXPECT_EQ(judge(alarm_rule(), hand.trace).outcome, Outcome::fail);
}

// A wire is broken 10 s from the start: nothing at the plug tells, so the time counts from there.
Verdict after_break(double at_s, Alarm alarm, double end_s = 30.0) {
  HandTrace hand;
  hand.cell(0, 3.3).reports(9, reported_alarms, 0.0).reports(at_s, reported_alarms, bits_of(alarm)).end(end_s);
  AlarmRule rule = alarm_rule();
  rule.channel = std::nullopt;
  rule.from_ns = from_s(10.0);
  const auto back = std::get<AlarmRule>(rule_from_json(rule_to_json(rule)));
  EXPECT_FALSE(back.channel.has_value());
  EXPECT_EQ(back.from_ns, rule.from_ns);
  return judge(rule, hand.trace);
}

TEST(JudgeAlarm, CountsFromTheStimulusWhereNoChannelTells) {
  EXPECT_EQ(after_break(12.85, Alarm::cell_over_voltage).outcome, Outcome::fail);
  EXPECT_EQ(after_break(12.95, Alarm::cell_over_voltage).outcome, Outcome::pass);
  EXPECT_EQ(after_break(14.05, Alarm::cell_over_voltage).outcome, Outcome::fail);
  EXPECT_NEAR(after_break(13.5, Alarm::cell_over_voltage).value, 3.5, 1e-9);
  EXPECT_EQ(after_break(13.5, Alarm::cell_count).outcome, Outcome::fail);
  EXPECT_EQ(after_break(13.5, Alarm::cell_count, 13.9).outcome, Outcome::inconclusive);
  EXPECT_EQ(after_break(9.5, Alarm::cell_over_voltage).outcome, Outcome::error) << "it stood before the question";
}

TEST(JudgeAlarm, IsNotDueBeforeItsTime) {
  HandTrace hand;
  hand.cell(0, 3.3).cell(10, 3.7).reports(12, reported_alarms, 0.0).end(12.5);
  EXPECT_EQ(judge(alarm_rule(), hand.trace).outcome, Outcome::inconclusive);
}

TEST(JudgeAlarm, NeverPassesUnasked) {
  HandTrace hand;
  hand.cell(0, 3.3).cell(10, 3.7).edge(13, Actuator::charge, false).end(30);
  EXPECT_EQ(judge(alarm_rule(), hand.trace).outcome, Outcome::error);
  hand.hears(12, EventKind::silence, "read all is not answered");
  EXPECT_EQ(judge(alarm_rule(), hand.trace).outcome, Outcome::inconclusive);
}

// 10 A for half an hour: 5 Ah less than the first report says.
Verdict remaining(double last_Ah) {
  HandTrace hand;
  const ReportedChannel channel{ReportedQuantity::remaining_Ah, 0};
  hand.current(0, 10.0).reports(1, channel, 100.0).reports(1801, channel, last_Ah).end(1802);
  AccuracyRule rule;
  rule.channel = channel;
  rule.low = -0.5;
  rule.high = 0.5;
  return judge(rule, hand.trace);
}

TEST(JudgeAccuracy, HoldsWhatIsLeftAgainstTheChargeThatFlowed) {
  EXPECT_EQ(remaining(95.0).outcome, Outcome::pass);
  EXPECT_EQ(remaining(95.45).outcome, Outcome::pass);
  EXPECT_EQ(remaining(95.55).outcome, Outcome::fail);
  EXPECT_EQ(remaining(94.45).outcome, Outcome::fail);
  EXPECT_EQ(remaining(105.0).outcome, Outcome::fail);
}

ReportRule report_rule() {
  ReportRule rule;
  rule.channel = {ReportedQuantity::balance_A, 0};
  rule.low = -2.1;
  rule.high = -1.9;
  rule.from_ns = 2 * second_ns;
  return rule;
}

TEST(JudgeReport, HoldsTheNewestReport) {
  const auto newest = [](double value_A) {
    HandTrace hand;
    hand.reports(1, report_rule().channel, -2.0).reports(3, report_rule().channel, 0.0);
    hand.reports(4, report_rule().channel, value_A).end(5);
    return judge(report_rule(), hand.trace).outcome;
  };
  EXPECT_EQ(newest(-2.2), Outcome::fail);
  EXPECT_EQ(newest(-2.1), Outcome::pass);
  EXPECT_EQ(newest(-2.0), Outcome::pass);
  EXPECT_EQ(newest(-1.8), Outcome::fail);
}

TEST(JudgeReport, NeverPassesUnheard) {
  HandTrace hand;
  hand.reports(1, report_rule().channel, -2.0).end(5);
  EXPECT_EQ(judge(report_rule(), hand.trace).outcome, Outcome::error);
  hand.hears(3, EventKind::silence, "nothing comes by itself");
  EXPECT_EQ(judge(report_rule(), hand.trace).outcome, Outcome::inconclusive);
}

TEST(JudgeReport, CharacterisesWhatIsNotPromised) {
  HandTrace hand;
  ReportRule rule = report_rule();
  rule.promised = false;
  hand.reports(3, rule.channel, 5.0).end(5);
  const Verdict verdict = judge(rule, hand.trace);
  EXPECT_EQ(verdict.outcome, Outcome::characterised);
  EXPECT_EQ(verdict.value, 5.0);
}

TEST(JudgeReported, KeepsItsRulesInJson) {
  const ReportRule report = report_rule();
  const auto again = std::get<ReportRule>(rule_from_json(rule_to_json(report)));
  EXPECT_EQ(again.channel, report.channel);
  EXPECT_EQ(again.low, report.low);
  EXPECT_EQ(again.high, report.high);
  EXPECT_EQ(again.promised, report.promised);
  EXPECT_EQ(again.from_ns, report.from_ns);
  AccuracyRule accuracy = cell_rule();
  accuracy.from_ns = 123;
  accuracy.promised = false;
  const std::string text = rule_to_json(accuracy);
  const auto same = std::get<AccuracyRule>(rule_from_json(text));
  EXPECT_EQ(same.channel, accuracy.channel);
  EXPECT_EQ(same.low, accuracy.low);
  EXPECT_EQ(same.high, accuracy.high);
  EXPECT_EQ(same.age_s, accuracy.age_s);
  EXPECT_EQ(same.promised, accuracy.promised);
  EXPECT_EQ(same.from_ns, accuracy.from_ns);
  const AlarmRule alarm = alarm_rule();
  const auto also = std::get<AlarmRule>(rule_from_json(rule_to_json(alarm)));
  EXPECT_EQ(also.alarms, alarm.alarms);
  EXPECT_EQ(also.threshold, alarm.threshold);
  EXPECT_EQ(also.actuator, alarm.actuator);
  EXPECT_EQ(also.high_s, alarm.high_s);
  EXPECT_THROW(rule_from_json(R"({"kind": "accuracy", "reported": "colour", "number": 0})"), BadInput);
}

}  // namespace
}  // namespace packrig
