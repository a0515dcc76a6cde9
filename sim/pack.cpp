#include "sim/pack.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/cells/cell_set.hpp"
#include "models/check.hpp"
#include "models/errors.hpp"
#include "models/math/random.hpp"

namespace packrig {
namespace {

constexpr std::uint64_t spread_stream = 1;  // of the seed; other consumers of the seed take other streams

// A normal deviate cut at four standard deviations, so that no draw makes a cell that cannot be.
double cut_normal(math::Random& random) { return std::clamp(random.normal(), -4.0, 4.0); }

EcmBank make_bank(const PackDescription& d, std::uint64_t seed) {
  const auto cells = static_cast<std::size_t>(d.series) * static_cast<std::size_t>(d.parallel);
  std::vector<double> capacity(cells);
  std::vector<double> resistance(cells);
  std::vector<double> soc(cells);
  math::Random random(seed, spread_stream);
  for (std::size_t c = 0; c < cells; ++c) {
    const std::size_t group = c / static_cast<std::size_t>(d.parallel);
    capacity[c] = 1.0 + d.spread.capacity * cut_normal(random);
    resistance[c] = 1.0 + d.spread.resistance * cut_normal(random);
    const double start = d.initial_soc + d.soc_offset[group] + d.spread.soc * cut_normal(random);
    soc[c] = std::clamp(start, 0.0, 1.0);
  }
  const auto set = std::make_shared<const CellSet>(scaled_to_capacity(*d.cells, d.capacity_Ah));
  return EcmBank(set, {capacity, resistance, soc, d.initial_degC});
}

}  // namespace

Pack::Pack(std::shared_ptr<const PackDescription> description, std::uint64_t seed)
    : description_(std::move(description)),
      series_(static_cast<std::size_t>(description_->series)),
      parallel_(static_cast<std::size_t>(description_->parallel)),
      bank_(make_bank(*description_, seed)),
      weight_(series_ * parallel_),
      current_A_(series_ * parallel_),
      ambient_degC_(series_ * parallel_) {
  for (std::size_t k = 0; k < series_; ++k) {
    double group_Ah = 0.0;
    for (std::size_t p = 0; p < parallel_; ++p) group_Ah += bank_.capacity_Ah(static_cast<int>(k * parallel_ + p));
    for (std::size_t p = 0; p < parallel_; ++p) {
      weight_[k * parallel_ + p] = bank_.capacity_Ah(static_cast<int>(k * parallel_ + p)) / group_Ah;
    }
  }
  reduce();
  carry(0.0);
}

bool Pack::draw(const std::array<double, tap_count_max>& feed_A, double supply_A) {
  if (supply_A == supply_A_ && feed_A == feed_A_) return false;
  supply_A_ = supply_A;
  feed_A_ = feed_A;
  double extra_A = supply_A;
  for (std::size_t k = series_; k-- > 0;) {
    extra_A -= feed_A[k + 1];
    extra_A_[k] = extra_A;
  }
  reduce();
  return true;
}

// Groups to one source each, groups to the string's.
void Pack::reduce() {
  const double* open_V = bank_.open_V().data();
  const double* series_Ohm = bank_.series_Ohm().data();
  if (parallel_ == 1) {
    std::copy_n(open_V, series_, open_V_.begin());
    std::copy_n(series_Ohm, series_, series_Ohm_.begin());
  } else {
    for (std::size_t k = 0; k < series_; ++k) {
      double conductance_S = 0.0;
      double short_A = 0.0;
      for (std::size_t c = k * parallel_; c < (k + 1) * parallel_; ++c) {
        conductance_S += 1.0 / series_Ohm[c];
        short_A += open_V[c] / series_Ohm[c];
      }
      series_Ohm_[k] = 1.0 / conductance_S;
      open_V_[k] = short_A / conductance_S;
    }
    average(bank_.soc(), mean_soc_);
    average(bank_.temperature_degC(), mean_degC_);
  }
  double string_V = 0.0;
  double string_Ohm = 0.0;
  for (std::size_t k = 0; k < series_; ++k) {
    const double group_Ohm = series_Ohm_[k] + description_->busbar_Ohm;
    string_Ohm += group_Ohm;
    string_V += open_V_[k] - group_Ohm * extra_A_[k];
  }
  const double shunt_Ohm = description_->shunt.resistance_Ohm;
  const double shunt_extra_A = description_->supply_return == SupplyReturn::after_shunt ? supply_A_ : 0.0;
  source_ = {string_V - shunt_Ohm * shunt_extra_A, string_Ohm + shunt_Ohm};
}

void Pack::carry(double bus_A) {
  for (std::size_t k = 0; k < series_; ++k) cell_V_[k] = open_V_[k] - series_Ohm_[k] * (bus_A + extra_A_[k]);
  double node_V = 0.0;
  for (std::size_t k = 0; k < series_; ++k) {
    node_V += cell_V_[k] - description_->busbar_Ohm * (bus_A + extra_A_[k]);
    node_V_[k + 1] = node_V;
  }
  shunt_A_ = bus_A + (description_->supply_return == SupplyReturn::after_shunt ? supply_A_ : 0.0);
}

void Pack::advance(double bus_A, double dt_s, double ambient_degC) {
  if (parallel_ == 1) {
    for (std::size_t k = 0; k < series_; ++k) current_A_[k] = bus_A + extra_A_[k];
  } else {
    const double* open_V = bank_.open_V().data();
    const double* series_Ohm = bank_.series_Ohm().data();
    for (std::size_t k = 0; k < series_; ++k) {
      const double group_A = bus_A + extra_A_[k];
      const double group_V = open_V_[k] - series_Ohm_[k] * group_A;
      const std::size_t last = (k + 1) * parallel_ - 1;
      // The last cell takes what is left, so that the sum is the group's current to the last digit.
      double left_A = group_A;
      for (std::size_t c = k * parallel_; c < last; ++c) {
        current_A_[c] = (open_V[c] - group_V) / series_Ohm[c];
        left_A -= current_A_[c];
      }
      current_A_[last] = left_A;
    }
  }
  std::fill(ambient_degC_.begin(), ambient_degC_.end(), ambient_degC);
  bank_.advance(current_A_, dt_s, ambient_degC_);
  reduce();
}

void Pack::average(std::span<const double> of_cells, std::span<double> of_groups) const {
  for (std::size_t k = 0; k < series_; ++k) {
    double sum = 0.0;
    for (std::size_t c = k * parallel_; c < (k + 1) * parallel_; ++c) sum += weight_[c] * of_cells[c];
    of_groups[k] = sum;
  }
}

std::span<const double> Pack::cell_soc() const {
  return parallel_ == 1 ? bank_.soc() : std::span<const double>(mean_soc_.data(), series_);
}

std::span<const double> Pack::cell_degC() const {
  return parallel_ == 1 ? bank_.temperature_degC() : std::span<const double>(mean_degC_.data(), series_);
}

int Pack::outside_validity() const {
  for (int c = 0; c < bank_.size(); ++c) {
    if (bank_.outside_validity(c)) return c / static_cast<int>(parallel_) + 1;
  }
  return 0;
}

void Pack::check() const {
  if (std::isfinite(string_V())) return;
  bank_.check();
  for (std::size_t k = 0; k < series_; ++k) {
    if (!std::isfinite(cell_V_[k])) {
      throw NumericFault("cell_V of cell " + std::to_string(k + 1) + " is " + shown(cell_V_[k]));
    }
  }
  throw NumericFault("string_V is " + shown(string_V()));
}

}  // namespace packrig
