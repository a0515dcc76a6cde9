#include "rig/parameters/bpx_reader.hpp"

#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "rig/parameters/expression.hpp"
#include "rig/parameters/json_node.hpp"

namespace packrig {

namespace {

constexpr double kelvin_offset_K = 273.15;
constexpr double still_air_W_per_m2_K = 10.0;
constexpr const char* composed_label = "composed from literature, never validated";

// Wide enough for any cell, narrow enough to catch a wrong unit.
constexpr Range any_temperature_K{200.0, 400.0};
constexpr Range any_share{0.01, 1.0};
constexpr Range any_thickness_m{1e-6, 1e-3};
constexpr Range any_activation_J_per_mol{0.0, 200e3};
constexpr Range any_diffusivity_m2_per_s{1e-20, 1e-6};
constexpr Range any_cell_V{0.0, 5.0};
constexpr Range any_potential_V{-1.0, 6.0};
constexpr Range any_entropy_V_per_K{-0.01, 0.01};
constexpr Range any_stoichiometry{0.0, 1.0};

// A property as BPX writes it: a number, a formula in x or a table {x, y}.
class Property {
 public:
  explicit Property(const Node& node) : node_(node) {
    if (node.is_text()) {
      try {
        expression_.emplace(node.text());
      } catch (const BadInput& error) {
        node.refuse(error.what(), "a formula in x");
      }
    } else if (node.is_object()) {
      node.with_keys({"x", "y"});
      x_ = node.at("x").rising({-1e12, 1e12});
      y_ = node.at("y").numbers({-1e12, 1e12});
      if (x_.size() < 2 || y_.size() != x_.size()) {
        node.at("y").refuse(std::to_string(y_.size()) + " numbers for " + std::to_string(x_.size()) + " of x",
                            "as many, 2 or more");
      }
    } else {
      number_ = node.number({-1e12, 1e12});
    }
  }

  double at(double x) const {
    if (expression_) return expression_->at(x);
    return x_.empty() ? number_ : math::interpolate(x_, y_, x);
  }
  bool constant() const { return expression_ ? expression_->constant() : x_.empty(); }
  // Where it is known: a table's own span, else everywhere.
  Range known() const { return x_.empty() ? Range{-1e12, 1e12} : Range{x_.front(), x_.back()}; }
  const std::vector<double>& knots() const { return x_; }
  const std::vector<double>& values() const { return y_; }

  // At `x`; throws BadInput unless it is in the range.
  double checked(double x, Range range) const {
    const double value = at(x);
    if (!(value >= range.low && value <= range.high)) {
      node_.refuse("at x = " + number_text(x) + " it is " + number_text(value),
                   "a number from " + number_text(range.low) + " to " + number_text(range.high));
    }
    return value;
  }
  // On a grid, checked from `low` to `high` and holding its edge values outside.
  math::Table1 table(const char* name, const math::Grid& grid, double low, double high, Range range) const {
    std::vector<double> x;
    std::vector<double> y;
    for (int i = 0; i < grid.count; ++i) {
      x.push_back(grid.at(i));
      y.push_back(checked(std::min(std::max(x.back(), low), high), range));
    }
    return {name, x, y, grid};
  }

 private:
  Node node_;
  std::optional<Expression> expression_;
  std::vector<double> x_;
  std::vector<double> y_;
  double number_ = 0.0;
};

math::Table1 read_potential(const Node& electrode, const char* key, const Electrode& k, ElectrodeSide side) {
  const Node node = electrode.at(key);
  const Property property(node);
  std::vector<double> x = property.knots();
  std::vector<double> value_V = property.values();
  if (x.empty()) {  // on the points of its table; what is not finite there lies beyond the window
    const math::Grid grid = potential_grid();
    for (int i = 0; i < grid.count; ++i) {
      const double at = grid.at(i);
      const double value = property.at(at);
      if (at >= k.lowest_x && at <= k.highest_x) property.checked(at, any_potential_V);
      x.push_back(at);
      value_V.push_back(std::isfinite(value) ? value : 1e6);
    }
  }
  try {
    return make_electrode_potential(key, x, value_V, k.lowest_x, k.highest_x, side);
  } catch (const BadInput& error) {
    node.refuse(error.what(), "a potential that falls with x");
  }
}

double optional_number(const Node& node, const char* key, Range range, double otherwise) {
  return node.has(key) ? node.at(key).number(range) : otherwise;
}

// What the two branches of an electrode's potential add to the cell's open-circuit voltage after a charge: half their
// distance.
struct Branches {
  std::optional<Property> lithiation;
  std::optional<Property> delithiation;

