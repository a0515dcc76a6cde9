#include "rig/parameters/bpx_reader.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/cells/spme_bank.hpp"
#include "models/errors.hpp"
#include "tests/rig/parameters/porous_electrode.hpp"

namespace packrig {
namespace {

using Json = nlohmann::json;

using reference::shipped;

Json shipped_json(const std::string& name) {
  std::ifstream file(shipped(name));
  return Json::parse(file);
}

class BpxReader : public testing::Test {
 protected:
  ~BpxReader() override { std::filesystem::remove(path_); }
  ElectrochemicalSet read(const std::string& content) {
    std::ofstream(path_) << content;
    return read_bpx(path_);
  }
  std::string refusal(const std::string& content) {
    try {
      read(content);
      return "";
    } catch (const BadInput& error) {
      return error.what();
    }
  }
  // Puts `value` at `pointer` in a shipped file; the message must name key, value and what is accepted.
  void expect_refused(const char* pointer, const Json& value, const std::string& key, const std::string& found,
                      const std::string& accepted) {
    Json json = shipped_json("nmc111_pouch");
    json[Json::json_pointer(pointer)] = value;
    const std::string message = refusal(json.dump());
    for (const std::string& part : {key, found, "accepted: " + accepted}) {
      EXPECT_NE(message.find(part), std::string::npos) << pointer << "\n" << message;
    }
  }

