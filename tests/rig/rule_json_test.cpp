#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "models/errors.hpp"
#include "rig/rule.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

// No number here is an exact binary fraction, and no member has its default.
TripRule trip() {
  return {{Quantity::ntc_degC, 2}, Side::below, -0.1, Actuator::discharge, true, 0.1, 1.0 / 3.0, false, 123456789};
}
HoldRule hold() {
  return {{Quantity::cell_V, 7}, Side::below, 0.1, 0.7, 0.3, 1.0 / 7.0, Actuator::precharge, true, false, 987654321};
}
PointRule point() {
  return {{Quantity::supply_V, 0}, Side::below, 0.1, 0.2, 0.3, 1.0 / 3.0, Actuator::heater, true, 5};
}

// Through JSON and back: the same text, and so the same bits of every number.
Rule round_trip(const Rule& rule) {
  const std::string text = rule_to_json(rule);
  const Rule back = rule_from_json(text);
  EXPECT_EQ(rule_to_json(back), text);
  return back;
}

TEST(RuleJson, TripKeepsEveryMember) {
  const TripRule in = trip();
  const TripRule out = std::get<TripRule>(round_trip(in));
  EXPECT_EQ(out.channel, in.channel);
  EXPECT_EQ(out.side, in.side);
  EXPECT_EQ(out.threshold, in.threshold);
  EXPECT_EQ(out.actuator, in.actuator);
  EXPECT_EQ(out.drive_on, in.drive_on);
  EXPECT_EQ(out.low_s, in.low_s);
  EXPECT_EQ(out.high_s, in.high_s);
  EXPECT_EQ(out.promised, in.promised);
  EXPECT_EQ(out.from_ns, in.from_ns);
}

TEST(RuleJson, HoldKeepsEveryMember) {
  const HoldRule in = hold();
  const HoldRule out = std::get<HoldRule>(round_trip(in));
  EXPECT_EQ(out.channel, in.channel);
  EXPECT_EQ(out.side, in.side);
  EXPECT_EQ(out.reach, in.reach);
  EXPECT_EQ(out.reach_s, in.reach_s);
  EXPECT_EQ(out.ceiling, in.ceiling);
  EXPECT_EQ(out.ceiling_s, in.ceiling_s);
  EXPECT_EQ(out.actuator, in.actuator);
  EXPECT_EQ(out.drive_on, in.drive_on);
  EXPECT_EQ(out.promised, in.promised);
  EXPECT_EQ(out.from_ns, in.from_ns);
}

TEST(RuleJson, HoldKeepsACeilingThatIsInfinite) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  HoldRule rule = hold();
  rule.ceiling = -infinity;
  EXPECT_EQ(std::get<HoldRule>(round_trip(rule)).ceiling, -infinity);
  rule.side = Side::above;
  rule.ceiling = infinity;
  EXPECT_EQ(std::get<HoldRule>(round_trip(rule)).ceiling, infinity);
}

TEST(RuleJson, PointKeepsEveryMember) {
  const PointRule in = point();
  const PointRule out = std::get<PointRule>(round_trip(in));
  EXPECT_EQ(out.channel, in.channel);
  EXPECT_EQ(out.side, in.side);
  EXPECT_EQ(out.low, in.low);
  EXPECT_EQ(out.high, in.high);
  EXPECT_EQ(out.delay_s, in.delay_s);
  EXPECT_EQ(out.delay_uncertainty_s, in.delay_uncertainty_s);
  EXPECT_EQ(out.actuator, in.actuator);
  EXPECT_EQ(out.drive_on, in.drive_on);
  EXPECT_EQ(out.from_ns, in.from_ns);
}

TEST(RuleJson, SettingKeepsEveryMember) {
  const SettingRule out = std::get<SettingRule>(round_trip(SettingRule{255, -0.1, false}));
  EXPECT_EQ(out.register_number, 255);
  EXPECT_EQ(out.value, -0.1);
  EXPECT_FALSE(out.accepted);
}

TEST(RuleJson, ReadingAndStateKeepEveryMember) {
  const ReadingRule reading = std::get<ReadingRule>(round_trip(ReadingRule{254, -0.1}));
  EXPECT_EQ(reading.register_number, 254);
  EXPECT_EQ(reading.value, -0.1);
  const StateRule state = std::get<StateRule>(round_trip(StateRule{Actuator::precharge, true}));
  EXPECT_EQ(state.actuator, Actuator::precharge);
  EXPECT_TRUE(state.drive_on);
}

