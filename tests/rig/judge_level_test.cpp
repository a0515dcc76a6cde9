// LevelRule over traces written by hand.
#include <gtest/gtest.h>

#include "rig/judge.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::HandTrace;

// At most 5 mA from 10 s on, for 20 s at least.
LevelRule level_promise() {
  LevelRule rule;
  rule.channel = {Quantity::supply_A, 0};
  rule.high = 0.005;
  rule.span_s = 20.0;
  rule.from_ns = 10 * second_ns;
  return rule;
}

HandTrace drawn(double supply_A, double end_s, double supply_uncertainty_A = 0.0) {
  TraceUncertainty u;
  u.supply_A = supply_uncertainty_A;
  HandTrace hand(u);
  hand.draws(0.0, 0.015).draws(9.0, 0.004).draws(15.0, supply_A).draws(16.0, 0.004).end(end_s);
  return hand;
}

TEST(JudgeLevel, HoldsEveryValueToTheBand) {
  EXPECT_EQ(judge(level_promise(), drawn(0.004999, 30.0).trace).outcome, Outcome::pass);
  EXPECT_EQ(judge(level_promise(), drawn(0.005, 30.0).trace).outcome, Outcome::pass);
  const Verdict beyond = judge(level_promise(), drawn(0.005002, 30.0).trace);
  EXPECT_EQ(beyond.outcome, Outcome::fail);
  EXPECT_EQ(beyond.value, 0.005002);
  EXPECT_EQ(beyond.unit, "A");
  EXPECT_EQ(beyond.t0_ns, 15 * second_ns);
  EXPECT_EQ(judge(level_promise(), drawn(-0.001, 30.0).trace).outcome, Outcome::fail);
}

TEST(JudgeLevel, WhatTheMeterCannotTellIsInconclusive) {
  EXPECT_EQ(judge(level_promise(), drawn(0.004989, 30.0, 10e-6).trace).outcome, Outcome::pass);
  EXPECT_EQ(judge(level_promise(), drawn(0.005005, 30.0, 10e-6).trace).outcome, Outcome::inconclusive);
  EXPECT_EQ(judge(level_promise(), drawn(0.005011, 30.0, 10e-6).trace).outcome, Outcome::fail);
}

TEST(JudgeLevel, BeginsWithTheRowThatHoldsWhenItIsAsked) {
  LevelRule rule = level_promise();
  rule.from_ns = from_s(8.0);
  const Verdict verdict = judge(rule, drawn(0.004, 30.0).trace);
  EXPECT_EQ(verdict.outcome, Outcome::fail);
  EXPECT_EQ(verdict.value, 0.015);
  EXPECT_EQ(verdict.t0_ns, 8 * second_ns);
  rule.from_ns = from_s(9.0);
  EXPECT_EQ(judge(rule, drawn(0.004, 30.0).trace).outcome, Outcome::pass);
}

TEST(JudgeLevel, NeverPassesWithoutTheWholeSpan) {
  EXPECT_EQ(judge(level_promise(), drawn(0.004, 29.9).trace).outcome, Outcome::error);
  EXPECT_EQ(judge(level_promise(), drawn(0.004, 30.0).trace).outcome, Outcome::pass);
  HandTrace unseen;
  unseen.cell(0.0, 3.3).end(60.0);
  EXPECT_EQ(judge(level_promise(), unseen.trace).outcome, Outcome::error);
}

TEST(JudgeLevel, CharacterisesTheHighestWhereNothingIsPromised) {
  LevelRule rule = level_promise();
  rule.promised = false;
  const Verdict verdict = judge(rule, drawn(0.02, 30.0).trace);
  EXPECT_EQ(verdict.outcome, Outcome::characterised);
  EXPECT_EQ(verdict.value, 0.02);
}

TEST(JudgeLevel, ComesBackFromJson) {
  LevelRule rule = level_promise();
  rule.low = -0.1;
  rule.promised = false;
  const std::string text = rule_to_json(rule);
  EXPECT_EQ(rule_to_json(rule_from_json(text)), text);
  const LevelRule back = std::get<LevelRule>(rule_from_json(text));
  EXPECT_EQ(back.channel, rule.channel);
  EXPECT_EQ(back.low, -0.1);
  EXPECT_EQ(back.high, 0.005);
  EXPECT_EQ(back.span_s, 20.0);
  EXPECT_FALSE(back.promised);
  EXPECT_EQ(back.from_ns, 10 * second_ns);
}

}  // namespace
}  // namespace packrig
