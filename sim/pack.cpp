#include "sim/pack.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "models/cells/cell_set.hpp"
#include "models/cells/electrochemical_set.hpp"
#include "models/check.hpp"
#include "models/errors.hpp"
#include "models/math/multiversion.hpp"
#include "models/math/random.hpp"

namespace packrig {
namespace {

constexpr double follow_share = 0.01;   // of a cell's 1C: a tangent is good for so far
constexpr double supply_step_A = 1e-6;  // see draw()
constexpr double thermal_step_s = 0.1;
constexpr double longest_thermal_step_s = 10.0;
constexpr double quiet_soc = 0.0005;
constexpr double longest_quiet_step_s = 600.0;
constexpr double open_busbar_from_Ohm = 1e5;
constexpr double open_busbar_leak_Ohm = 1e6;
constexpr double month_h = 720.0;
constexpr std::uint64_t spread_stream = 1;  // of the seed; other consumers of the seed take other streams

// A normal deviate cut at four standard deviations, so that no draw makes a cell that cannot be.
double cut_normal(math::Random& random) { return std::clamp(random.normal(), -4.0, 4.0); }

CellBank make_bank(const PackDescription& d, std::uint64_t seed) {
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
  const BankStart start{capacity, resistance, soc, d.initial_degC};
  if (d.electrochemistry) {
    const auto scaled = scaled_to_capacity(*d.electrochemistry, d.capacity_Ah);
    return CellBank(SpmeBank(std::make_shared<const ElectrochemicalSet>(scaled), start));
  }
  const auto scaled = scaled_to_capacity(*d.cells, d.capacity_Ah);
  return CellBank(EcmBank(std::make_shared<const CellSet>(scaled), start));
}

ThermalNetwork make_thermal(const PackDescription& d) {
  const CellFacts& cell = d.cell();
  const double larger = d.capacity_Ah / cell.capacity_Ah;
  return ThermalNetwork(d.thermal, static_cast<std::size_t>(d.series) * static_cast<std::size_t>(d.parallel),
                        cell.heat_capacity_J_per_K * larger, cell.thermal_resistance_K_per_W / larger, d.initial_degC);
}

// In four strands, whose order is fixed: one chain of additions would take as many times their latency as there are
// groups.
template <std::size_t Count>
double sum(const std::array<double, Count>& groups) {
  static_assert(Count % 4 == 0);
  std::array<double, 4> strand{};
  for (std::size_t k = 0; k < Count; k += 4) {
    for (std::size_t s = 0; s < 4; ++s) strand[s] += groups[k + s];
  }
  return (strand[0] + strand[1]) + (strand[2] + strand[3]);
}

struct SourceRows {
  const double *open_V, *series_Ohm, *busbar_Ohm, *extra_A;
  double *group_V, *group_Ohm;  // busbar included
};

PACKRIG_MULTIVERSION void find_sources(const SourceRows& given, std::size_t count) {
  const SourceRows rows = given;
  PACKRIG_INDEPENDENT
  for (std::size_t k = 0; k < count; ++k) {
    const double group_Ohm = rows.series_Ohm[k] + rows.busbar_Ohm[k];
    rows.group_Ohm[k] = group_Ohm;
    rows.group_V[k] = rows.open_V[k] - group_Ohm * rows.extra_A[k];
  }
}

PACKRIG_MULTIVERSION void shift(const double* row, double by, double* shifted, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t k = 0; k < count; ++k) shifted[k] = row[k] + by;
}

PACKRIG_MULTIVERSION void accumulate(const double* rate, double dt_s, double* sum, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t k = 0; k < count; ++k) sum[k] += rate[k] * dt_s;
}

struct CarriedRows {
  const double *open_V, *series_Ohm, *busbar_Ohm, *extra_A;
  double *cell_V, *group_V;  // the latter with its busbar
};

