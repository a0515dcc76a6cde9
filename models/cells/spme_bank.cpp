#include "models/cells/spme_bank.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "models/cells/constants.hpp"
#include "models/cells/spme_kernels.hpp"
#include "models/check.hpp"
#include "models/errors.hpp"
#include "models/math/elementary.hpp"

namespace packrig {

namespace {

constexpr double slope_soc = 0.001;  // over which the slope of the mean OCV is taken

double conductivity(const Electrolyte& electrolyte, double mol_per_m3) {
  return electrolyte.conductivity_S_per_m.at(std::max(mol_per_m3, spme::continued_beyond.least_mol_per_m3));
}

}  // namespace

SpmeBank::SpmeBank(std::shared_ptr<const ElectrochemicalSet> set, const BankStart& start)
    : set_(std::move(set)),
      electrolyte_(electrolyte_modes(*set_)),
      count_(start.soc.size()),
      stride_(math::rounded_up(count_, spme::lanes)),
      tiles_(stride_ / spme::lanes),
      faces_(face_count * stride_, 0.0) {
  packrig::check(start);
  const Electrode& n = set_->negative;
  const Electrode& p = set_->positive;
  negative_slope_x_ = n.highest_x - n.lowest_x;
  // The charge that fills one electrode's window need not quite empty the other's.
  positive_slope_x_ = -(p.highest_x - p.lowest_x) * n.window_C_per_m2() / p.window_C_per_m2();
  const double window_C = n.window_C_per_m2() * set_->area_m2;
  for (std::size_t i = 0; i < stride_; ++i) {
    const std::size_t cell = std::min(i, count_ - 1);  // padding repeats the last cell
    const double soc = start.soc[cell];
    at(size_factor, i) = start.capacity_factor.empty() ? 1.0 : start.capacity_factor[cell];
    at(resistance, i) = start.resistance_factor.empty() ? 1.0 : start.resistance_factor[cell];
    at(per_coulomb, i) = 1.0 / (window_C * at(size_factor, i));
    at(negative_empty, i) = n.lowest_x;
    at(positive_empty, i) = p.highest_x - soc * (p.highest_x - p.lowest_x) - positive_slope_x_ * soc;
    face(charge)[i] = soc;
    face(temperature)[i] = start.temperature_degC;
    face(negative_salt)[i] = set_->electrolyte.initial_mol_per_m3;
    face(positive_salt)[i] = set_->electrolyte.initial_mol_per_m3;
  }
  read_temperature();
  look_at_temperature();
  read_charge();
  count_charge(0.0);
  linearise();
}

// Lanes without a cell do as the last cell does, so they never say anything else.
void SpmeBank::show(spme::Face which, std::span<const double> row) {
  std::copy(row.begin(), row.end(), face(which));
  std::fill(face(which) + count_, face(which) + stride_, row.back());
}

spme::Faces SpmeBank::faces() {
  return {face(current),
          face(temperature),
          face(charge),
          face(heat),
          face(open),
          face(series),
          face(negative_salt),
          face(positive_salt),
          face(negative_surface),
          face(positive_surface)};
}

void SpmeBank::advance(std::span<const double> current_A, double dt_s) {
  check_per_cell("current_A", current_A.size(), count_);
  check_step(dt_s);
  if (dt_s != dt_s_) {
    dt_s_ = dt_s;
    prepare_step();
  }
  show(current, current_A);
  const spme::Faces shown = faces();
  spme::relax(tiles_.data(), shown, count_);
  spme::relax_electrolyte(tiles_.data(), shown, electrolyte_, set_->electrolyte.initial_mol_per_m3, count_);
  const spme::Counted counted = count_charge(dt_s);
  if (set_->hysteresis.present) {
    const auto move = counted.is_long ? spme::move_hysteresis_far : spme::move_hysteresis;
    move(tiles_.data(), shown, set_->hysteresis.decay * dt_s, count_);
  }
  if (counted.moved_far) {
    read_charge();
    if (set_->negative.diffusivity_varies || set_->positive.diffusivity_varies) {
      read_temperature();
      prepare_step();
    }
  }
  linearise();
}

void SpmeBank::linearise(std::span<const double> current_A) {
  check_per_cell("current_A", current_A.size(), count_);
  show(current, current_A);
  linearise();
}

void SpmeBank::set_temperature_degC(std::span<const double> temperature_degC) {
  check_per_cell("temperature_degC", temperature_degC.size(), count_);
  show(temperature, temperature_degC);
  if (look_at_temperature()) {
    read_temperature();
    if (dt_s_ > 0.0) prepare_step();
    linearise();
  }
}

spme::Counted SpmeBank::count_charge(double dt_s) {
  const spme::Surfaces surfaces{&set_->negative.open_V, &set_->positive.open_V, negative_slope_x_, positive_slope_x_};
  const spme::Counted counted = spme::count_charge(tiles_.data(), faces(), surfaces, spme::continued_beyond, dt_s,
                                                   set_->hysteresis.decay, count_);
  spme::look_up_potential(tiles_.data(), surfaces, count_);
  return counted;
}

void SpmeBank::linearise() {
  const spme::Faces shown = faces();
  spme::react(tiles_.data(), shown, spme::continued_beyond, count_);
  spme::take_logarithm(tiles_.data(), count_);
  outside_ = spme::compose(tiles_.data(), shown, set_->validity, spme::continued_beyond,
                           1.0 - set_->electrolyte.transference, set_->reference_degC, count_);
}

// Properties that follow temperature (and, quasi-linearly, the mean stoichiometry).
void SpmeBank::read_temperature() {
  const Electrolyte& e = set_->electrolyte;
  const double faraday_area = faraday_C_per_mol * set_->area_m2;
  std::copy_n(face(temperature), stride_, face(read_degC));
  const auto factor = [&](double activation_J_per_mol, spme::Row result) {
    spme::arrhenius(tiles_.data(), faces(), set_->reference_degC, activation_J_per_mol / gas_J_per_mol_K, result,
                    count_);
  };
  const auto read_electrode = [&](const Electrode& k, spme::Row empty, double slope, double sign, spme::Row rate_Hz,
                                  spme::Row per_A, spme::Row kinetics_A2) {
    const double surface_m = k.surface_per_m * k.thickness_m;
    const double exchange_A = 2.0 * k.rate_mol_per_m2_s * surface_m * faraday_area;
    factor(k.diffusivity_activation_J_per_mol, rate_Hz);
    factor(k.rate_activation_J_per_mol, kinetics_A2);
    for (std::size_t i = 0; i < stride_; ++i) {
      const double mean_x = at(empty, i) + slope * face(charge)[i];
      const double diffusivity = k.diffusivity_m2_per_s.at(mean_x) * at(rate_Hz, i);
      const double area = at(size_factor, i);
      at(rate_Hz, i) = diffusivity / (k.particle_radius_m * k.particle_radius_m);
      at(per_A, i) =
          sign * k.particle_radius_m / (diffusivity * k.greatest_mol_per_m3 * surface_m * faraday_area * area);
      const double reaction_A = exchange_A * area * at(kinetics_A2, i) / at(resistance, i);
      at(kinetics_A2, i) = reaction_A * reaction_A / e.initial_mol_per_m3;
    }
  };
  read_electrode(set_->negative, negative_empty, negative_slope_x_, 1.0, negative_rate_Hz, negative_per_A,
                 negative_kinetics_A2);
  read_electrode(set_->positive, positive_empty, positive_slope_x_, -1.0, positive_rate_Hz, positive_per_A,
                 positive_kinetics_A2);
  factor(e.diffusivity_activation_J_per_mol, electrolyte_rate);
  factor(e.conductivity_activation_J_per_mol, conduction);
  for (std::size_t i = 0; i < stride_; ++i) {
    at(electrolyte_rate, i) *= e.diffusivity_m2_per_s;
    at(electrolyte_per_A, i) = (1.0 - e.transference) / (faraday_area * at(size_factor, i) * at(electrolyte_rate, i));
  }
  read_ohmic();
}

// What follows charge and concentration.
void SpmeBank::read_charge() {
  const Electrode& n = set_->negative;
  const Electrode& p = set_->positive;
  const auto mean_open_V = [&](std::size_t i, double soc) {
    return p.open_V.at(at(positive_empty, i) + positive_slope_x_ * soc) -
           n.open_V.at(at(negative_empty, i) + negative_slope_x_ * soc);
  };
  for (std::size_t i = 0; i < stride_; ++i) {
    const double soc_now = face(charge)[i];
    at(read_soc, i) = soc_now;
    at(read_negative_salt, i) = std::max(face(negative_salt)[i], spme::continued_beyond.least_mol_per_m3);
    at(read_positive_salt, i) = std::max(face(positive_salt)[i], spme::continued_beyond.least_mol_per_m3);
    at(per_read_negative_salt, i) = 1.0 / at(read_negative_salt, i);
    at(per_read_positive_salt, i) = 1.0 / at(read_positive_salt, i);
    at(read_salt_log, i) = math::log(at(read_positive_salt, i) * at(per_read_negative_salt, i));
    at(entropy, i) = p.entropy_V_per_K.at(at(positive_empty, i) + positive_slope_x_ * soc_now) -
                     n.entropy_V_per_K.at(at(negative_empty, i) + negative_slope_x_ * soc_now);
    if (set_->hysteresis.present) at(half_gap, i) = set_->hysteresis.half_gap_V.at(soc_now);
    at(mean_open, i) = mean_open_V(i, soc_now);
    at(mean_open_slope, i) =
        (mean_open_V(i, soc_now + slope_soc) - mean_open_V(i, soc_now - slope_soc)) / (2.0 * slope_soc);
  }
  read_ohmic();
}

// Salt is conserved, so the separator's mean follows from the electrodes'.
void SpmeBank::read_ohmic() {
  const Electrode& n = set_->negative;
  const Electrode& p = set_->positive;
  const Separator& s = set_->separator;
  const Electrolyte& e = set_->electrolyte;
  const double solid = n.thickness_m / n.conductivity_S_per_m + p.thickness_m / p.conductivity_S_per_m;
  for (std::size_t i = 0; i < stride_; ++i) {
    const double excess = n.thickness_m * n.porosity * (face(negative_salt)[i] - e.initial_mol_per_m3) +
                          p.thickness_m * p.porosity * (face(positive_salt)[i] - e.initial_mol_per_m3);
    const double separator_salt = e.initial_mol_per_m3 - excess / (s.thickness_m * s.porosity);
    const double bulk = n.thickness_m / (3.0 * n.transport_efficiency * conductivity(e, face(negative_salt)[i])) +
                        s.thickness_m / (s.transport_efficiency * conductivity(e, separator_salt)) +
                        p.thickness_m / (3.0 * p.transport_efficiency * conductivity(e, face(positive_salt)[i]));
    at(ohmic, i) = at(resistance, i) * (bulk / at(conduction, i) + solid / 3.0) / (set_->area_m2 * at(size_factor, i));
  }
}

void SpmeBank::prepare_step() {
  for (std::size_t k = 0; k < particle_mode_count; ++k) {
    spme::prepare_gain(tiles_.data(), negative_rate_Hz, particle_rate_factor[k], dt_s_, negative_gain + k, count_);
    spme::prepare_gain(tiles_.data(), positive_rate_Hz, particle_rate_factor[k], dt_s_, positive_gain + k, count_);
  }
  for (std::size_t m = 0; m < electrolyte_mode_count; ++m) {
    spme::prepare_gain(tiles_.data(), electrolyte_rate, electrolyte_.rate_per_m2[m], dt_s_, electrolyte_gain + m,
                       count_);
  }
}

double SpmeBank::capacity_Ah(int cell) const { return 1.0 / (3600.0 * at(per_coulomb, cell)); }

bool SpmeBank::outside_validity(int cell) const {
  const CellValidity& valid = set_->validity;
  const double terminal_V = face(open)[cell] - face(series)[cell] * face(current)[cell];
  const auto inside = [](double value, double low, double high) { return value >= low && value <= high; };
  const double salt = std::min(face(negative_salt)[cell], face(positive_salt)[cell]);
  return !(inside(face(charge)[cell], valid.low_soc, valid.high_soc) &&
           inside(face(temperature)[cell], valid.low_degC, valid.high_degC) &&
           inside(terminal_V, valid.low_V, valid.high_V) && salt >= spme::continued_beyond.least_mol_per_m3 &&
           inside(face(negative_surface)[cell], spme::continued_beyond.least_x, spme::continued_beyond.greatest_x) &&
           inside(face(positive_surface)[cell], spme::continued_beyond.least_x, spme::continued_beyond.greatest_x));
}

// Whether a cell is outside validity by it, apart from compose(): it moves more seldom. Returns whether what depends on
// it must be read anew.
bool SpmeBank::look_at_temperature() {
  const spme::TemperatureCheck found =
      spme::check_temperature(face(temperature), face(read_degC), set_->validity, reread_K, count_);
  temperature_outside_ = found.outside;
  return found.moved_far;
}

void SpmeBank::check() const {
  for (std::size_t i = 0; i < count_; ++i) {
    const std::pair<double, const char*> states[] = {
        {face(charge)[i], "state of charge"},         {at(hysteresis, i), "hysteresis"},
        {at(negative_depth, i), "negative particle"}, {at(positive_depth, i), "positive particle"},
        {face(negative_salt)[i], "electrolyte"},      {face(temperature)[i], "temperature"}};
    for (const auto& [value, name] : states) {
      if (std::isfinite(value)) continue;
      throw NumericFault("cell " + std::to_string(i + 1) + ": " + name + " is " + shown(value));
    }
  }
}

}  // namespace packrig
