// What rests on the plant's truth alone, on traces written by hand: cells of 100 Ah and 80 Ah.
#include "rig/truth.hpp"

#include <gtest/gtest.h>

#include "models/errors.hpp"
#include "rig/judge.hpp"
#include "tests/rig/hand_trace.hpp"

namespace packrig {
namespace {

using test::HandTrace;

// 80 Ah * 0.001 in 144 s are 2 A.
CellCurrentRule into_cell_2() { return {2, 1.8, 2.2, 100.0, true, from_s(10.0)}; }

Verdict current_of(double moved_soc, double until_s = 154.0) {
  HandTrace hand;
  hand.holds(0, 0.5, 0.3).holds(10, 0.5, 0.4).holds(50, 0.5, 0.4003).holds(until_s, 0.5, 0.4 + moved_soc);
  hand.end(until_s + 1.0);
  return judge(into_cell_2(), hand.trace);
}

TEST(CellCurrent, IsTheChargeMovedOverTheTimeBetweenItsRows) {
  const Verdict verdict = current_of(0.001);
  EXPECT_EQ(verdict.outcome, Outcome::pass);
  EXPECT_NEAR(verdict.value, 2.0, 1e-9);
  EXPECT_EQ(verdict.unit, "A");
  EXPECT_EQ(verdict.t0_ns, 10 * second_ns);
  EXPECT_NEAR(current_of(-0.001).value, -2.0, 1e-9);
  EXPECT_EQ(current_of(-0.001).outcome, Outcome::fail);
}

// Two deadbands of 1e-6 are 4 mA here.
TEST(CellCurrent, DoubtsWhatTheDeadbandHides) {
  EXPECT_EQ(current_of(0.0009025).outcome, Outcome::pass);         // 1.805 A
  EXPECT_EQ(current_of(0.000901).outcome, Outcome::inconclusive);  // 1.802 A
  EXPECT_EQ(current_of(0.000899).outcome, Outcome::inconclusive);  // 1.798 A
  EXPECT_EQ(current_of(0.0008975).outcome, Outcome::fail);         // 1.795 A
  EXPECT_EQ(current_of(0.0010975).outcome, Outcome::pass);         // 2.195 A
  EXPECT_EQ(current_of(0.0011025).outcome, Outcome::fail);         // 2.205 A
}

TEST(CellCurrent, NeverPassesUnwatched) {
  EXPECT_EQ(current_of(0.001 / 1.44, 110.0).outcome, Outcome::pass);
  EXPECT_EQ(current_of(0.001 / 1.44, 109.9).outcome, Outcome::error);
  EXPECT_EQ(judge(into_cell_2(), HandTrace().end(200).trace).outcome, Outcome::error);
}

// No row where nothing moves: over the whole time nothing has flowed, or what flowed before it stopped.
TEST(CellCurrent, TakesStillnessForZero) {
  HandTrace still;
  still.holds(0, 0.5, 0.5).end(154);
  EXPECT_EQ(judge(into_cell_2(), still.trace).value, 0.0);
  EXPECT_EQ(judge(into_cell_2(), still.trace).outcome, Outcome::fail);
  HandTrace stopped;
  stopped.holds(0, 0.5, 0.4).holds(11, 0.5, 0.4).holds(12, 0.5, 0.401).end(154);
  EXPECT_NEAR(judge(into_cell_2(), stopped.trace).value, 2.0, 1e-9);
}

TEST(CellCurrent, IsCharacterisedWhereNothingIsPromised) {
  HandTrace hand;
  hand.holds(10, 0.5, 0.4).holds(154, 0.5, 0.402).end(154);
  CellCurrentRule rule = into_cell_2();
  rule.promised = false;
  EXPECT_EQ(judge(rule, hand.trace).outcome, Outcome::characterised);
  EXPECT_NEAR(judge(rule, hand.trace).value, 4.0, 1e-9);
}

TEST(CellCurrent, RefusesACellThatDoesNotExist) {
  for (const int number : {0, 3}) {
    CellCurrentRule rule = into_cell_2();
    rule.number = number;
    EXPECT_THROW(judge(rule, HandTrace().end(200).trace), BadInput) << number;
  }
}

TEST(CellCurrent, ComesBackFromJson) {
  CellCurrentRule rule = into_cell_2();
  rule.promised = false;
  const auto back = std::get<CellCurrentRule>(rule_from_json(rule_to_json(rule)));
  EXPECT_EQ(back.number, 2);
  EXPECT_EQ(back.low, 1.8);
  EXPECT_EQ(back.high, 2.2);
  EXPECT_EQ(back.span_s, 100.0);
  EXPECT_FALSE(back.promised);
  EXPECT_EQ(back.from_ns, from_s(10.0));
}

// Cell 1 has 40 Ah left and 60 Ah of room, cell 2 has 32 Ah left and 48 Ah of room: 32 / (32 + 48).
TEST(TrueSoc, GoesByTheChargeOfUnequalCells) {
  HandTrace hand;
  hand.holds(1, 0.4, 0.4);
  // 20 Ah and 80 Ah; 72 Ah and 8 Ah: 20 / (20 + 8).
  hand.holds(2, 0.2, 0.9);
  // The smaller cell limits both: 0 to 1 between empty and full.
  hand.holds(3, 0.1, 0.0).holds(4, 0.9, 1.0).end(5);
  const auto soc = true_soc(hand.trace);
  ASSERT_EQ(soc.size(), 4U);
  EXPECT_NEAR(soc[0].value, 0.4, 1e-12);
  EXPECT_NEAR(soc[1].value, 20.0 / 28.0, 1e-12);
  EXPECT_EQ(soc[2].value, 0.0);
  EXPECT_EQ(soc[3].value, 1.0);
}

}  // namespace
}  // namespace packrig
