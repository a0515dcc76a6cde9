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
      padded_(math::rounded_up(count_, lanes)),
      stride_(math::rounded_up(count_, math::line_doubles)),
      block_(row_count * stride_, 0.0) {
  packrig::check(start);
  const Electrode& n = set_->negative;
  const Electrode& p = set_->positive;
  negative_slope_x_ = n.highest_x - n.lowest_x;
  // The charge that fills one electrode's window need not quite empty the other's.
  positive_slope_x_ = -(p.highest_x - p.lowest_x) * n.window_C_per_m2() / p.window_C_per_m2();
  const double window_C = n.window_C_per_m2() * set_->area_m2;
  for (std::size_t i = 0; i < padded_; ++i) {
    const std::size_t cell = std::min(i, count_ - 1);  // padding repeats the last cell
    const double soc = start.soc[cell];
    row(size_factor)[i] = start.capacity_factor.empty() ? 1.0 : start.capacity_factor[cell];
    row(resistance)[i] = start.resistance_factor.empty() ? 1.0 : start.resistance_factor[cell];
    row(per_coulomb)[i] = 1.0 / (window_C * row(size_factor)[i]);
    row(negative_empty)[i] = n.lowest_x;
    row(positive_empty)[i] = p.highest_x - soc * (p.highest_x - p.lowest_x) - positive_slope_x_ * soc;
    row(charge)[i] = soc;
    row(temperature)[i] = start.temperature_degC;
    row(negative_salt)[i] = set_->electrolyte.initial_mol_per_m3;
    row(positive_salt)[i] = set_->electrolyte.initial_mol_per_m3;
  }
  read_temperature();
  find_temperature_outside();
  read_charge();
  count_charge(0.0);
  linearise();
}

// Padding does as the last cell does, so it never says anything else.
void SpmeBank::pad(Row which) { std::fill_n(row(which) + count_, padded_ - count_, row(which)[count_ - 1]); }