 private:
  std::string path_ = testing::TempDir() + "packrig_bpx_" + std::to_string(getpid()) + ".json";
};

TEST_F(BpxReader, ReadsNumbersFormulasAndTables) {
  const ElectrochemicalSet nmc = read_bpx(shipped("nmc111_pouch"));
  EXPECT_EQ(nmc.name, "nmc111_pouch");
  EXPECT_EQ(nmc.chemistry, Chemistry::li_ion);
  EXPECT_FALSE(nmc.composed);
  EXPECT_DOUBLE_EQ(nmc.area_m2, 34 * 0.016808);
  EXPECT_DOUBLE_EQ(nmc.electrolyte.transference, 0.2594);
  // Formulas evaluated by hand.
  EXPECT_NEAR(nmc.electrolyte.diffusivity_m2_per_s, 8.794e-11 - 3.972e-10 + 4.862e-10, 1e-16);
  EXPECT_NEAR(nmc.electrolyte.conductivity_S_per_m.at(1000.0), 0.1297 - 2.51 + 3.329, 1e-9);
  const double x = 0.7;
  const double open_V = -3.04420906 * x + 10.04892207 - 0.65637536 * std::tanh(-4.02134095 * (x - 0.80063948)) +
                        4.24678547 * std::tanh(12.17805062 * (x - 7.57659337)) -
                        0.3757068 * std::tanh(59.33067782 * (x - 0.99784492));
  EXPECT_NEAR(nmc.positive.open_V.at(x), open_V, 1e-6);
  EXPECT_FALSE(nmc.positive.diffusivity_varies);
  EXPECT_NEAR(nmc.heat_capacity_J_per_K, 913.0 * 1847.0 * 0.000128, 1e-9);

  const ElectrochemicalSet lfp = read_bpx(shipped("lfp_18650"));
  EXPECT_EQ(lfp.chemistry, Chemistry::lfp);
  EXPECT_NEAR(lfp.positive.entropy_V_per_K.at(0.1), 3.7666e-05, 1e-9);
  EXPECT_TRUE(lfp.hysteresis.present);
  EXPECT_NEAR(lfp.hysteresis.half_gap_V.at(0.5), 0.014, 0.006);  // measured: 12 to 29 mV over the whole range
  EXPECT_EQ(read_bpx(shipped("lto_nmc111_composed")).chemistry, Chemistry::lto);
}

TEST_F(BpxReader, AComposedSetSaysSo) {
  const ElectrochemicalSet lto = read_bpx(shipped("lto_nmc111_composed"));
  EXPECT_TRUE(lto.composed);
  EXPECT_EQ(lto.label, "composed from literature, never validated");
  EXPECT_FALSE(read_bpx(shipped("nmc811_chen2020")).composed);
}

// The same cell as version 1 writes it: temperatures and the initial concentration in "State".
TEST_F(BpxReader, ReadsVersion1) {
  Json json = shipped_json("nmc111_pouch");
  json["Header"]["BPX"] = "1.1.0";
  Json& cell = json["Parameterisation"]["Cell"];
  Json& electrolyte = json["Parameterisation"]["Electrolyte"];
  json["State"]["Initial conditions"] = {{"Initial state-of-charge", 1},
                                         {"Initial temperature [K]", cell["Initial temperature [K]"]},
                                         {"Initial electrolyte concentration [mol.m-3]", 1200}};
  json["State"]["Thermal environment"] = {{"Ambient temperature [K]", 298.15},
                                          {"Heat transfer coefficient [W.m-2.K-1]", 20}};
  for (const char* key : {"Ambient temperature [K]", "Initial temperature [K]", "Thermal conductivity [W.m-1.K-1]"}) {
    cell.erase(key);
  }
  electrolyte.erase("Initial concentration [mol.m-3]");
  const ElectrochemicalSet set = read(json.dump());
  EXPECT_EQ(set.electrolyte.initial_mol_per_m3, 1200.0);
  EXPECT_NEAR(set.thermal_resistance_K_per_W, 1.0 / (20.0 * 0.0379), 1e-12);
  json["Header"]["BPX"] = 1.0;
  EXPECT_EQ(refusal(json.dump()), "");
  json["State"]["Initial conditions"].erase("Initial electrolyte concentration [mol.m-3]");
  EXPECT_NE(refusal(json.dump()).find("Initial electrolyte concentration"), std::string::npos);
}

TEST_F(BpxReader, ReadsBranchesOfHysteresis) {
  Json json = shipped_json("lfp_18650");
  json["Parameterisation"].erase("User-defined");
  Json& positive = json["Parameterisation"]["Positive electrode"];
  positive["OCP (lithiation) [V]"] = "3.40 - 0.1 * x";
  positive["OCP (delithiation) [V]"] = "3.43 - 0.1 * x";
  positive["OCP hysteresis decay constant"] = 30;
  const ElectrochemicalSet set = read(json.dump());
  EXPECT_TRUE(set.hysteresis.present);
  EXPECT_EQ(set.hysteresis.decay, 30.0);
  EXPECT_NEAR(set.hysteresis.half_gap_V.at(0.4), 0.015, 1e-12);
  positive.erase("OCP (lithiation) [V]");
  EXPECT_NE(refusal(json.dump()).find("no key \"OCP (lithiation) [V]\""), std::string::npos);
}

TEST_F(BpxReader, RefusesByKeyValueAndRange) {
  const std::string p = "/Parameterisation/";
  const auto key = [&](const char* tail) { return p + tail; };
  expect_refused(key("Positive electrode/Thickness [m]").c_str(), -5e-5, "Positive electrode.Thickness [m]", "-5e-05",
                 "a number from 1e-06 to 0.001");
  expect_refused(key("Positive electrode/Particle radius [m]").c_str(), 0, "Particle radius [m]", "0",
                 "a number from 1e-09 to 0.001");
  expect_refused(key("Negative electrode/Porosity").c_str(), 1.01, "Porosity", "1.01", "a number from 0.01 to 1.0");
  expect_refused(key("Negative electrode/Porosity").c_str(), "a third", "Porosity", "a third", "a number from");
  expect_refused(key("Negative electrode/Minimum stoichiometry").c_str(), -0.01, "Minimum stoichiometry", "-0.01",
                 "a number from 0.0 to 1.0");
  expect_refused(key("Negative electrode/Maximum stoichiometry").c_str(), 0.005, "Maximum stoichiometry", "0.005",
                 "a number from 0.015");
  expect_refused(key("Cell/Reference temperature [K]").c_str(), -1.0, "Cell.Reference temperature [K]", "-1.0",
                 "a number from 200.0 to 400.0");
  expect_refused(key("Cell/Ambient temperature [K]").c_str(), -0.01, "Ambient temperature [K]", "-0.01",
                 "a number from 200.0 to 400.0");
  expect_refused(key("Cell/Nominal cell capacity [A.h]").c_str(), 1.0, "Nominal cell capacity [A.h]", "1.0",
                 "within a factor of 1.5");
  expect_refused(key("Electrolyte/Conductivity [S.m-1]").c_str(), "system('ls')", "Electrolyte.Conductivity [S.m-1]",
                 "system", "a number, x,");
  expect_refused(key("Electrolyte/Conductivity [S.m-1]").c_str(), "1 / (x - 1000)", "Conductivity",
                 "at x =", "a number from 0.0001 to 100.0");
  expect_refused(key("Electrolyte/Diffusivity [m2.s-1]").c_str(), "for x in x", "Diffusivity [m2.s-1]", "for",
                 "a number, x,");
  expect_refused(key("Positive electrode/Diffusivity [m2.s-1]").c_str(), -1e-14, "Diffusivity [m2.s-1]", "-1e-14",
                 "a number from 1e-20 to 1e-06");
  expect_refused(key("Positive electrode/OCP [V]").c_str(), "4 + x", "Positive electrode.OCP [V]",
                 "at x =", "falling with x");
  expect_refused(key("Positive electrode/OCP [V]").c_str(), Json{{"x", {0.4, 0.5, 0.5, 1.0}}, {"y", {4, 3.9, 3.8, 3}}},
                 "OCP [V].x[2]", "0.5", "above 0.5");
  expect_refused(key("Positive electrode/OCP [V]").c_str(), Json{{"x", {0.5, 1.0}}, {"y", {4, 3}}}, "OCP [V]",
                 "x from 0.5 to 1", "all of");
  expect_refused(key("Positive electrode/OCP [V]").c_str(), Json{{"x", {0.4, 1.0}}, {"y", {4, 3, 2}}}, "OCP [V].y",
                 "3 numbers for 2 of x", "as many");
  expect_refused(key("Positive electrode/OCP [V]").c_str(), nullptr, "OCP [V]", "null", "a number from");
  expect_refused(key("Positive electrode/Particle").c_str(), Json::object(), "Particle", "a blend",
                 "one active material");
  expect_refused(key("Cell/Colour").c_str(), "blue", "unknown key \"Colour\"", "Cell", "Ambient temperature");
  expect_refused("/Header/BPX", "2.0", "Header.BPX", "2.0", "0.x or 1.x");
}

TEST_F(BpxReader, RefusesWhatIsMissingOrNotJson) {
  for (const char* section : {"Cell", "Electrolyte", "Negative electrode", "Positive electrode", "Separator"}) {
    Json json = shipped_json("nmc111_pouch");
    json["Parameterisation"].erase(section);
    EXPECT_NE(refusal(json.dump()).find("no key \"" + std::string(section) + "\""), std::string::npos) << section;
  }
  for (const char* key :
       {"Porosity", "OCP [V]", "Reaction rate constant [mol.m-2.s-1]", "Maximum concentration [mol.m-3]"}) {
    Json json = shipped_json("nmc111_pouch");
    json["Parameterisation"]["Negative electrode"].erase(key);
    EXPECT_NE(refusal(json.dump()).find("no key \"" + std::string(key) + "\""), std::string::npos) << key;
  }
  EXPECT_NE(refusal("{").find("accepted: JSON"), std::string::npos);
  EXPECT_NE(refusal("[]").find("an object"), std::string::npos);
  EXPECT_THROW(read_bpx("no/such/file.json"), BadInput);
  EXPECT_THROW(read_bpx(testing::TempDir()), BadInput);
  const std::string overflow = refusal("{\n  \"Header\": {\"BPX\": 1e999}}");
  EXPECT_NE(overflow.find(": line 2: \"Header\": {\"BPX\": 1e999, accepted: finite numbers"), std::string::npos)
      << overflow;
  EXPECT_NE(refusal("[1e999]").find(": line 1: [1e999, accepted"), std::string::npos);
  EXPECT_NE(refusal("{\"BPX\": NaN}").find("BPX\": N', accepted: JSON"), std::string::npos);
}

TEST(ShippedElectrochemistry, AgreesWithThePorousElectrode) {
  for (const reference::PorousElectrodeRecord& known : reference::porous_electrode_records) {
    const reference::OffRecord off = reference::off_record(known.set, known.record, known.initial_soc);
    EXPECT_GT(off.count, 500) << known.record;
    EXPECT_LE(off.root_mean_square_mV, known.limit_mV) << known.record;
  }
}

// A fit that would also pass with other parameters is no evidence: a cell of another chemistry is far off.
TEST(ShippedElectrochemistry, DisagreesWithAnotherCell) {
  EXPECT_GT(reference::off_record("nmc811_chen2020", "bpx_nmc111_pouch_us06_25C", 0.8).root_mean_square_mV, 20.0);
}

TEST(ShippedElectrochemistry, ReachesFromZeroToFiveVolt) {
  for (const char* name : {"nmc111_pouch", "nmc811_chen2020", "lfp_18650", "lto_nmc111_composed"}) {
    const auto set = std::make_shared<const ElectrochemicalSet>(read_bpx(shipped(name)));
    SpmeBank bank(set, {{}, {}, std::vector<double>{0.1, 0.9}, 25.0});
    const std::vector<double> current{set->capacity_Ah, -set->capacity_Ah};
    double lowest_V = 5.0;
    double highest_V = 0.0;
    for (int i = 0; i < 10'000; ++i) {
      bank.advance(current, 1.0);
      lowest_V = std::min(lowest_V, bank.open_V()[0] - bank.series_Ohm()[0] * current[0]);
      highest_V = std::max(highest_V, bank.open_V()[1] - bank.series_Ohm()[1] * current[1]);
    }
    EXPECT_LE(lowest_V, 0.0) << name;
    EXPECT_GE(highest_V, 5.0) << name;
    EXPECT_TRUE(bank.outside_validity(0)) << name;
    EXPECT_TRUE(bank.outside_validity(1)) << name;
  }
}

}  // namespace
}  // namespace packrig
