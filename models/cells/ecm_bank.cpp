#include "models/cells/ecm_bank.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "models/cells/constants.hpp"
#include "models/errors.hpp"
#include "models/math/elementary.hpp"
#include "models/math/multiversion.hpp"

namespace packrig {

namespace {

constexpr double reread_soc = 0.001;

// One RC pair: moves v over the step and returns the mean heat of its resistor. `linear` and `square` are the means
// over the step of exp(-t/tau) and exp(-2t/tau), so that v^2 = (v_inf + d exp(-t/tau))^2 is integrated exactly.
inline double move_rc(double* v, double current, double resistance, double conductance, double decay, double linear,
                      double square) {
  const double settled = resistance * current;
  const double distance = *v - settled;
  *v = settled + distance * decay;
  const double mean_square = settled * settled + 2.0 * settled * distance * linear + distance * distance * square;
  return mean_square * conductance;
}

struct StepRows {
  const double *current, *series, *entropy, *per_coulomb;
  const double *r1, *r2, *g1, *g2, *decay1, *decay2, *linear1, *linear2, *square1, *square2;
  const double *temperature, *read_soc;
  double *charge, *carry, *rc1, *rc2, *heat, *number, *soc_weight, *degC_weight;
};

// Returns whether a cell has moved so far that the elements must be read anew.
PACKRIG_MULTIVERSION bool move_cells(const StepRows& given, const math::Table2& open_circuit_V, std::size_t count,
                                     double dt_s) {
  const StepRows rows = given;
  const math::Table2::Index index = open_circuit_V.index();
  std::int64_t moved_far = 0;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double current = rows.current[i];
    const double degC = rows.temperature[i];
    const double rc_heat =
        move_rc(rows.rc1 + i, current, rows.r1[i], rows.g1[i], rows.decay1[i], rows.linear1[i], rows.square1[i]) +
        move_rc(rows.rc2 + i, current, rows.r2[i], rows.g2[i], rows.decay2[i], rows.linear2[i], rows.square2[i]);
    const double heat =
        current * current * rows.series[i] + rc_heat - current * (degC + kelvin_offset_K) * rows.entropy[i];
    const double change = -current * dt_s * rows.per_coulomb[i] - rows.carry[i];
    const double next_soc = rows.charge[i] + change;
    rows.carry[i] = (next_soc - rows.charge[i]) - change;
    rows.charge[i] = next_soc;
    rows.heat[i] = heat;
    // Bits, not ||: a branch would keep the loop scalar.
    moved_far |= static_cast<std::int64_t>(std::fabs(next_soc - rows.read_soc[i]) > reread_soc);
    const math::Table2::Places places = index.place(next_soc, degC);
    rows.number[i] = places.number;
    rows.soc_weight[i] = places.x_weight;
    rows.degC_weight[i] = places.y_weight;
  }
  return moved_far != 0;
}

PACKRIG_MULTIVERSION void place(const math::Table2& open_circuit_V, const double* soc, const double* temperature,
                                double* number, double* soc_weight, double* degC_weight, std::size_t count) {
  const math::Table2::Index index = open_circuit_V.index();
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const math::Table2::Places places = index.place(soc[i], temperature[i]);
    number[i] = places.number;
    soc_weight[i] = places.x_weight;
    degC_weight[i] = places.y_weight;
  }
}

PACKRIG_MULTIVERSION bool any_outside(const double* soc, const double* temperature, const double* open_V,
                                      const double* series, const double* current_A, const CellValidity& given,
                                      std::size_t count) {
  const CellValidity valid = given;
  std::int64_t outside = 0;
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double terminal_V = open_V[i] - series[i] * current_A[i];
    outside |= static_cast<std::int64_t>(!(soc[i] >= valid.low_soc)) |
               static_cast<std::int64_t>(!(soc[i] <= valid.high_soc)) |
               static_cast<std::int64_t>(!(temperature[i] >= valid.low_degC)) |
               static_cast<std::int64_t>(!(temperature[i] <= valid.high_degC)) |
               static_cast<std::int64_t>(!(terminal_V >= valid.low_V)) |
               static_cast<std::int64_t>(!(terminal_V <= valid.high_V));
  }
  return outside != 0;
}

// exp(-dt/tau) at the end of the step, the mean of exp(-t/tau) over it and that of its square.
PACKRIG_MULTIVERSION void prepare_rc(const double* tau, double dt_s, double* decay, double* linear, double* square,
                                     std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double ratio = dt_s / tau[i];
    const double fallen = math::expm1(-ratio);
    decay[i] = 1.0 + fallen;
    linear[i] = -fallen / ratio;
    square[i] = -0.5 * fallen * (2.0 + fallen) / ratio;
  }
}

}  // namespace

EcmBank::EcmBank(std::shared_ptr<const CellSet> set, const BankStart& start)
    : set_(std::move(set)),
      count_(start.soc.size()),
      padded_(math::rounded_up(count_, lanes)),
      stride_(math::rounded_up(count_, math::line_doubles)),
      block_(row_count * stride_, 0.0) {
  packrig::check(start);
  for (std::size_t i = 0; i < padded_; ++i) {
    const std::size_t cell = std::min(i, count_ - 1);  // padding repeats the last cell
    const double capacity_factor = start.capacity_factor.empty() ? 1.0 : start.capacity_factor[cell];
    row(per_coulomb)[i] = 1.0 / (3600.0 * set_->capacity_Ah * capacity_factor);
    row(resistance)[i] = start.resistance_factor.empty() ? 1.0 : start.resistance_factor[cell];
    row(charge)[i] = start.soc[cell];
    row(temperature)[i] = start.temperature_degC;
  }
  read_elements();
  place_cells();
  look_up_open_V();
}