void SpmeBank::advance(std::span<const double> current_A, double dt_s) {
  check_per_cell("current_A", current_A.size(), count_);
  check_step(dt_s);
  if (dt_s != dt_s_) {
    dt_s_ = dt_s;
    prepare_step();
  }
  std::copy(current_A.begin(), current_A.end(), row(current));
  pad(current);
  spme::relax({row(negative_gain), row(negative_per_A), row(negative_modes), row(negative_depth)},
              {row(positive_gain), row(positive_per_A), row(positive_modes), row(positive_depth)}, stride_,
              row(current), particle_weight, padded_);
  spme::relax_electrolyte(row(electrolyte_states), row(electrolyte_gain), stride_, row(electrolyte_per_A), row(current),
                          electrolyte_.negative_m, electrolyte_.positive_m, set_->electrolyte.initial_mol_per_m3,
                          row(negative_salt), row(positive_salt), padded_);
  const bool moved_far = count_charge(dt_s);
  if (set_->hysteresis.present) {
    spme::move_hysteresis(row(current), row(per_coulomb), set_->hysteresis.decay * dt_s, row(hysteresis),
                          row(hysteresis_before), padded_);
  }
  if (moved_far) {
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
  std::copy(current_A.begin(), current_A.end(), row(current));
  pad(current);
  linearise();
}

void SpmeBank::set_temperature_degC(std::span<const double> temperature_degC) {
  check_per_cell("temperature_degC", temperature_degC.size(), count_);
  std::copy(temperature_degC.begin(), temperature_degC.end(), row(temperature));
  pad(temperature);
  bool moved_far = false;
  for (std::size_t i = 0; i < count_; ++i) {
    moved_far |= !(std::fabs(row(temperature)[i] - row(read_degC)[i]) <= reread_K);
  }
  find_temperature_outside();
  if (moved_far) {
    read_temperature();
    if (dt_s_ > 0.0) prepare_step();
    linearise();
  }
}

// Returns whether what depends on charge must be read anew.
bool SpmeBank::count_charge(double dt_s) {
  const math::Table1& negative_V = set_->negative.open_V;
  const math::Table1& positive_V = set_->positive.open_V;
  const spme::SurfaceRows n{row(negative_empty), row(negative_depth), row(negative_surface), row(negative_number),
                            row(negative_weight)};
  const spme::SurfaceRows p{row(positive_empty), row(positive_depth), row(positive_surface), row(positive_number),
                            row(positive_weight)};
  const bool moved_far =
      spme::count_charge({row(current), row(per_coulomb), row(read_soc), row(read_negative_salt),
                          row(read_positive_salt), row(negative_salt), row(positive_salt), row(charge),
                          row(charge_carry), n, p, negative_slope_x_, positive_slope_x_},
                         negative_V, positive_V, spme::continued_beyond, dt_s, padded_);
  spme::look_up_potential(negative_V, positive_V, n, p, row(potential), padded_);
  return moved_far;
}

void SpmeBank::linearise() {
  spme::react({row(current), row(negative_surface), row(positive_surface), row(negative_salt), row(positive_salt),
               row(negative_kinetics_A2), row(positive_kinetics_A2), row(reaction_log), row(reaction_per_A)},
              spme::continued_beyond, padded_);
  spme::take_logarithm(row(reaction_log), padded_);
  outside_ = spme::compose({row(current),
                            row(temperature),
                            row(potential),
                            row(negative_surface),
                            row(positive_surface),
                            row(negative_salt),
                            row(positive_salt),
                            row(reaction_log),
                            row(reaction_per_A),
                            row(ohmic),
                            row(entropy),
                            row(half_gap),
                            row(hysteresis),
                            row(read_salt_log),
                            row(per_read_negative_salt),
                            row(per_read_positive_salt),
                            row(charge),
                            row(read_soc),
                            row(mean_open),
                            row(mean_open_slope),
                            row(open),
                            row(series),
                            row(heat)},
                           set_->validity, spme::continued_beyond, 1.0 - set_->electrolyte.transference,
                           set_->reference_degC, padded_);
}

// Properties that follow temperature (and, quasi-linearly, the mean stoichiometry).
void SpmeBank::read_temperature() {
  const Electrolyte& e = set_->electrolyte;
  const double faraday_area = faraday_C_per_mol * set_->area_m2;
  std::copy_n(row(temperature), padded_, row(read_degC));
  const auto factor = [&](double activation_J_per_mol, double* result) {
    spme::arrhenius(row(temperature), set_->reference_degC, activation_J_per_mol / gas_J_per_mol_K, result, padded_);
  };
  const auto read_electrode = [&](const Electrode& k, Row empty, double slope, double sign, Row rate_Hz, Row per_A,
                                  Row kinetics_A2) {
    const double surface_m = k.surface_per_m * k.thickness_m;
    const double exchange_A = 2.0 * k.rate_mol_per_m2_s * surface_m * faraday_area;
    factor(k.diffusivity_activation_J_per_mol, row(rate_Hz));
    factor(k.rate_activation_J_per_mol, row(kinetics_A2));
    for (std::size_t i = 0; i < padded_; ++i) {
      const double mean_x = row(empty)[i] + slope * row(charge)[i];
      const double diffusivity = k.diffusivity_m2_per_s.at(mean_x) * row(rate_Hz)[i];
      const double area = row(size_factor)[i];
      row(rate_Hz)[i] = diffusivity / (k.particle_radius_m * k.particle_radius_m);
      row(per_A)[i] =
          sign * k.particle_radius_m / (diffusivity * k.greatest_mol_per_m3 * surface_m * faraday_area * area);
      const double reaction_A = exchange_A * area * row(kinetics_A2)[i] / row(resistance)[i];
      row(kinetics_A2)[i] = reaction_A * reaction_A / e.initial_mol_per_m3;
    }
  };
  read_electrode(set_->negative, negative_empty, negative_slope_x_, 1.0, negative_rate_Hz, negative_per_A,
                 negative_kinetics_A2);
  read_electrode(set_->positive, positive_empty, positive_slope_x_, -1.0, positive_rate_Hz, positive_per_A,
                 positive_kinetics_A2);
  factor(e.diffusivity_activation_J_per_mol, row(electrolyte_rate));
  factor(e.conductivity_activation_J_per_mol, row(conduction));
  for (std::size_t i = 0; i < padded_; ++i) {
    row(electrolyte_rate)[i] *= e.diffusivity_m2_per_s;
    row(electrolyte_per_A)[i] =
        (1.0 - e.transference) / (faraday_area * row(size_factor)[i] * row(electrolyte_rate)[i]);
  }
  read_ohmic();
}

// What follows charge and concentration.
void SpmeBank::read_charge() {
  const Electrode& n = set_->negative;
  const Electrode& p = set_->positive;
  const auto mean_open_V = [&](std::size_t i, double soc) {
    return p.open_V.at(row(positive_empty)[i] + positive_slope_x_ * soc) -
           n.open_V.at(row(negative_empty)[i] + negative_slope_x_ * soc);
  };
  for (std::size_t i = 0; i < padded_; ++i) {
    const double soc_now = row(charge)[i];
    row(read_soc)[i] = soc_now;
    row(read_negative_salt)[i] = std::max(row(negative_salt)[i], spme::continued_beyond.least_mol_per_m3);
    row(read_positive_salt)[i] = std::max(row(positive_salt)[i], spme::continued_beyond.least_mol_per_m3);
    row(per_read_negative_salt)[i] = 1.0 / row(read_negative_salt)[i];
    row(per_read_positive_salt)[i] = 1.0 / row(read_positive_salt)[i];
    row(read_salt_log)[i] = math::log(row(read_positive_salt)[i] * row(per_read_negative_salt)[i]);
    row(entropy)[i] = p.entropy_V_per_K.at(row(positive_empty)[i] + positive_slope_x_ * soc_now) -
                      n.entropy_V_per_K.at(row(negative_empty)[i] + negative_slope_x_ * soc_now);
    if (set_->hysteresis.present) row(half_gap)[i] = set_->hysteresis.half_gap_V.at(soc_now);
    row(mean_open)[i] = mean_open_V(i, soc_now);
    row(mean_open_slope)[i] =
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
  for (std::size_t i = 0; i < padded_; ++i) {
    const double excess = n.thickness_m * n.porosity * (row(negative_salt)[i] - e.initial_mol_per_m3) +
                          p.thickness_m * p.porosity * (row(positive_salt)[i] - e.initial_mol_per_m3);
    const double separator_salt = e.initial_mol_per_m3 - excess / (s.thickness_m * s.porosity);
    const double bulk = n.thickness_m / (3.0 * n.transport_efficiency * conductivity(e, row(negative_salt)[i])) +
                        s.thickness_m / (s.transport_efficiency * conductivity(e, separator_salt)) +
                        p.thickness_m / (3.0 * p.transport_efficiency * conductivity(e, row(positive_salt)[i]));
    row(ohmic)[i] =
        row(resistance)[i] * (bulk / row(conduction)[i] + solid / 3.0) / (set_->area_m2 * row(size_factor)[i]);
  }
}

void SpmeBank::prepare_step() {
  for (std::size_t k = 0; k < particle_mode_count; ++k) {
    spme::prepare_gain(row(negative_rate_Hz), particle_rate_factor[k], dt_s_, row(negative_gain) + k * stride_,
                       padded_);
    spme::prepare_gain(row(positive_rate_Hz), particle_rate_factor[k], dt_s_, row(positive_gain) + k * stride_,
                       padded_);
  }
  for (std::size_t m = 0; m < electrolyte_mode_count; ++m) {
    spme::prepare_gain(row(electrolyte_rate), electrolyte_.rate_per_m2[m], dt_s_, row(electrolyte_gain) + m * stride_,
                       padded_);
  }
}

double SpmeBank::capacity_Ah(int cell) const { return 1.0 / (3600.0 * row(per_coulomb)[cell]); }

bool SpmeBank::outside_validity(int cell) const {
  const CellValidity& valid = set_->validity;
  const double terminal_V = row(open)[cell] - row(series)[cell] * row(current)[cell];
  const auto inside = [](double value, double low, double high) { return value >= low && value <= high; };
  const double salt = std::min(row(negative_salt)[cell], row(positive_salt)[cell]);
  return !(inside(row(charge)[cell], valid.low_soc, valid.high_soc) &&
           inside(row(temperature)[cell], valid.low_degC, valid.high_degC) &&
           inside(terminal_V, valid.low_V, valid.high_V) && salt >= spme::continued_beyond.least_mol_per_m3 &&
           inside(row(negative_surface)[cell], spme::continued_beyond.least_x, spme::continued_beyond.greatest_x) &&
           inside(row(positive_surface)[cell], spme::continued_beyond.least_x, spme::continued_beyond.greatest_x));
}

// Apart from compose(): temperature moves more seldom.
void SpmeBank::find_temperature_outside() {
  const CellValidity& valid = set_->validity;
  temperature_outside_ = !std::all_of(row(temperature), row(temperature) + count_,
                                      [&](double degC) { return degC >= valid.low_degC && degC <= valid.high_degC; });
}

void SpmeBank::check() const {
  constexpr std::pair<Row, const char*> states[] = {
      {charge, "state of charge"},           {hysteresis, "hysteresis"},     {negative_depth, "negative particle"},
      {positive_depth, "positive particle"}, {negative_salt, "electrolyte"}, {temperature, "temperature"}};
  for (std::size_t i = 0; i < count_; ++i) {
    for (const auto& [which, name] : states) {
      if (std::isfinite(row(which)[i])) continue;
      throw NumericFault("cell " + std::to_string(i + 1) + ": " + name + " is " + shown(row(which)[i]));
    }
  }
}

}  // namespace packrig
