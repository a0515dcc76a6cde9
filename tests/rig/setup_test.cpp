// A run specification, right and with each of its keys wrong once.
#include "rig/setup.hpp"

#include <gtest/gtest.h>

#include <map>

#include "models/errors.hpp"
#include "rig/fault.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig {
namespace {

using test::message_of;

// Sections of keys with their JSON text; the keys of "run" stand at the top.
using Specification = std::map<std::string, std::map<std::string, std::string>>;

Specification sound_specification() {
  return {{"run", {{"part", R"("B2A25SRP")"}, {"seed", "5"}}},
          {"bench",
           {{"kind", R"("twin")"},
            {"firmware", R"("")"},
            {"afe", R"("drawn")"},
            {"fault", R"("none")"},
            {"fault_cell", "16"},
            {"fault_at_s", "1.5"}}},
          {"pack",
           {{"cell", R"("ecm")"},
            {"cell_set", R"("lfp_a123_26650")"},
            {"chemistry", R"("lfp")"},
            {"series", "16"},
            {"parallel", "2"},
            {"capacity_Ah", "100"},
            {"initial_soc", "0.6"},
            {"initial_degC", "20"},
            {"ambient_degC", "15"},
            {"capacity_spread", "0.01"},
            {"resistance_spread", "0.02"},
            {"soc_spread", "0.03"},
            {"load_F", "0.001"}}},
          {"sensors", {{"shunt_Ohm", "0.00025"}, {"ntc_r25_Ohm", "10000"}, {"ntc_b_K", "3435"}}},
          {"trace", {{"plug_period_s", "0"}, {"truth_period_s", "2"}, {"tick_limit_s", "0.5"}}}};
}

std::string joined(const std::map<std::string, std::string>& members) {
  std::string text;
  for (const auto& [key, value] : members) text += (text.empty() ? "" : ",") + ("\"" + key + "\":" + value);
  return text;
}

std::string json_of(const Specification& specification) {
  std::string text = "{" + joined(specification.at("run"));
  for (const auto& [name, members] : specification) {
    if (name != "run") text += ",\"" + name + "\":{" + joined(members) + "}";
  }
  return text + "}";
}

PreparedSession prepare(const std::string& json) {
  return prepare_session(json, std::string(PACKRIG_SOURCE_DIR) + "/models/parameters", "no folder of targets");
}

std::string setup_refusal(const std::string& json) {
  return message_of<BadInput>([&] { prepare(json); });
}

std::string setup_refusal(const std::string& section, const std::string& key, const std::string& value) {
  Specification specification = sound_specification();
  specification[section][key] = value;
  return setup_refusal(json_of(specification));
}

TEST(Setup, BuildsWhatTheSpecificationSays) {
  PreparedSession prepared = prepare(json_of(sound_specification()));
  const Session& session = prepared.session;
  EXPECT_EQ(session.trace().info().part, "B2A25SRP");
  EXPECT_EQ(session.trace().info().seed, 5U);
  EXPECT_EQ(session.trace().info().bench, "twin");
  EXPECT_EQ(session.trace().info().cell_count, 16);
  EXPECT_EQ(session.trace().info().specification, json_of(sound_specification()));
  const PackDescription& pack = session.plant().description();
  EXPECT_EQ(pack.series, 16);
  EXPECT_EQ(pack.parallel, 2);
  EXPECT_EQ(pack.capacity_Ah, 100.0);
  EXPECT_EQ(pack.initial_soc, 0.6);
  EXPECT_EQ(pack.initial_degC, 20.0);
  EXPECT_EQ(pack.ambient_degC, 15.0);
  EXPECT_EQ(pack.spread.capacity, 0.01);
  EXPECT_EQ(pack.spread.resistance, 0.02);
  EXPECT_EQ(pack.spread.soc, 0.03);
  EXPECT_EQ(pack.load_F, 0.001);
  EXPECT_EQ(pack.shunt.resistance_Ohm, 0.00025);
  EXPECT_EQ(pack.ntc.r25_Ohm, 10'000.0);
  EXPECT_EQ(pack.ntc.b_K, 3435.0);
  EXPECT_TRUE(prepared.labels.empty());
}

TEST(Setup, WhatIsNotGivenHasADefault) {
  Specification little;
  little["run"] = {{"part", R"("B2A25SRP")"}};
  little["pack"] = {{"cell_set", R"("lfp_a123_26650")"}, {"chemistry", R"("lfp")"}, {"series", "16"}};
  little["sensors"] = sound_specification()["sensors"];
  PreparedSession prepared = prepare(json_of(little));
  EXPECT_EQ(prepared.session.trace().info().bench, "sim");
  EXPECT_EQ(prepared.session.trace().info().seed, 0U);
  EXPECT_EQ(prepared.session.plant().description().initial_soc, 0.5);
  EXPECT_TRUE(prepared.session.trace().info().uncertainty.exact_time);
}

TEST(Setup, IsAPureFunctionOfTheSpecification) {
  PreparedSession first = prepare(json_of(sound_specification()));
  PreparedSession second = prepare(json_of(sound_specification()));
  first.session.run(10 * second_ns);
  second.session.run(10 * second_ns);
  EXPECT_EQ(first.session.trace().hash(), second.session.trace().hash());
  Specification reseeded = sound_specification();
  reseeded["run"]["seed"] = "6";
  PreparedSession other = prepare(json_of(reseeded));
  other.session.run(10 * second_ns);
  EXPECT_NE(other.session.trace().hash(), first.session.trace().hash());
}

TEST(Setup, ACellSetMayBeAFile) {
  Specification own = sound_specification();
  own["pack"]["cell_set"] = "\"" + std::string(PACKRIG_SOURCE_DIR) + "/models/parameters/bpx/lfp_18650.json\"";
  own["pack"]["cell"] = R"("spme")";
  own["pack"].erase("capacity_Ah");
  EXPECT_NEAR(prepare(json_of(own)).session.plant().description().capacity_Ah, 2.0, 0.5);
  own["pack"]["cell_set"] = R"("no/such/file.json")";
  EXPECT_THROW(prepare(json_of(own)), BadInput);
}

TEST(Setup, AComposedCellSetIsLabelled) {
  Specification composed = sound_specification();
  composed["pack"]["cell_set"] = R"("lto_composed")";
  composed["pack"]["chemistry"] = R"("lto")";
  const std::vector<std::string> labels = prepare(json_of(composed)).labels;
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_NE(labels[0], "");
}

TEST(Setup, EveryKeyIsRefusedWithTheWrongTypeByName) {
  for (const auto& [section, members] : sound_specification()) {
    for (const auto& [key, value] : members) {
      for (const std::string wrong : {"[1]", "true", "null", value.front() == '"' ? "1" : R"("text")"}) {
        const std::string message = setup_refusal(section, key, wrong);
        const std::string where = section == "run" ? "run." + key : section + "." + key;
        EXPECT_EQ(message.find(where + " = " + wrong + "; accepted: "), 0U)
            << where << " = " << wrong << ": " << message;
      }
    }
  }
}

TEST(Setup, EveryUnknownKeyAndSectionIsRefusedByName) {
  for (const auto& section : sound_specification()) {
    const std::string message = setup_refusal(section.first, "colour", "1");
    EXPECT_NE(message.find(section.first + ".colour is unknown; accepted: "), std::string::npos) << message;
    EXPECT_NE(message.find(section.second.begin()->first), std::string::npos) << message;  // what is known
  }
  EXPECT_NE(setup_refusal(R"({"part": "x", "pack": 3})").find("pack = 3; accepted: an object"), std::string::npos);
}

struct Limit {
  const char* section;
  const char* key;
  const char* below;
  const char* low;
  const char* high;
  const char* above;
};

TEST(Setup, EveryNumberIsRefusedBelowAndAboveItsLimitsAndNotAtThem) {
  // Numbers from the documentation of the specification and of what is built from it.
  const Limit limits[] = {
      {"run", "seed", "-1", "0", "9007199254740991", "1e16"},
      {"bench", "fault_cell", "0", "1", "16", "17"},
      {"bench", "fault_at_s", "-0.1", "0", "1e9", "1.1e9"},
      {"pack", "series", "0", "8", "25", "26"},
      {"pack", "parallel", "0", "1", "100", "101"},
      {"pack", "capacity_Ah", "0.09", "0.1", "10000", "10001"},
      {"pack", "initial_soc", "-0.01", "0", "1", "1.01"},
      {"pack", "initial_degC", "-60.1", "-60", "150", "150.1"},
      {"pack", "ambient_degC", "-60.1", "-60", "150", "150.1"},
      {"pack", "capacity_spread", "-0.01", "0", "0.2", "0.21"},
      {"pack", "resistance_spread", "-0.01", "0", "0.2", "0.51"},
      {"pack", "soc_spread", "-0.01", "0", "0.2", "0.21"},
      {"pack", "load_F", "-0.01", "0.0001", "1", "1.01"},
      {"sensors", "shunt_Ohm", "0", "1e-6", "0.1", "0.11"},
      {"sensors", "ntc_r25_Ohm", "99", "100", "1e6", "1.1e6"},
      {"sensors", "ntc_b_K", "999", "1000", "10000", "10001"},
      {"trace", "plug_period_s", "-1", "0", "1e6", "1.1e6"},
      {"trace", "truth_period_s", "-1", "0", "1e6", "1.1e6"},
      {"trace", "tick_limit_s", "0", "1e-6", "1e6", "1.1e6"},
  };
  for (const Limit& limit : limits) {
    const std::string where = std::string(limit.section) + "." + limit.key;
    const auto with = [&](const char* value) {
      Specification specification = sound_specification();
      // Fewer cells would be refused for the fault's sake.
      if (where == "pack.series") specification["bench"]["fault_cell"] = "1";
      specification[limit.section][limit.key] = value;
      return setup_refusal(json_of(specification));
    };
    EXPECT_EQ(with(limit.low), "") << where;
    EXPECT_EQ(with(limit.high), "") << where;
    EXPECT_EQ(with(limit.below).find(where + " = "), 0U) << where << ": " << with(limit.below);
    EXPECT_EQ(with(limit.above).find(where + " = "), 0U) << where << ": " << with(limit.above);
    EXPECT_NE(with(limit.above).find("; accepted: "), std::string::npos) << where;
  }
}

TEST(Setup, CountsAreWholeNumbers) {
  EXPECT_NE(setup_refusal("pack", "series", "15.5").find("pack.series = 15.5; accepted: a whole number"),
            std::string::npos);
  EXPECT_NE(setup_refusal("pack", "parallel", "1.5").find("pack.parallel"), std::string::npos);
  EXPECT_NE(setup_refusal("bench", "fault_cell", "1.5").find("bench.fault_cell"), std::string::npos);
  EXPECT_NE(setup_refusal("run", "seed", "1.5").find("run.seed = 1.5; accepted: a whole number"), std::string::npos);
}

TEST(Setup, EveryNameIsOneOfThoseThatAreListed) {
  EXPECT_NE(setup_refusal("bench", "kind", R"("hardware")").find("bench.kind = 'hardware'; accepted: sim, twin"),
            std::string::npos);
  EXPECT_NE(setup_refusal("bench", "afe", R"("perfect")")
                .find("bench.afe = 'perfect'; accepted: nominal, typical, worst, drawn"),
            std::string::npos);
  EXPECT_NE(setup_refusal("pack", "cell", R"("ideal")").find("pack.cell = 'ideal'; accepted: ecm, spme"),
            std::string::npos);
  EXPECT_NE(setup_refusal("bench", "fault", R"("fire")").find("bench.fault = 'fire'; accepted: none, stuck_cell"),
            std::string::npos);
  const std::string unknown_cells = setup_refusal("pack", "cell_set", R"("lead")");
  EXPECT_NE(unknown_cells.find("pack.cell_set = 'lead'; accepted: lfp_a123_26650, lto_composed, nmc_lgm50"),
            std::string::npos)
      << unknown_cells;
  EXPECT_NE(setup_refusal("pack", "chemistry", R"("lead")").find("pack.chemistry = 'lead'"), std::string::npos);
  EXPECT_NE(setup_refusal("pack", "chemistry", R"("lto")").find("cell set 'lfp_a123_26650' is lfp"), std::string::npos);
}

TEST(Setup, WhatMustBeGivenIsMissedByName) {
  for (const auto& [section, key] : std::vector<std::pair<std::string, std::string>>{{"run", "part"},
                                                                                     {"pack", "cell_set"},
                                                                                     {"pack", "chemistry"},
                                                                                     {"pack", "series"},
                                                                                     {"sensors", "shunt_Ohm"},
                                                                                     {"sensors", "ntc_r25_Ohm"},
                                                                                     {"sensors", "ntc_b_K"}}) {
    Specification specification = sound_specification();
    specification[section].erase(key);
    EXPECT_EQ(setup_refusal(json_of(specification)).find(section + "." + key + " = (missing); accepted: "), 0U)
        << setup_refusal(json_of(specification));
  }
}

TEST(Setup, AFaultOfInstrumentsNeedsInstruments) {
  Specification specification = sound_specification();
  specification["bench"]["kind"] = R"("sim")";
  EXPECT_EQ(setup_refusal(json_of(specification)), "");
  specification["bench"]["fault"] = R"("stuck_cell")";
  EXPECT_NE(setup_refusal(json_of(specification)).find("bench 'sim' has no instruments"), std::string::npos);
}

TEST(Setup, AFirmwareThatIsNotThereIsTheRigsFault) {
  Specification specification = sound_specification();
  specification["bench"]["firmware"] = R"("/no/such/firmware.so")";
  EXPECT_NE(message_of<BenchFault>([&] { prepare(json_of(specification)); }).find("/no/such/firmware.so"),
            std::string::npos);
}

TEST(Setup, ACountThatTheFirmwareRefusesIsNamed) {
  Specification specification = sound_specification();
  specification["pack"]["series"] = "7";
  specification["bench"]["fault_cell"] = "1";
  EXPECT_NE(setup_refusal(json_of(specification)).find("refuses 7 cells of lfp (reason "), std::string::npos);
}

TEST(Setup, WhatIsNoJsonObjectIsRefused) {
  for (const std::string text : {"", "{", "[]", "3", R"({"part": 1e999})", "{\"part\": \"\xFF\"}"}) {
    EXPECT_EQ(setup_refusal(text).find("run specification: "), 0U) << text << ": " << setup_refusal(text);
  }
}

}  // namespace
}  // namespace packrig