// Padding does as the last cell does, so it never says anything else.
void EcmBank::pad(Row which) { std::fill_n(row(which) + count_, padded_ - count_, row(which)[count_ - 1]); }

void EcmBank::advance(std::span<const double> current_A, double dt_s) {
  check_per_cell("current_A", current_A.size(), count_);
  check_step(dt_s);
  if (dt_s != dt_s_) {
    dt_s_ = dt_s;
    prepare_step();
  }
  std::copy(current_A.begin(), current_A.end(), row(current));
  pad(current);
  const StepRows rows{row(current),  row(series),  row(entropy),      row(per_coulomb), row(r1),
                      row(r2),       row(g1),      row(g2),           row(decay1),      row(decay2),
                      row(linear1),  row(linear2), row(square1),      row(square2),     row(temperature),
                      row(read_soc), row(charge),  row(charge_carry), row(rc1),         row(rc2),
                      row(heat),     row(number),  row(soc_weight),   row(degC_weight)};
  if (move_cells(rows, set_->open_circuit_V, padded_, dt_s_)) {
    read_elements();
    prepare_step();
  }
  look_up_open_V();
}

void EcmBank::set_temperature_degC(std::span<const double> temperature_degC) {
  check_per_cell("temperature_degC", temperature_degC.size(), count_);
  std::copy(temperature_degC.begin(), temperature_degC.end(), row(temperature));
  pad(temperature);
  bool moved_far = false;
  for (std::size_t i = 0; i < count_; ++i) {
    moved_far |= std::fabs(row(temperature)[i] - row(read_degC)[i]) > reread_K;
  }
  if (moved_far) {
    read_elements();
    if (dt_s_ > 0.0) prepare_step();
  }
  place_cells();
  look_up_open_V();
}

void EcmBank::read_elements() {
  for (std::size_t i = 0; i < padded_; ++i) {
    const double soc_now = row(charge)[i];
    const double degC = row(temperature)[i];
    const double factor = row(resistance)[i];
    row(series)[i] = factor * set_->series_Ohm.at(soc_now, degC);
    row(r1)[i] = factor * set_->rc[0].resistance_Ohm.at(soc_now, degC);
    row(r2)[i] = factor * set_->rc[1].resistance_Ohm.at(soc_now, degC);
    row(g1)[i] = row(r1)[i] > 0.0 ? 1.0 / row(r1)[i] : 0.0;  // an absent pair makes no heat
    row(g2)[i] = row(r2)[i] > 0.0 ? 1.0 / row(r2)[i] : 0.0;
    row(tau1)[i] = set_->rc[0].time_constant_s.at(soc_now, degC);
    row(tau2)[i] = set_->rc[1].time_constant_s.at(soc_now, degC);
    row(entropy)[i] = set_->entropy_V_per_K.at(soc_now);
    row(read_soc)[i] = soc_now;
    row(read_degC)[i] = degC;
  }
}

void EcmBank::prepare_step() {
  prepare_rc(row(tau1), dt_s_, row(decay1), row(linear1), row(square1), padded_);
  prepare_rc(row(tau2), dt_s_, row(decay2), row(linear2), row(square2), padded_);
}

void EcmBank::place_cells() {
  place(set_->open_circuit_V, row(charge), row(temperature), row(number), row(soc_weight), row(degC_weight), padded_);
}

// Scalar on purpose: gathers are slower than loads on the processors that this was measured on.
void EcmBank::look_up_open_V() {
  const math::Table2& table = set_->open_circuit_V;
  const double* at = row(number);
  const double* along_soc = row(soc_weight);
  const double* along_degC = row(degC_weight);
  const double* first_V = row(rc1);
  const double* second_V = row(rc2);
  double* open_V = row(open);
  for (std::size_t i = 0; i < padded_; ++i) {
    open_V[i] = table.between(at[i], along_soc[i], along_degC[i]) - first_V[i] - second_V[i];
  }
}

double EcmBank::capacity_Ah(int cell) const { return 1.0 / (3600.0 * row(per_coulomb)[cell]); }

bool EcmBank::outside_validity(int cell) const {
  const CellValidity& valid = set_->validity;
  const double terminal_V = row(open)[cell] - row(series)[cell] * row(current)[cell];
  const auto inside = [](double value, double low, double high) { return value >= low && value <= high; };
  return !(inside(row(charge)[cell], valid.low_soc, valid.high_soc) &&
           inside(row(temperature)[cell], valid.low_degC, valid.high_degC) &&
           inside(terminal_V, valid.low_V, valid.high_V));
}

bool EcmBank::any_outside_validity() const {
  return any_outside(row(charge), row(temperature), row(open), row(series), row(current), set_->validity, padded_);
}

void EcmBank::check() const {
  constexpr std::pair<Row, const char*> states[] = {
      {charge, "state of charge"}, {rc1, "first RC voltage"}, {rc2, "second RC voltage"}, {temperature, "temperature"}};
  for (std::size_t i = 0; i < count_; ++i) {
    for (const auto& [which, name] : states) {
      if (!std::isfinite(row(which)[i])) {
        throw NumericFault("cell " + std::to_string(i + 1) + ": " + name + " is " + std::to_string(row(which)[i]));
      }
    }
  }
}

}  // namespace packrig