PACKRIG_MULTIVERSION void carry_groups(const CarriedRows& given, double bus_A, std::size_t count) {
  const CarriedRows rows = given;
  PACKRIG_INDEPENDENT
  for (std::size_t k = 0; k < count; ++k) {
    const double group_A = bus_A + rows.extra_A[k];
    const double cell_V = rows.open_V[k] - rows.series_Ohm[k] * group_A;
    rows.cell_V[k] = cell_V;
    rows.group_V[k] = cell_V - rows.busbar_Ohm[k] * group_A;
  }
}

}  // namespace

Pack::Pack(std::shared_ptr<const PackDescription> description, std::uint64_t seed)
    : description_(std::move(description)),
      series_(static_cast<std::size_t>(description_->series)),
      parallel_(static_cast<std::size_t>(description_->parallel)),
      bank_(make_bank(*description_, seed)),
      thermal_(make_thermal(*description_)),
      weight_(series_ * parallel_),
      current_A_(series_ * parallel_),
      tangent_A_(series_ * parallel_),
      self_discharge_S_(series_ * parallel_),
      leak_S_(series_ * parallel_),
      heat_J_(series_ * parallel_) {
  std::fill_n(busbar_Ohm_.begin(), series_, description_->busbar_Ohm);
  leaks_ = description_->monthly_self_discharge_share > 0.0;
  for (std::size_t k = 0; k < series_; ++k) {
    const double whole_Ah = group_Ah(k);
    for (std::size_t p = 0; p < parallel_; ++p) {
      const std::size_t c = k * parallel_ + p;
      weight_[c] = bank_.capacity_Ah(static_cast<int>(c)) / whole_Ah;
      self_discharge_S_[c] = description_->monthly_self_discharge_share * weight_[c] * whole_Ah /
                             (month_h * description_->cell().nominal_V);
      leak_S_[c] = self_discharge_S_[c];
    }
  }
  reduce();
  carry(0.0);
}

void Pack::feed(const std::array<double, tap_count_max>& feed_A, double supply_A) {
  supply_A_ = supply_A;
  feed_A_ = feed_A;
  take_up_draw();
}

bool Pack::draw(double supply_A) {
  if (std::fabs(supply_A - supply_A_) <= supply_step_A) return false;
  supply_A_ = supply_A;
  take_up_draw();
  return true;
}

void Pack::take_up_draw() {
  double extra_A = open_busbar_ ? 0.0 : supply_A_;
  for (std::size_t k = series_; k-- > 0;) {
    if (!open_busbar_) extra_A -= feed_A_[k + 1];
    extra_A_[k] = extra_A;
  }
  only_bus_moved_ = false;
  find_source();
}

// Cells to one source for each group, groups to the string's.
void Pack::reduce() {
  const double* open_V = bank_.open_V().data();
  if (one_by_one()) {
    std::copy_n(open_V, series_, open_V_.begin());
    shift(bank_.series_Ohm().data(), description_->cell_contact_Ohm, series_Ohm_.data(), series_);
  } else {
    for (std::size_t k = 0; k < series_; ++k) {
      double conductance_S = 0.0;
      double short_A = 0.0;
      for (std::size_t c = k * parallel_; c < (k + 1) * parallel_; ++c) {
        const double cell_S = 1.0 / cell_Ohm(c);
        conductance_S += cell_S + leak_S_[c];
        short_A += open_V[c] * cell_S;
      }
      series_Ohm_[k] = 1.0 / conductance_S;
      open_V_[k] = short_A / conductance_S;
    }
  }
  if (parallel_ > 1) {
    average(bank_.soc(), mean_soc_);
    average(bank_.temperature_degC(), mean_degC_);
  }
  find_source();
}

// Groups to the string's source.
void Pack::find_source() {
  Groups group_V;
  Groups group_Ohm;
  find_sources(
      {open_V_.data(), series_Ohm_.data(), busbar_Ohm_.data(), extra_A_.data(), group_V.data(), group_Ohm.data()},
      padded_count);
  const double shunt_Ohm = description_->shunt.resistance_Ohm;
  const double shunt_extra_A = description_->supply_return == SupplyReturn::after_shunt ? supply_A_ : 0.0;
  source_ = {sum(group_V) - shunt_Ohm * shunt_extra_A, sum(group_Ohm) + shunt_Ohm};
}