  double half_gap_V(double x) const {
    return lithiation ? 0.5 * (delithiation->checked(x, any_potential_V) - lithiation->checked(x, any_potential_V))
                      : 0.0;
  }
};

struct ReadElectrode {
  Electrode electrode;
  Branches branches;
  double decay = 0.0;
};

ReadElectrode read_electrode(const Node& node, ElectrodeSide side) {
  if (node.has("Particle")) node.at("Particle").refuse("a blend", "one active material");
  node.with_keys({"Particle radius [m]", "Thickness [m]", "Diffusivity [m2.s-1]", "OCP [V]", "OCP (delithiation) [V]",
                  "OCP (lithiation) [V]", "OCP hysteresis decay constant", "Entropic change coefficient [V.K-1]",
                  "Conductivity [S.m-1]", "Surface area per unit volume [m-1]", "Porosity", "Transport efficiency",
                  "Reaction rate constant [mol.m-2.s-1]", "Minimum stoichiometry", "Maximum stoichiometry",
                  "Maximum concentration [mol.m-3]", "Diffusivity activation energy [J.mol-1]",
                  "Reaction rate constant activation energy [J.mol-1]"});
  ReadElectrode result;
  Electrode& k = result.electrode;
  k.thickness_m = node.at("Thickness [m]").number(any_thickness_m);
  k.porosity = node.at("Porosity").number(any_share);
  k.transport_efficiency = node.at("Transport efficiency").number({1e-4, 1.0});
  k.conductivity_S_per_m = node.at("Conductivity [S.m-1]").number({1e-4, 1e6});
  k.particle_radius_m = node.at("Particle radius [m]").number({1e-9, 1e-3});
  k.surface_per_m = node.at("Surface area per unit volume [m-1]").number({1e3, 1e9});
  k.greatest_mol_per_m3 = node.at("Maximum concentration [mol.m-3]").number({1e3, 2e5});
  k.lowest_x = node.at("Minimum stoichiometry").number(any_stoichiometry);
  k.highest_x = node.at("Maximum stoichiometry").number({k.lowest_x + 0.01, 1.0});
  k.rate_mol_per_m2_s = node.at("Reaction rate constant [mol.m-2.s-1]").number({1e-12, 1.0});
  k.rate_activation_J_per_mol =
      optional_number(node, "Reaction rate constant activation energy [J.mol-1]", any_activation_J_per_mol, 0.0);
  k.diffusivity_activation_J_per_mol =
      optional_number(node, "Diffusivity activation energy [J.mol-1]", any_activation_J_per_mol, 0.0);
  k.open_V = read_potential(node, "OCP [V]", k, side);
  const Property diffusivity(node.at("Diffusivity [m2.s-1]"));
  k.diffusivity_m2_per_s =
      diffusivity.table("diffusivity", stoichiometry_grid(), k.lowest_x, k.highest_x, any_diffusivity_m2_per_s);
  k.diffusivity_varies = !diffusivity.constant();
  if (node.has("Entropic change coefficient [V.K-1]")) {
    k.entropy_V_per_K = Property(node.at("Entropic change coefficient [V.K-1]"))
                            .table("entropy", stoichiometry_grid(), k.lowest_x, k.highest_x, any_entropy_V_per_K);
  }
  if (node.has("OCP (lithiation) [V]") || node.has("OCP (delithiation) [V]")) {
    result.branches.lithiation.emplace(node.at("OCP (lithiation) [V]"));
    result.branches.delithiation.emplace(node.at("OCP (delithiation) [V]"));
    result.decay = node.at("OCP hysteresis decay constant").number({1e-3, 1e5});
  }
  return result;
}

OpenCircuitHysteresis read_hysteresis(const Node& parameters, const ReadElectrode& negative,
                                      const ReadElectrode& positive) {
  constexpr const char* gap_key = "Open-circuit hysteresis half gap [V]";
  OpenCircuitHysteresis result;
  const math::Grid grid = stoichiometry_grid();
  const Range any_gap_V{0.0, 0.5};
  if (parameters.has("User-defined") && parameters.at("User-defined").has(gap_key)) {
    const Node own = parameters.at("User-defined");
    result.present = true;
    result.half_gap_V = Property(own.at(gap_key)).table("half gap", grid, 0.0, 1.0, any_gap_V);
    result.decay = own.at("Open-circuit hysteresis decay constant").number({1e-3, 1e5});
  } else if (negative.branches.lithiation || positive.branches.lithiation) {
    std::vector<double> soc;
    std::vector<double> gap_V;
    for (int i = 0; i < grid.count; ++i) {
      const Electrode& n = negative.electrode;
      const Electrode& p = positive.electrode;
      soc.push_back(grid.at(i));
      gap_V.push_back(negative.branches.half_gap_V(n.lowest_x + soc.back() * (n.highest_x - n.lowest_x)) +
                      positive.branches.half_gap_V(p.highest_x - soc.back() * (p.highest_x - p.lowest_x)));
    }
    result.present = true;
    result.half_gap_V = math::Table1("half gap", soc, gap_V, grid);
    result.decay = std::max(negative.decay, positive.decay);
  }
  return result;
}

// What moved from the parameters to "State" with version 1.
struct State {
  double initial_mol_per_m3;
  double heat_transfer_W_per_m2_K;
};

State read_state(const Node& root, const Node& parameters, bool version_1) {
  const Range any_mol_per_m3{50.0, 4000.0};
  if (!version_1) {
    for (const char* key : {"Ambient temperature [K]", "Initial temperature [K]"}) {
      optional_number(parameters.at("Cell"), key, any_temperature_K, 0.0);
    }
    return {parameters.at("Electrolyte").at("Initial concentration [mol.m-3]").number(any_mol_per_m3),
            still_air_W_per_m2_K};
  }
  const Node initial = root.at("State").at("Initial conditions");
  optional_number(initial, "Initial temperature [K]", any_temperature_K, 0.0);
  double transfer = still_air_W_per_m2_K;
  if (root.at("State").has("Thermal environment")) {
    const Node thermal = root.at("State").at("Thermal environment");
    optional_number(thermal, "Ambient temperature [K]", any_temperature_K, 0.0);
    transfer = optional_number(thermal, "Heat transfer coefficient [W.m-2.K-1]", {0.01, 1e5}, transfer);
  }
  return {initial.at("Initial electrolyte concentration [mol.m-3]").number(any_mol_per_m3), transfer};
}

bool is_version_1(const Node& version) {
  if (!version.is_text()) return version.number({0.1, 1.99}) >= 1.0;
  const std::string text = version.text();
  if (text.rfind("0.", 0) != 0 && text.rfind("1.", 0) != 0) version.refuse(text, "0.x or 1.x");
  return text.front() == '1';
}

void read_electrolyte(const Node& node, double initial_mol_per_m3, Electrolyte& e) {
  node.with_keys({"Initial concentration [mol.m-3]", "Cation transference number", "Conductivity [S.m-1]",
                  "Diffusivity [m2.s-1]", "Conductivity activation energy [J.mol-1]",
                  "Diffusivity activation energy [J.mol-1]"});
  e.initial_mol_per_m3 = initial_mol_per_m3;
  e.transference = node.at("Cation transference number").number({0.0, 0.99});
  e.diffusivity_m2_per_s =
      Property(node.at("Diffusivity [m2.s-1]")).checked(initial_mol_per_m3, any_diffusivity_m2_per_s);
  e.diffusivity_activation_J_per_mol =
      optional_number(node, "Diffusivity activation energy [J.mol-1]", any_activation_J_per_mol, 0.0);
  e.conductivity_activation_J_per_mol =
      optional_number(node, "Conductivity activation energy [J.mol-1]", any_activation_J_per_mol, 0.0);
  // A polynomial fit may turn over far above any concentration that it was made for: it is held from twice the initial
  // concentration on, and from a fiftieth of it downwards.
  const Property conductivity(node.at("Conductivity [S.m-1]"));
  const double low = std::max(conductivity.known().low, initial_mol_per_m3 / 50.0);
  const double high = std::min(conductivity.known().high, 2.0 * initial_mol_per_m3);
  e.conductivity_S_per_m = conductivity.table("conductivity", concentration_grid(), low, high, {1e-4, 100.0});
}

Chemistry chemistry_of(const ElectrochemicalSet& set) {
  const auto middle_V = [](const Electrode& k) { return k.open_V.at(0.5 * (k.lowest_x + k.highest_x)); };
  if (middle_V(set.negative) > 1.0) return Chemistry::lto;
  return middle_V(set.positive) < 3.6 ? Chemistry::lfp : Chemistry::li_ion;
}

}  // namespace

ElectrochemicalSet read_bpx(const std::string& path) {
  const Json json = parse_json_file(path);
  const Node root(json, path);
  root.with_keys({"Header", "State", "Parameterisation", "Validation"});
  const Node header = root.at("Header");
  const bool version_1 = is_version_1(header.at("BPX"));
  const Node parameters = root.at("Parameterisation");
  parameters.with_keys(
      {"Cell", "Electrolyte", "Negative electrode", "Positive electrode", "Separator", "User-defined"});
  const State state = read_state(root, parameters, version_1);
  const Node cell = parameters.at("Cell");
  cell.with_keys({"Ambient temperature [K]", "Initial temperature [K]", "Reference temperature [K]",
                  "Lower voltage cut-off [V]", "Upper voltage cut-off [V]", "Nominal cell capacity [A.h]",
                  "Specific heat capacity [J.K-1.kg-1]", "Thermal conductivity [W.m-1.K-1]", "Density [kg.m-3]",
                  "Electrode area [m2]", "Number of electrode pairs connected in parallel to make a cell",
                  "External surface area [m2]", "Volume [m3]"});

  ElectrochemicalSet set;
  set.name = std::filesystem::path(path).stem().string();
  set.provenance = header.at("Title").text();
  set.reference_degC = optional_number(cell, "Reference temperature [K]", any_temperature_K, 298.15) - kelvin_offset_K;
  set.area_m2 = cell.at("Electrode area [m2]").number({1e-6, 1e3}) *
                cell.at("Number of electrode pairs connected in parallel to make a cell").number({1.0, 1e4});
  const ReadElectrode negative = read_electrode(parameters.at("Negative electrode"), ElectrodeSide::negative);
  const ReadElectrode positive = read_electrode(parameters.at("Positive electrode"), ElectrodeSide::positive);
  set.negative = negative.electrode;
  set.positive = positive.electrode;
  const Node separator = parameters.at("Separator").with_keys({"Thickness [m]", "Porosity", "Transport efficiency"});
  set.separator = {separator.at("Thickness [m]").number(any_thickness_m), separator.at("Porosity").number(any_share),
                   separator.at("Transport efficiency").number({1e-4, 1.0})};
  read_electrolyte(parameters.at("Electrolyte"), state.initial_mol_per_m3, set.electrolyte);
  set.hysteresis = read_hysteresis(parameters, negative, positive);

  set.capacity_Ah = set.negative.window_C_per_m2() * set.area_m2 / 3600.0;
  const double nominal_Ah = cell.at("Nominal cell capacity [A.h]").number({1e-3, 1e5});
  if (set.capacity_Ah > 1.5 * nominal_Ah || set.capacity_Ah < nominal_Ah / 1.5) {
    cell.at("Nominal cell capacity [A.h]")
        .refuse(number_text(nominal_Ah),
                "within a factor of 1.5 of the negative electrode's window, " + number_text(set.capacity_Ah) + " A.h");
  }
  set.usual_low_V = cell.at("Lower voltage cut-off [V]").number(any_cell_V);
  set.usual_high_V = cell.at("Upper voltage cut-off [V]").number({set.usual_low_V + 0.1, 5.0});
  set.nominal_V = set.positive.open_V.at(0.5 * (set.positive.lowest_x + set.positive.highest_x)) -
                  set.negative.open_V.at(0.5 * (set.negative.lowest_x + set.negative.highest_x));
  set.heat_capacity_J_per_K = cell.at("Specific heat capacity [J.K-1.kg-1]").number({100.0, 1e4}) *
                              cell.at("Density [kg.m-3]").number({100.0, 1e4}) *
                              cell.at("Volume [m3]").number({1e-8, 10.0});
  set.thermal_resistance_K_per_W =
      1.0 / (state.heat_transfer_W_per_m2_K * cell.at("External surface area [m2]").number({1e-6, 1e2}));
  set.validity = {set.usual_low_V, set.usual_high_V, -20.0, 60.0, 0.0, 1.0};  // BPX knows no temperatures: assumed
  set.chemistry = chemistry_of(set);
  if (parameters.has("User-defined")) {
    set.composed = optional_number(parameters.at("User-defined"), "Composed", {0.0, 1.0}, 0.0) != 0.0;
  }
  if (set.composed) set.label = composed_label;
  return set;
}

}  // namespace packrig
