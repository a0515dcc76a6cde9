#include "rig/parameters/cell_set_reader.hpp"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "models/errors.hpp"

namespace packrig {

namespace {

using Json = nlohmann::json;

constexpr const char* format_name = "packrig cell set 1";

struct Range {
  double low;
  double high;
};
// Wide enough for any cell, narrow enough to catch a wrong unit.
constexpr Range any_resistance_Ohm{1e-7, 1e3};
constexpr Range any_time_constant_s{1e-3, 1e6};
constexpr Range any_cell_V{0.0, 5.0};
constexpr Range any_cell_degC{-60.0, 150.0};
constexpr Range any_soc{0.0, 1.0};

std::string number_text(double value) {
  std::string text = Json(value).dump();
  return text == "null" ? "not a finite number" : text;
}

// A JSON value that knows its place in the file, so that every complaint names it.
class Node {
 public:
  Node(const Json& value, std::string place) : value_(value), place_(std::move(place)) {}

  // As the text of a BadInput: the place, what stands there, what is accepted.
  [[noreturn]] void refuse(const std::string& found, const std::string& accepted) const {
    throw BadInput(place_ + ": " + found + ", accepted: " + accepted);
  }

  Node at(const char* key) const {
    const auto found = value_.find(key);
    if (found == value_.end()) refuse("no key \"" + std::string(key) + "\"", "this key is required");
    return {*found, place_ + (nested_ ? "." : ": ") + key, true};
  }
  bool has(const char* key) const { return value_.contains(key); }

  const Node& with_keys(std::initializer_list<std::string_view> keys) const {
    if (!value_.is_object()) refuse(shortened(), "an object");
    for (const auto& [key, unused] : value_.items()) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      std::string accepted;
      for (const std::string_view known : keys) accepted += (accepted.empty() ? "" : ", ") + std::string(known);
      refuse("unknown key \"" + key + "\"", accepted);
    }
    return *this;
  }

  std::string text() const {
    if (!value_.is_string()) refuse(shortened(), "a text");
    return value_.get<std::string>();
  }
  bool yes() const {
    if (!value_.is_boolean()) refuse(shortened(), "true or false");
    return value_.get<bool>();
  }
  double number(Range range) const {
    if (!value_.is_number()) refuse(shortened(), range_text(range));
    const double value = value_.get<double>();
    if (!(value >= range.low && value <= range.high)) refuse(number_text(value), range_text(range));
    return value;
  }
  std::vector<double> numbers(Range range) const {
    std::vector<double> result;
    for (std::size_t i = 0; i < elements(); ++i) result.push_back(element(i).number(range));
    return result;
  }
  std::vector<double> rising(Range range) const {
    const std::vector<double> result = numbers(range);
    if (result.empty()) refuse("no numbers", "one or more, rising");
    for (std::size_t i = 1; i < result.size(); ++i) {
      if (result[i] <= result[i - 1]) {
        element(i).refuse(number_text(result[i]), "above " + number_text(result[i - 1]) + ", the one before");
      }
    }
    return result;
  }
  // One row per temperature, one number per SoC, in one array row after row.
  std::vector<double> surface(std::size_t rows, std::size_t columns, Range range) const {
    if (elements() != rows)
      refuse(std::to_string(elements()) + " rows", std::to_string(rows) + ", one per temperature");
    std::vector<double> result;
    for (std::size_t i = 0; i < rows; ++i) {
      const std::vector<double> row = element(i).numbers(range);
      if (row.size() != columns) {
        element(i).refuse(std::to_string(row.size()) + " numbers", std::to_string(columns) + ", one per soc");
      }
      result.insert(result.end(), row.begin(), row.end());
    }
    return result;
  }

 private:
  Node(const Json& value, std::string place, bool nested) : value_(value), place_(std::move(place)), nested_(nested) {}

  std::size_t elements() const {
    if (!value_.is_array()) refuse(shortened(), "a list");
    return value_.size();
  }
  Node element(std::size_t i) const { return {value_[i], place_ + "[" + std::to_string(i) + "]", true}; }
  std::string shortened() const {
    const std::string text = value_.dump();
    return text.size() > 40 ? text.substr(0, 40) + "..." : text;
  }
  static std::string range_text(Range range) {
    return "a number from " + number_text(range.low) + " to " + number_text(range.high);
  }

  const Json& value_;
  std::string place_;
  bool nested_ = false;
};

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
  const std::vector<double> value_V = node.at("value_V").surface(degC.size(), soc.size(), any_cell_V);
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
  const Range volts = pair("low_V", "high_V", any_cell_V);
  const Range temperatures = pair("low_degC", "high_degC", any_cell_degC);
  const Range charges = pair("low_soc", "high_soc", any_soc);
  return {volts.low, volts.high, temperatures.low, temperatures.high, charges.low, charges.high};
}

Json parse(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw BadInput(path + ": cannot be opened, accepted: a readable file");
  try {
    return Json::parse(file);
  } catch (const Json::exception& error) {
    throw BadInput(path + ": " + error.what() + ", accepted: JSON");
  }
}

}  // namespace

CellSet read_cell_set(const std::string& path) {
  const Json json = parse(path);
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
  set.usual_low_V = root.at("usual_low_V").number(any_cell_V);
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