// Members of one rule as JSON text, so that a test can leave one out or replace it.
using Members = std::map<std::string, std::string>;

Members with_common(Members members) {
  members.merge(Members{{"quantity", R"("cell_V")"},
                        {"number", "1"},
                        {"actuator", R"("charge")"},
                        {"drive_on", "false"},
                        {"from_ns", "0"}});
  return members;
}

std::vector<Members> whole_rules() {
  return {with_common({{"kind", R"("trip")"},
                       {"side", R"("above")"},
                       {"threshold", "3.65"},
                       {"low_s", "1"},
                       {"high_s", "2"},
                       {"promised", "true"}}),
          with_common({{"kind", R"("hold")"},
                       {"side", R"("above")"},
                       {"reach", "3.6"},
                       {"reach_s", "1"},
                       {"ceiling", "3.7"},
                       {"ceiling_s", "2"},
                       {"promised", "true"}}),
          with_common({{"kind", R"("point")"},
                       {"side", R"("below")"},
                       {"low", "3.6"},
                       {"high", "3.7"},
                       {"delay_s", "2"},
                       {"delay_uncertainty_s", "0.1"}}),
          {{"kind", R"("setting")"}, {"register", "4"}, {"value", "3650"}, {"accepted", "true"}},
          {{"kind", R"("reading")"}, {"register", "4"}, {"value", "3650"}},
          {{"kind", R"("state")"}, {"actuator", R"("charge")"}, {"drive_on", "true"}}};
}

std::string json_of(const Members& members) {
  std::string text;
  for (const auto& [key, value] : members) text += (text.empty() ? "{" : ",") + ("\"" + key + "\":" + value);
  return text + "}";
}

std::string refusal(const std::string& text) {
  return test::message_of<BadInput>([&] { rule_from_json(text); });
}

TEST(RuleJson, NamesEveryMemberThatIsMissing) {
  for (const Members& whole : whole_rules()) {
    ASSERT_EQ(refusal(json_of(whole)), "") << json_of(whole);
    for (const auto& member : whole) {
      Members part = whole;
      part.erase(member.first);
      EXPECT_EQ(refusal(json_of(part)), "rule: member '" + member.first + "' is missing") << json_of(part);
    }
  }
}

TEST(RuleJson, NamesEveryMemberOfTheWrongType) {
  for (const Members& whole : whole_rules()) {
    for (const auto& [key, value] : whole) {
      for (const std::string wrong : {"[1]", "{}", R"("text")", "17.25", "true"}) {
        const bool text = value.front() == '"';
        const bool flag = value == "true" || value == "false";
        const bool whole_number = key == "number" || key == "register" || key == "from_ns";
        if (wrong == R"("text")" && text) continue;  // an unknown name, not a wrong type
        if (wrong == "17.25" && !text && !flag && !whole_number) continue;
        if (wrong == "true" && flag) continue;
        Members changed = whole;
        changed[key] = wrong;
        const std::string message = refusal(json_of(changed));
        EXPECT_NE(message.find("rule: " + key + " = " + wrong), std::string::npos) << json_of(changed) << message;
      }
    }
  }
}

TEST(RuleJson, NamesWhatIsOutOfRangeOrUnknown) {
  Members setting = whole_rules()[3];
  for (const std::string number : {"-1", "256", "1e3"}) {
    setting["register"] = number;
    EXPECT_NE(refusal(json_of(setting)).find("register = "), std::string::npos) << number;
  }
  Members trip_rule = whole_rules()[0];
  trip_rule["quantity"] = R"("cell_A")";
  EXPECT_NE(refusal(json_of(trip_rule)).find("quantity 'cell_A' is unknown; accepted: cell_V"), std::string::npos);
  trip_rule = whole_rules()[0];
  trip_rule["actuator"] = R"("brake")";
  EXPECT_NE(refusal(json_of(trip_rule)).find("actuator 'brake' is unknown; accepted: charge"), std::string::npos);
  trip_rule = whole_rules()[0];
  trip_rule["side"] = R"("beside")";
  EXPECT_NE(refusal(json_of(trip_rule)).find("side 'beside' is unknown; accepted: above, below"), std::string::npos);
  EXPECT_NE(
      refusal(R"({"kind": "guess"})").find("kind = 'guess'; accepted: trip, hold, point, setting, reading, state"),
      std::string::npos);
}

TEST(RuleJson, RefusesWhatIsNoObject) {
  for (const std::string text : {"", "{", "[]", "3", "null", "[1e999]"}) {
    EXPECT_NE(refusal(text).find("rule: "), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace packrig
