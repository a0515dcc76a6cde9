#include "rig/parameters/cell_set_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/cells/ecm_bank.hpp"
#include "models/errors.hpp"

namespace packrig {
namespace {

using Json = nlohmann::json;

std::string shipped_set(const std::string& name) {
  return std::string(PACKRIG_SOURCE_DIR) + "/models/parameters/" + name + ".json";
}

Json plain() {
  return Json::parse(R"({
    "format": "packrig cell set 1", "name": "plain", "chemistry": "lfp", "provenance": "made up", "composed": false,
    "label": "", "origin": ["made up"], "licence": "none", "made_by": "hand",
    "capacity_Ah": 10, "nominal_V": 3.2, "usual_low_V": 2.5, "usual_high_V": 3.65,
    "validity": {"low_V": 2, "high_V": 3.7, "low_degC": 0, "high_degC": 45, "low_soc": 0, "high_soc": 1},
    "thermal": {"heat_capacity_J_per_K": 300, "resistance_K_per_W": 4},
    "ocv": {"soc": [0, 0.5, 1], "temperature_degC": [0, 25], "value_V": [[3.0, 3.2, 3.4], [3.1, 3.3, 3.5]]},
    "entropy": {"soc": [0, 1], "value_V_per_K": [0.0001, 0.0003]},
    "series": {"soc": [0, 1], "temperature_degC": [0, 25], "value_Ohm": [[0.02, 0.04], [0.01, 0.02]]},
    "rc1": {"soc": [0, 1], "temperature_degC": [25], "resistance_Ohm": [[0.005, 0.007]], "time_constant_s": [[10, 30]]}
  })");
}

class Written {
 public:
  explicit Written(const std::string& content)
      : path_(testing::TempDir() + "packrig_cell_" + std::to_string(getpid()) + ".json") {
    std::ofstream(path_) << content;
  }
  ~Written() { std::filesystem::remove(path_); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The message with which `content` is refused; empty when it is accepted.
std::string cell_set_refusal(const std::string& content) {
  const Written file(content);
  try {
    read_cell_set(file.path());
    return "";
  } catch (const BadInput& error) {
    return error.what();
  }
}

void expect_refused(const char* pointer, const Json& value, const std::string& key, const std::string& found,
                    const std::string& accepted) {
  Json json = plain();
  json[Json::json_pointer(pointer)] = value;
  const std::string message = cell_set_refusal(json.dump());
  EXPECT_NE(message.find("packrig_cell_" + std::to_string(getpid()) + ".json: "), std::string::npos) << message;
  EXPECT_NE(message.find(key), std::string::npos) << pointer << ": " << message;
  EXPECT_NE(message.find(found), std::string::npos) << pointer << ": " << message;
  EXPECT_NE(message.find("accepted: " + accepted), std::string::npos) << pointer << ": " << message;
}

TEST(CellSetReader, ReadsEveryKey) {
  const Written file(plain().dump());
  const CellSet set = read_cell_set(file.path());
  EXPECT_EQ(set.name, "plain");
  EXPECT_EQ(set.chemistry, Chemistry::lfp);
  EXPECT_EQ(set.provenance, "made up");
  EXPECT_FALSE(set.composed);
  EXPECT_DOUBLE_EQ(set.capacity_Ah, 10.0);
  EXPECT_DOUBLE_EQ(set.nominal_V, 3.2);
  EXPECT_DOUBLE_EQ(set.usual_low_V, 2.5);
  EXPECT_DOUBLE_EQ(set.usual_high_V, 3.65);
  EXPECT_DOUBLE_EQ(set.open_circuit_V.at(0.25, 12.5), 3.15);
  EXPECT_DOUBLE_EQ(set.entropy_V_per_K.at(0.5), 0.0002);
  EXPECT_DOUBLE_EQ(set.series_Ohm.at(0.5, 12.5), 0.0225);
  EXPECT_DOUBLE_EQ(set.rc[0].resistance_Ohm.at(0.5, -10.0), 0.006);
  EXPECT_DOUBLE_EQ(set.rc[0].time_constant_s.at(0.5, 60.0), 20.0);
  EXPECT_DOUBLE_EQ(set.rc[1].resistance_Ohm.at(0.5, 25.0), 0.0);
  EXPECT_DOUBLE_EQ(set.heat_capacity_J_per_K, 300.0);
  EXPECT_DOUBLE_EQ(set.thermal_resistance_K_per_W, 4.0);
  EXPECT_DOUBLE_EQ(set.validity.high_V, 3.7);
  EXPECT_DOUBLE_EQ(set.validity.low_degC, 0.0);
}

TEST(CellSetReader, RefusesBadValuesByKeyValueAndRange) {
  expect_refused("/capacity_Ah", -1.0, "capacity_Ah", "-1.0", "a number from 0.001");
  expect_refused("/capacity_Ah", nullptr, "capacity_Ah", "null", "a number");
  expect_refused("/capacity_Ah", "10", "capacity_Ah", "\"10\"", "a number");
  expect_refused("/chemistry", "LFP", "chemistry", "LFP", "lfp, li_ion or lto");
  expect_refused("/format", "other", "format", "other", "packrig cell set 1");
  expect_refused("/nominal_V", 2.4, "nominal_V", "2.4", "a number from 2.5 to 5.0");
  expect_refused("/series/value_Ohm/1/0", -0.01, "series.value_Ohm[1][0]", "-0.01", "a number from");
  expect_refused("/series/value_Ohm/1", Json{0.01}, "series.value_Ohm[1]", "1 numbers", "2, one per soc");
  expect_refused("/series/temperature_degC/1", 0.0, "series.temperature_degC[1]", "0.0", "above 0.0");
  expect_refused("/rc1/time_constant_s/0/1", 0.0, "rc1.time_constant_s[0][1]", "0.0", "a number from 0.001");
  expect_refused("/rc1/soc/1", 1.2, "rc1.soc[1]", "1.2", "a number from 0.0 to 1.0");
  expect_refused("/ocv/value_V/0/1", 3.0, "ocv", "3.0", "above 3.0");
  expect_refused("/ocv/soc/0", 0.1, "ocv", "0.1", "0 to 1");
  expect_refused("/entropy/value_V_per_K", Json{1e-4}, "entropy.value_V_per_K", "1 numbers", "as many");
  expect_refused("/thermal/resistance_K_per_W", 0.0, "thermal.resistance_K_per_W", "0.0", "a number from");
  expect_refused("/validity/high_degC", -5.0, "validity.high_degC", "-5.0", "above 0.0");
  expect_refused("/composed", true, "label", "\"\"", "a text if and only if");
  expect_refused("/rc3", Json::object(), "unknown key", "rc3", "format");
}

TEST(CellSetReader, RefusesMissingKeysAndWhatIsNotJson) {
  for (const char* key : {"name", "chemistry", "capacity_Ah", "ocv", "series", "thermal", "validity", "entropy"}) {
    Json json = plain();
    json.erase(key);
    const std::string message = cell_set_refusal(json.dump());
    EXPECT_NE(message.find("no key \"" + std::string(key) + "\""), std::string::npos) << message;
  }
  EXPECT_NE(cell_set_refusal("{").find("accepted: JSON"), std::string::npos);
  EXPECT_NE(cell_set_refusal("[]").find("an object"), std::string::npos);
  Json huge = plain();
  std::string text = huge.dump();
  text.replace(text.find("\"capacity_Ah\":10"), 16, "\"capacity_Ah\":1e999");
  EXPECT_NE(cell_set_refusal(text), "");
  EXPECT_THROW(read_cell_set("no/such/file.json"), BadInput);
}

// Values read off the sources by hand: the C/30 table, the rate test's curve, the reference solution before its pulse.
TEST(ShippedCells, OpenCircuitIsThatOfTheSource) {
  EXPECT_NEAR(read_cell_set(shipped_set("lfp_a123_26650")).open_circuit_V.at(0.5, 25.0), 3.308115, 1e-5);
  EXPECT_NEAR(read_cell_set(shipped_set("nmc_lgm50")).open_circuit_V.at(0.5, 25.0), 3.693492, 1e-5);
  EXPECT_NEAR(read_cell_set(shipped_set("lto_composed")).open_circuit_V.at(0.5, 25.0), 2.232773, 1e-5);
}

TEST(ShippedCells, ComposedSetSaysSo) {
  const CellSet lto = read_cell_set(shipped_set("lto_composed"));
  EXPECT_TRUE(lto.composed);
  EXPECT_EQ(lto.label, "composed from literature, never validated");
  EXPECT_FALSE(read_cell_set(shipped_set("lfp_a123_26650")).composed);
  EXPECT_FALSE(read_cell_set(shipped_set("nmc_lgm50")).composed);
}

// A full discharge at 1C and 25 degC ends where such a cell ends, and from there on to 0 V and back up to 5 V the
// terminal voltage never jumps, whatever the temperature.
TEST(ShippedCells, DischargeAsTheirChemistryDoes) {
  const struct {
    const char* name;
    Chemistry chemistry;
    double least_half_V;
    double most_half_V;
  } cases[] = {{"lfp_a123_26650", Chemistry::lfp, 3.10, 3.30},
               {"nmc_lgm50", Chemistry::li_ion, 3.25, 3.60},
               {"lto_composed", Chemistry::lto, 2.10, 2.25}};
  for (const auto& expected : cases) {
    const auto set = std::make_shared<const CellSet>(read_cell_set(shipped_set(expected.name)));
    EXPECT_EQ(set->chemistry, expected.chemistry);
    EcmBank bank(set, {{}, {}, std::vector<double>{1.0}, 25.0});
    const std::vector<double> current{set->capacity_Ah};
    const auto terminal_V = [&] { return bank.open_V()[0] - bank.series_Ohm()[0] * current[0]; };
    for (int t = 0; t < 1800; ++t) bank.advance(current, 1.0);
    EXPECT_GT(terminal_V(), expected.least_half_V) << expected.name;
    EXPECT_LT(terminal_V(), expected.most_half_V) << expected.name;
    EXPECT_FALSE(bank.outside_validity(0)) << expected.name;
    for (int t = 1800; t < 3700; ++t) bank.advance(current, 1.0);
    EXPECT_LT(terminal_V(), set->usual_low_V) << expected.name;
    EXPECT_TRUE(bank.outside_validity(0)) << expected.name;
  }
}

TEST(ShippedCells, ReachFromZeroToFiveVoltMonotonically) {
  for (const char* name : {"lfp_a123_26650", "nmc_lgm50", "lto_composed"}) {
    const CellSet set = read_cell_set(shipped_set(name));
    for (const double degC : {-20.0, 0.0, 25.0, 60.0}) {
      EXPECT_LE(set.open_circuit_V.at(-soc_margin, degC), 0.0) << name;
      EXPECT_GE(set.open_circuit_V.at(1.0 + soc_margin, degC), 5.0) << name;
      for (int i = 0; i < 3000; ++i) {
        const double soc = -soc_margin + 1.5 * i / 3000.0;
        EXPECT_LT(set.open_circuit_V.at(soc, degC), set.open_circuit_V.at(soc + 1.5 / 3000.0, degC)) << name << soc;
        EXPECT_GT(set.series_Ohm.at(soc, degC), 0.0) << name;
      }
    }
  }
}

}  // namespace
}  // namespace packrig