void Pack::carry(double bus_A) {
  Groups group_V;  // busbar included
  carry_groups(
      {open_V_.data(), series_Ohm_.data(), busbar_Ohm_.data(), extra_A_.data(), cell_V_.data(), group_V.data()}, bus_A,
      padded_count);
  // Four nodes from one: the chain of additions is a quarter as long.
  double below_V = 0.0;
  for (std::size_t k = 0; k < padded_count; k += 4) {
    const double two_V = group_V[k] + group_V[k + 1];
    node_V_[k + 1] = below_V + group_V[k];
    node_V_[k + 2] = below_V + two_V;
    node_V_[k + 3] = below_V + (two_V + group_V[k + 2]);
    below_V += two_V + (group_V[k + 2] + group_V[k + 3]);
    node_V_[k + 4] = below_V;
  }
  shunt_A_ = bus_A + (description_->supply_return == SupplyReturn::after_shunt ? supply_A_ : 0.0);
  bus_A_ = bus_A;
}

// The current of each cell when `bus_A` leaves the string.
void Pack::split(double bus_A) {
  if (one_by_one()) {
    shift(extra_A_.data(), bus_A, current_A_.data(), series_);
    return;
  }
  const double* open_V = bank_.open_V().data();
  for (std::size_t k = 0; k < series_; ++k) {
    const double group_A = bus_A + extra_A_[k];
    const double group_V = open_V_[k] - series_Ohm_[k] * group_A;
    const std::size_t last = (k + 1) * parallel_ - 1;
    // The last cell takes what is left, so that the sum is the group's current to the last digit.
    double left_A = group_A;
    for (std::size_t c = k * parallel_; c <= last; ++c) left_A += group_V * leak_S_[c];
    for (std::size_t c = k * parallel_; c < last; ++c) {
      current_A_[c] = (open_V[c] - group_V) / cell_Ohm(c);
      left_A -= current_A_[c];
    }
    current_A_[last] = left_A;
  }
}

// The cells' tangents lie at the currents of the last split().
void Pack::note_tangents(double bus_A) {
  tangent_A_.swap(current_A_);  // split() writes all of the other one
  tangent_bus_A_ = bus_A;
  only_bus_moved_ = one_by_one();
}

bool Pack::follow() {
  if (!bank_.follows_current()) return false;
  const double far_A = follow_share * description_->capacity_Ah;
  if (only_bus_moved_ && std::fabs(bus_A_ - tangent_bus_A_) <= far_A) return false;
  split(bus_A_);
  std::int64_t moved_far = 0;  // not a bool: that would keep the loop scalar
  for (std::size_t c = 0; c < current_A_.size(); ++c) {
    moved_far |= static_cast<std::int64_t>(std::fabs(current_A_[c] - tangent_A_[c]) > far_A);
  }
  if (moved_far == 0) return false;
  note_tangents(bus_A_);
  bank_.linearise(tangent_A_);
  reduce();
  return true;
}

void Pack::advance(double bus_A, double dt_s, double ambient_degC) {
  split(bus_A);
  note_tangents(bus_A);
  bank_.advance(tangent_A_, dt_s);
  gather_heat(dt_s);
  heated_s_ += dt_s;
  if (heated_s_ >= thermal_step_s * (1.0 - 1e-9)) move_temperature(ambient_degC);
  reduce();
}

void Pack::gather_heat(double dt_s) {
  accumulate(bank_.heat_W().data(), dt_s, heat_J_.data(), heat_J_.size());
  if (leaks_) {
    for (std::size_t c = 0; c < heat_J_.size(); ++c) {
      const double cell_V = cell_V_[c / parallel_];
      heat_J_[c] += cell_V * cell_V * leak_S_[c] * dt_s;
    }
  }
  const double shunt_W = description_->shunt.resistance_Ohm * shunt_A_ * shunt_A_;
  board_J_ += (shunt_W + string_V() * supply_A_ + balance_W_) * dt_s;
}

