#include "rig/parameters/cell_set_reader.hpp"

#include <vector>

#include "models/errors.hpp"
#include "rig/parameters/json_node.hpp"

namespace packrig {

namespace {

constexpr const char* format_name = "packrig cell set 1";

// Wide enough for any cell, narrow enough to catch a wrong unit.
constexpr Range any_resistance_Ohm{1e-7, 1e3};
constexpr Range any_time_constant_s{1e-3, 1e6};
constexpr Range any_voltage_V{0.0, 5.0};
constexpr Range any_cell_degC{-60.0, 150.0};
constexpr Range any_soc{0.0, 1.0};

math::Table2 read_surface(const Node& node, const char* key, Range range) {
  const std::vector<double> soc = node.at("soc").rising(any_soc);
  const std::vector<double> degC = node.at("temperature_degC").rising(any_cell_degC);
  if (soc.size() < 2) node.at("soc").refuse("1 number", "2 or more");
  return {
      key, soc, degC, node.at(key).surface(degC.size(), soc.size(), range), element_soc_grid(), temperature_grid(degC)};
}

RcPair read_rc(const Node& node) {
  node.with_keys({"soc", "temperature_degC", "resistance_Ohm", "time_constant_s"});
  return {read_surface(node, "resistance_Ohm", any_resistance_Ohm),
          read_surface(node, "time_constant_s", any_time_constant_s)};
}

math::Table2 read_open_circuit(const Node& node) {
  node.with_keys({"soc", "temperature_degC", "value_V"});
  const std::vector<double> soc = node.at("soc").rising(any_soc);
  const std::vector<double> degC = node.at("temperature_degC").rising(any_cell_degC);
  const std::vector<double> value_V = node.at("value_V").surface(degC.size(), soc.size(), any_voltage_V);
  try {
    return make_open_circuit_table(soc, degC, value_V);
  } catch (const BadInput& error) {
    node.refuse(error.what(), "an open-circuit curve");
  }
}

CellValidity read_validity(const Node& node) {
  node.with_keys({"low_V", "high_V", "low_degC", "high_degC", "low_soc", "high_soc"});
  const auto pair = [&node](const char* low, const char* high, Range range) {
    const Range result{node.at(low).number(range), node.at(high).number(range)};
    if (result.low >= result.high) node.at(high).refuse(number_text(result.high), "above " + number_text(result.low));
    return result;
  };
  const Range volts = pair("low_V", "high_V", any_voltage_V);
  const Range temperatures = pair("low_degC", "high_degC", any_cell_degC);
  const Range charges = pair("low_soc", "high_soc", any_soc);
  return {volts.low, volts.high, temperatures.low, temperatures.high, charges.low, charges.high};
}

}  // namespace

CellSet read_cell_set(const std::string& path) {
  const Json json = parse_json_file(path);
  const Node root(json, path);
  root.with_keys({"format",  "name",    "chemistry",   "composed",  "label",       "provenance",   "origin",
                  "licence", "made_by", "capacity_Ah", "nominal_V", "usual_low_V", "usual_high_V", "validity",
                  "thermal", "ocv",     "entropy",     "series",    "rc1",         "rc2"});
  if (root.at("format").text() != format_name) root.at("format").refuse(root.at("format").text(), format_name);

  CellSet set;
  set.name = root.at("name").text();
  const std::optional<Chemistry> chemistry = chemistry_from_name(root.at("chemistry").text());
  if (!chemistry) root.at("chemistry").refuse(root.at("chemistry").text(), "lfp, li_ion or lto");
  set.chemistry = *chemistry;
  set.provenance = root.at("provenance").text();
  set.composed = root.at("composed").yes();
  set.label = root.at("label").text();
  if (set.composed == set.label.empty()) {
    root.at("label").refuse("\"" + set.label + "\"", "a text if and only if the set is composed");
  }
  set.capacity_Ah = root.at("capacity_Ah").number({1e-3, 1e5});
  set.usual_low_V = root.at("usual_low_V").number(any_voltage_V);
  set.nominal_V = root.at("nominal_V").number({set.usual_low_V, 5.0});
  set.usual_high_V = root.at("usual_high_V").number({set.nominal_V, 5.0});

  set.open_circuit_V = read_open_circuit(root.at("ocv"));
  const Node entropy = root.at("entropy").with_keys({"soc", "value_V_per_K"});
  const std::vector<double> entropy_soc = entropy.at("soc").rising(any_soc);
  const std::vector<double> slopes = entropy.at("value_V_per_K").numbers({-0.01, 0.01});
  if (entropy_soc.size() < 2 || slopes.size() != entropy_soc.size()) {
    entropy.at("value_V_per_K")
        .refuse(std::to_string(slopes.size()) + " numbers for " + std::to_string(entropy_soc.size()) + " of soc",
                "as many, 2 or more");
  }
  set.entropy_V_per_K = math::Table1("entropy", entropy_soc, slopes, element_soc_grid());
  const Node series = root.at("series").with_keys({"soc", "temperature_degC", "value_Ohm"});
  set.series_Ohm = read_surface(series, "value_Ohm", any_resistance_Ohm);
  if (root.has("rc1")) set.rc[0] = read_rc(root.at("rc1"));
  if (root.has("rc2")) set.rc[1] = read_rc(root.at("rc2"));

  const Node thermal = root.at("thermal").with_keys({"heat_capacity_J_per_K", "resistance_K_per_W"});
  set.heat_capacity_J_per_K = thermal.at("heat_capacity_J_per_K").number({1e-2, 1e7});
  set.thermal_resistance_K_per_W = thermal.at("resistance_K_per_W").number({1e-4, 1e4});
  set.validity = read_validity(root.at("validity"));
  return set;
}

}  // namespace packrig
