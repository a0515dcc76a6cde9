#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "models/errors.hpp"
#include "rig/names.hpp"
#include "rig/rule.hpp"

namespace packrig {

namespace {

using Json = nlohmann::json;

// JSON knows no infinity; a missing ceiling is one.
Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json common(const char* kind, Channel channel, Actuator actuator, bool drive_on, TimeNs from_ns) {
  return {{"kind", kind},
          {"quantity", quantity_name(channel.quantity)},
          {"number", channel.number},
          {"actuator", actuator_name(actuator)},
          {"drive_on", drive_on},
          {"from_ns", from_ns}};
}

// Whether `value` is a whole number that T holds; get<T>() alone would cut it to fit.
template <class T>
bool fits(const Json& value) {
  if (value.is_number_unsigned()) return std::in_range<T>(value.get<std::uint64_t>());
  return value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>());
}

template <class T>
T member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw BadInput(std::string("rule: member '") + key + "' is missing");
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    if (!fits<T>(*found)) {
      throw BadInput(std::string("rule: ") + key + " = " + found->dump() + "; accepted: a whole number from " +
                     std::to_string(std::numeric_limits<T>::min()) + " to " +
                     std::to_string(std::numeric_limits<T>::max()));
    }
  }
  try {
    return found->get<T>();
  } catch (const Json::exception&) {
    throw BadInput(std::string("rule: ") + key + " = " + found->dump() + " has the wrong type");
  }
}

template <class RuleKind>
void read_common(const Json& object, RuleKind& rule) {
  rule.channel = {quantity_from_name(member<std::string>(object, "quantity")), member<int>(object, "number")};
  rule.actuator = actuator_from_name(member<std::string>(object, "actuator"));
  rule.drive_on = member<bool>(object, "drive_on");
  rule.from_ns = member<TimeNs>(object, "from_ns");
}

Json to_json(const TripRule& rule) {
  Json object = common("trip", rule.channel, rule.actuator, rule.drive_on, rule.from_ns);
  object["side"] = side_name(rule.side);
  object["threshold"] = rule.threshold;
  object["low_s"] = rule.low_s;
  object["high_s"] = rule.high_s;
  object["promised"] = rule.promised;
  return object;
}

Json to_json(const HoldRule& rule) {
  Json object = common("hold", rule.channel, rule.actuator, rule.drive_on, rule.from_ns);
  object["side"] = side_name(rule.side);
  object["reach"] = rule.reach;
  object["reach_s"] = rule.reach_s;
  object["ceiling"] = number_or_null(rule.ceiling);
  object["ceiling_s"] = rule.ceiling_s;
  object["promised"] = rule.promised;
  return object;
}

Json to_json(const PointRule& rule) {
  Json object = common("point", rule.channel, rule.actuator, rule.drive_on, rule.from_ns);
  object["side"] = side_name(rule.side);
  object["low"] = rule.low;
  object["high"] = rule.high;
  object["delay_s"] = rule.delay_s;
  object["delay_uncertainty_s"] = rule.delay_uncertainty_s;
  return object;
}

Json to_json(const SettingRule& rule) {
  return {{"kind", "setting"}, {"register", rule.register_number}, {"value", rule.value}, {"accepted", rule.accepted}};
}

Json to_json(const ReadingRule& rule) {
  return {{"kind", "reading"}, {"register", rule.register_number}, {"value", rule.value}};
}

Json to_json(const StateRule& rule) {
  return {{"kind", "state"}, {"actuator", actuator_name(rule.actuator)}, {"drive_on", rule.drive_on}};
}

Json to_json(const LevelRule& rule) {
  return {{"kind", "level"},
          {"quantity", quantity_name(rule.channel.quantity)},
          {"number", rule.channel.number},
          {"low", rule.low},
          {"high", rule.high},
          {"span_s", rule.span_s},
          {"promised", rule.promised},
          {"from_ns", rule.from_ns}};
}

Json to_json(const CellCurrentRule& rule) {
  return {{"kind", "cell_current"}, {"number", rule.number},     {"low", rule.low},        {"high", rule.high},
          {"span_s", rule.span_s},  {"promised", rule.promised}, {"from_ns", rule.from_ns}};
}

Json to_json(const AccuracyRule& rule) {
  return {{"kind", "accuracy"},
          {"reported", reported_name(rule.channel.quantity)},
          {"number", rule.channel.number},
          {"low", rule.low},
          {"high", rule.high},
          {"age_s", rule.age_s},
          {"promised", rule.promised},
          {"from_ns", rule.from_ns}};
}

Json to_json(const AlarmRule& rule) {
  Json object = {{"kind", "alarm"},     {"alarms", rule.alarms.bits()}, {"actuator", actuator_name(rule.actuator)},
                 {"low_s", rule.low_s}, {"high_s", rule.high_s},        {"from_ns", rule.from_ns}};
  if (rule.channel) {
    object["quantity"] = quantity_name(rule.channel->quantity);
    object["number"] = rule.channel->number;
    object["side"] = side_name(rule.side);
    object["threshold"] = rule.threshold;
  }
  return object;
}