void Pack::move_temperature(double ambient_degC) {
  // heat_J_ becomes a power and is emptied afterwards.
  for (double& heat : heat_J_) heat /= heated_s_;
  const double steps = std::floor(heated_s_ / longest_thermal_step_s) + 1.0;
  for (double left = steps; left > 0.0; left -= 1.0) {
    thermal_.advance(heat_J_, board_J_ / heated_s_, ambient_degC, heated_s_ / steps);
  }
  bank_.set_temperature_degC(thermal_.cell_degC());
  std::fill(heat_J_.begin(), heat_J_.end(), 0.0);
  board_J_ = 0.0;
  heated_s_ = 0.0;
}

double Pack::longest_step_s(double bus_A) const {
  double most_A = 0.0;
  for (std::size_t k = 0; k < series_; ++k) most_A = std::max(most_A, std::fabs(bus_A + extra_A_[k]));
  for (std::size_t c = 0; c < leak_S_.size(); ++c) most_A = std::max(most_A, cell_V_[c / parallel_] * leak_S_[c]);
  const double limit_s = quiet_soc * 3600.0 * description_->capacity_Ah / most_A;  // infinite without a current
  return std::clamp(limit_s, 1.0, longest_quiet_step_s);
}

void Pack::set_internal_short(int group, int cell, double short_Ohm) {
  check_range("group", group, 1, static_cast<int>(series_));
  check_range("cell", cell, 1, static_cast<int>(parallel_));
  check_range("short_Ohm", short_Ohm, 1e-4, std::numeric_limits<double>::infinity());
  const std::size_t c = static_cast<std::size_t>(group - 1) * parallel_ + static_cast<std::size_t>(cell - 1);
  leak_S_[c] = self_discharge_S_[c] + 1.0 / short_Ohm;
  leaks_ = std::any_of(leak_S_.begin(), leak_S_.end(), [](double leak_S) { return leak_S > 0.0; });
  only_bus_moved_ = false;
  reduce();
}

void Pack::set_busbar_Ohm(int group, double busbar_Ohm) {
  check_range("group", group, 1, static_cast<int>(series_));
  check_range("busbar_Ohm", busbar_Ohm, 0.0, std::numeric_limits<double>::infinity());
  busbar_Ohm_[static_cast<std::size_t>(group - 1)] =
      busbar_Ohm >= open_busbar_from_Ohm ? open_busbar_leak_Ohm : busbar_Ohm;
  open_busbar_ =
      std::any_of(busbar_Ohm_.begin(), busbar_Ohm_.end(), [](double ohm) { return ohm >= open_busbar_from_Ohm; });
  take_up_draw();
}

void Pack::average(std::span<const double> of_cells, std::span<double> of_groups) const {
  for (std::size_t k = 0; k < series_; ++k) {
    double sum = 0.0;
    for (std::size_t c = k * parallel_; c < (k + 1) * parallel_; ++c) sum += weight_[c] * of_cells[c];
    of_groups[k] = sum;
  }
}

double Pack::group_Ah(std::size_t group) const {
  double sum_Ah = 0.0;
  for (std::size_t p = 0; p < parallel_; ++p) sum_Ah += bank_.capacity_Ah(static_cast<int>(group * parallel_ + p));
  return sum_Ah;
}

std::span<const double> Pack::cell_soc() const {
  return parallel_ == 1 ? bank_.soc() : std::span<const double>(mean_soc_.data(), series_);
}

std::span<const double> Pack::cell_degC() const {
  return parallel_ == 1 ? bank_.temperature_degC() : std::span<const double>(mean_degC_.data(), series_);
}

int Pack::outside_validity() const {
  if (!bank_.any_outside_validity()) return 0;
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