Json to_json(const ReportRule& rule) {
  return {{"kind", "report"},
          {"reported", reported_name(rule.channel.quantity)},
          {"number", rule.channel.number},
          {"low", rule.low},
          {"high", rule.high},
          {"promised", rule.promised},
          {"from_ns", rule.from_ns}};
}

}  // namespace

std::string rule_to_json(const Rule& rule) {
  return std::visit([](const auto& kind) { return to_json(kind).dump(); }, rule);
}

Rule rule_from_json(const std::string& text) {
  Json object;
  try {
    object = Json::parse(text);
  } catch (const Json::exception& error) {
    throw BadInput(std::string("rule: ") + error.what());
  }
  if (!object.is_object()) throw BadInput("rule: accepted: a JSON object");
  const auto kind = member<std::string>(object, "kind");
  if (kind == "trip") {
    TripRule rule;
    read_common(object, rule);
    rule.side = side_from_name(member<std::string>(object, "side"));
    rule.threshold = member<double>(object, "threshold");
    rule.low_s = member<double>(object, "low_s");
    rule.high_s = member<double>(object, "high_s");
    rule.promised = member<bool>(object, "promised");
    return rule;
  }
  if (kind == "hold") {
    HoldRule rule;
    read_common(object, rule);
    rule.side = side_from_name(member<std::string>(object, "side"));
    rule.reach = member<double>(object, "reach");
    rule.reach_s = member<double>(object, "reach_s");
    const bool unlimited = object.contains("ceiling") && object["ceiling"].is_null();
    const double infinity = std::numeric_limits<double>::infinity();
    rule.ceiling = !unlimited ? member<double>(object, "ceiling") : rule.side == Side::above ? infinity : -infinity;
    rule.ceiling_s = member<double>(object, "ceiling_s");
    rule.promised = member<bool>(object, "promised");
    return rule;
  }
  if (kind == "point") {
    PointRule rule;
    read_common(object, rule);
    rule.side = side_from_name(member<std::string>(object, "side"));
    rule.low = member<double>(object, "low");
    rule.high = member<double>(object, "high");
    rule.delay_s = member<double>(object, "delay_s");
    rule.delay_uncertainty_s = member<double>(object, "delay_uncertainty_s");
    return rule;
  }
  if (kind == "setting") {
    return SettingRule{member<std::uint8_t>(object, "register"), member<double>(object, "value"),
                       member<bool>(object, "accepted")};
  }
  if (kind == "reading") {
    return ReadingRule{member<std::uint8_t>(object, "register"), member<double>(object, "value")};
  }
  if (kind == "state") {
    return StateRule{actuator_from_name(member<std::string>(object, "actuator")), member<bool>(object, "drive_on")};
  }
  if (kind == "level") {
    LevelRule rule;
    rule.channel = {quantity_from_name(member<std::string>(object, "quantity")), member<int>(object, "number")};
    rule.low = member<double>(object, "low");
    rule.high = member<double>(object, "high");
    rule.span_s = member<double>(object, "span_s");
    rule.promised = member<bool>(object, "promised");
    rule.from_ns = member<TimeNs>(object, "from_ns");
    return rule;
  }
  if (kind == "cell_current") {
    return CellCurrentRule{member<int>(object, "number"),    member<double>(object, "low"),
                           member<double>(object, "high"),   member<double>(object, "span_s"),
                           member<bool>(object, "promised"), member<TimeNs>(object, "from_ns")};
  }
  if (kind == "accuracy") {
    AccuracyRule rule;
    rule.channel = {reported_from_name(member<std::string>(object, "reported")), member<int>(object, "number")};
    rule.low = member<double>(object, "low");
    rule.high = member<double>(object, "high");
    rule.age_s = member<double>(object, "age_s");
    rule.promised = member<bool>(object, "promised");
    rule.from_ns = member<TimeNs>(object, "from_ns");
    return rule;
  }
  if (kind == "alarm") {
    AlarmRule rule;
    if (object.contains("quantity")) {
      rule.channel = {quantity_from_name(member<std::string>(object, "quantity")), member<int>(object, "number")};
      rule.side = side_from_name(member<std::string>(object, "side"));
      rule.threshold = member<double>(object, "threshold");
    }
    rule.alarms = AlarmSet(member<std::uint64_t>(object, "alarms"));
    rule.actuator = actuator_from_name(member<std::string>(object, "actuator"));
    rule.low_s = member<double>(object, "low_s");
    rule.high_s = member<double>(object, "high_s");
    rule.from_ns = member<TimeNs>(object, "from_ns");
    return rule;
  }
  if (kind == "report") {
    ReportRule rule;
    rule.channel = {reported_from_name(member<std::string>(object, "reported")), member<int>(object, "number")};
    rule.low = member<double>(object, "low");
    rule.high = member<double>(object, "high");
    rule.promised = member<bool>(object, "promised");
    rule.from_ns = member<TimeNs>(object, "from_ns");
    return rule;
  }
  throw BadInput("rule: kind = '" + kind +
                 "'; accepted: trip, hold, point, setting, reading, state, level, cell_current, accuracy, alarm, "
                 "report");
}

}  // namespace packrig
