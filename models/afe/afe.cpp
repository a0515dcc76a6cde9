#include "models/afe/afe.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/errors.hpp"
#include "models/math/elementary.hpp"
#include "models/math/multiversion.hpp"

namespace packrig {
namespace {

// Scales as defined in afe_frame.h.
constexpr double cell_full_scale_V = 5.0;
constexpr double cell_codes = 65536.0;
constexpr double code_high = 65535.0;
constexpr double shunt_codes_per_V = 1e6;
constexpr double supply_code_V = 0.002;
constexpr double ntc_divider_Ohm = 10000.0;
constexpr std::int16_t board_not_fitted_ddegC = -2000;

struct CellGroup {
  std::uint32_t bit;
  int first;
  int end;
};
constexpr CellGroup cell_groups[] = {
    {PACKRIG_GROUP_CELLS_A, 0, 9}, {PACKRIG_GROUP_CELLS_B, 9, 17}, {PACKRIG_GROUP_CELLS_C, 17, 25}};

[[noreturn]] void refuse(const char* member, double value, const char* accepted) {
  throw BadInput(std::string("AFE ") + member + " is " + std::to_string(value) + ", accepted: " + accepted);
}

void check_number(const char* terminal, int number, double value) {
  if (std::isnan(value))
    throw NumericFault(std::string("terminal ") + terminal + " " + std::to_string(number) + " is NaN");
}

// The floor by a conversion: std::floor is a call where nothing newer than SSE2 may be assumed.
std::int64_t rounded(double code, double low, double high) {
  const double raised = std::clamp(code, low, high) + 0.5;
  const auto truncated = static_cast<std::int64_t>(raised);
  return truncated - static_cast<std::int64_t>(static_cast<double>(truncated) > raised);
}

constexpr double calibrated_degC = 25.0;

double noise_of(const VoltageError& error, math::Random& noise) {
  return error.noise_V > 0.0 ? error.noise_V * noise.normal() : 0.0;
}

double disturbed_V(const VoltageError& error, const Drift& drift, double above_K, double value_V, math::Random& noise) {
  const double noise_V = noise_of(error, noise);
  return value_V * (1.0 + error.gain_error + drift.gain_per_K * above_K) + error.offset_V +
         drift.offset_V_per_K * above_K + noise_V;
}

double cell_input_V(const Terminals& terminals, int cell) {
  return terminals.tap_V[static_cast<std::size_t>(cell + 1)] - terminals.tap_V[static_cast<std::size_t>(cell)];
}

constexpr std::array<double, tap_count_max> no_V{};

// Of a group's cells. What is converted is upper_V less lower_V.
struct CellRows {
  const double *upper_V, *lower_V, *bow_V, *leakage_V, *gain, *offset_V, *noise_V;
  std::int32_t* code;
};

// disturbed_V() and rounded() of a group's cells, with the bow before the gain. Returns whether every input is a
// number.
PACKRIG_MULTIVERSION bool convert_cells(const CellRows& given, const Drift& drift, double above_K, std::size_t count) {
  const CellRows rows = given;
  const double drift_gain = drift.gain_per_K * above_K;
  const double drift_V = drift.offset_V_per_K * above_K;
  std::int64_t broken = 0;  // not a bool: that would keep the loop scalar
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) {
    const double input_V = rows.upper_V[i] - rows.lower_V[i];
    broken |= static_cast<std::int64_t>(input_V != input_V);
    const double share = std::min(1.0, std::max(0.0, input_V * (1.0 / cell_full_scale_V)));
    const double crooked_V = input_V + (rows.bow_V[i] * 4.0 * share * (1.0 - share) + rows.leakage_V[i]);
    const double cell_V = crooked_V * (rows.gain[i] + drift_gain) + rows.offset_V[i] + drift_V + rows.noise_V[i];
    const double code = std::min(code_high, std::max(0.0, cell_V * (cell_codes / cell_full_scale_V)));
    rows.code[i] = static_cast<std::int32_t>(code + 0.5);
  }
  return broken == 0;
}

// Of inputs from that of cell `first` on, counted from 0, of which one is not a number.
[[noreturn]] void refuse_cells(const CellRows& rows, std::size_t first) {
  std::size_t i = 0;
  while (!std::isnan(rows.upper_V[i] - rows.lower_V[i])) ++i;
  throw NumericFault("terminal voltage of cell " + std::to_string(first + i + 1) + " is NaN");
}

std::uint16_t ntc_code(double ntc_Ohm) {
  if (std::isinf(ntc_Ohm)) return static_cast<std::uint16_t>(code_high);
  const double resistance_Ohm = std::max(ntc_Ohm, 0.0);
  return static_cast<std::uint16_t>(
      rounded(code_high * resistance_Ohm / (resistance_Ohm + ntc_divider_Ohm), 0.0, code_high));
}

}  // namespace

Afe::Afe(const AfeDescription& description, std::uint64_t seed)
    : description_(description), noise_(seed), comparator_(description.comparator_filter_s) {
  for (const auto& [member, filter_s] : {std::pair{"cell_filter_s", description.cell_filter_s},
                                         std::pair{"shunt_filter_s", description.shunt_filter_s}}) {
    if (!(filter_s >= 0.0) || !std::isfinite(filter_s)) refuse(member, filter_s, "0 or a finite time constant");
  }
  const AfeErrors& errors = description_.errors;
  for (std::size_t i = 0; i < cell_gain_.size(); ++i) {
    cell_gain_[i] = 1.0 + errors.cell[i].gain_error;
    cell_offset_V_[i] = errors.cell[i].offset_V;
    noisy_cells_ = noisy_cells_ || errors.cell[i].noise_V > 0.0;
    cell_leakage_V_[i] = (errors.leakage_A[i] - errors.leakage_A[i + 1]) * errors.input_filter_Ohm;
  }
  if (!(description.shunt_low_V < 0.0)) refuse("shunt_low_V", description.shunt_low_V, "below 0");
  if (!(description.shunt_high_V > 0.0)) refuse("shunt_high_V", description.shunt_high_V, "above 0");
}

std::uint16_t Afe::inputs(const Terminals& terminals) const {
  std::uint32_t bits = 0;
  if (terminals.charger_plugged) bits |= PACKRIG_INPUT_CHARGER;
  if (terminals.button_pressed) bits |= PACKRIG_INPUT_BUTTON;
  if (terminals.charge_feedback) bits |= PACKRIG_INPUT_CHARGE_FEEDBACK;
  if (terminals.discharge_feedback) bits |= PACKRIG_INPUT_DISCHARGE_FEEDBACK;
  if (comparator_.latched(ShortDirection::discharge)) bits |= PACKRIG_INPUT_SHORT_DISCHARGE;
  if (comparator_.latched(ShortDirection::charge)) bits |= PACKRIG_INPUT_SHORT_CHARGE;
  return static_cast<std::uint16_t>(bits);
}

void Afe::sample_cells(const Terminals& terminals, int first, int end, PackrigAfeCodes& codes) {
  const AfeErrors& errors = description_.errors;
  const auto begin = static_cast<std::size_t>(first);
  const auto fitted = static_cast<std::size_t>(std::clamp(terminals.cell_count, first, end));
  std::array<double, cell_count_max> noise_V;
  for (std::size_t i = begin; i < fitted && noisy_cells_; ++i) noise_V[i] = noise_of(errors.cell[i], noise_);
  const bool filtered = description_.cell_filter_s > 0.0;
  std::array<std::int32_t, cell_count_max> code;  // of 32 bits, so that eight voltages and their codes go together
  const CellRows rows{(filtered ? cell_V_.data() : terminals.tap_V.data() + 1) + begin,
                      (filtered ? no_V.data() : terminals.tap_V.data()) + begin,
                      errors.cell_bow_V.data() + begin,
                      cell_leakage_V_.data() + begin,
                      cell_gain_.data() + begin,
                      cell_offset_V_.data() + begin,
                      (noisy_cells_ ? noise_V.data() : no_V.data()) + begin,
                      code.data()};
  const double above_K = terminals.board_degC - calibrated_degC;
  if (!convert_cells(rows, errors.cell_drift, above_K, fitted - begin)) refuse_cells(rows, begin);
  for (std::size_t i = begin; i < fitted; ++i) codes.cell_code[i] = static_cast<std::uint16_t>(code[i - begin]);
  std::fill(codes.cell_code + fitted, codes.cell_code + end, std::uint16_t{0});
}

void Afe::sample(const Terminals& terminals, TimeNs now_ns, std::uint32_t groups, PackrigAfeCodes& codes) {
  if (!settled_) move_filters(terminals, 0);
  codes.version = PACKRIG_AFE_VERSION;
  codes.fresh = groups;
  codes.now_ns = now_ns;
  codes.inputs = inputs(terminals);
  check_number("temperature of board", 1, terminals.board_degC);
  codes.board_ddegC = description_.board_sensor_fitted
                          ? static_cast<std::int16_t>(rounded(terminals.board_degC * 10.0, -1999.0, 32767.0))
                          : board_not_fitted_ddegC;
  const AfeErrors& errors = description_.errors;
  const double above_K = terminals.board_degC - calibrated_degC;

  for (const CellGroup& group : cell_groups) {
    if ((groups & group.bit) != 0) sample_cells(terminals, group.first, group.end, codes);
  }
  if ((groups & PACKRIG_GROUP_AUX) == 0) return;

  check_number("voltage of shunt", 1, terminals.shunt_V);
  const double input_V = description_.shunt_filter_s > 0.0 ? shunt_V_ : terminals.shunt_V;
  const double shunt_V = disturbed_V(errors.shunt, errors.shunt_drift, above_K, input_V, noise_);
  codes.shunt_code =
      static_cast<std::int32_t>(rounded(shunt_V * shunt_codes_per_V, description_.shunt_low_V * shunt_codes_per_V,
                                        description_.shunt_high_V * shunt_codes_per_V));
  for (std::size_t ntc = 0; ntc < ntc_count; ++ntc) {
    check_number("resistance of NTC", static_cast<int>(ntc) + 1, terminals.ntc_Ohm[ntc]);
    codes.ntc_code[ntc] = ntc_code(terminals.ntc_Ohm[ntc] * (1.0 + errors.ntc_gain_error[ntc]));
  }
  check_number("voltage of supply", 1, terminals.supply_V);
  const double supply_V = disturbed_V(errors.supply, errors.supply_drift, above_K, terminals.supply_V, noise_);
  codes.supply_code = static_cast<std::uint16_t>(rounded(supply_V / supply_code_V, 0.0, code_high));
}

void Afe::configure(const PackrigAfeCommands& commands) {
  comparator_.configure(commands.short_code / shunt_codes_per_V, commands.short_delay_us * microsecond_ns);
  if (commands.short_rearm != 0) comparator_.rearm();
}

void Afe::move_filters(const Terminals& terminals, TimeNs span_ns) {
  const bool filters_cells = description_.cell_filter_s > 0.0;
  const bool filters_shunt = description_.shunt_filter_s > 0.0;
  if (!filters_cells && !filters_shunt) return;
  if (span_ns != coefficient_span_ns_) {
    coefficient_span_ns_ = span_ns;
    cell_keep_ = filters_cells ? math::exp(-to_s(span_ns) / description_.cell_filter_s) : 0.0;
    shunt_keep_ = filters_shunt ? math::exp(-to_s(span_ns) / description_.shunt_filter_s) : 0.0;
  }
  // Before the first input the low-passes stand at it: the board has been connected for long.
  const double cell_keep = settled_ ? cell_keep_ : 0.0;
  const double shunt_keep = settled_ ? shunt_keep_ : 0.0;
  for (int cell = 0; cell < terminals.cell_count; ++cell) {
    const double input_V = cell_input_V(terminals, cell);
    check_number("voltage of cell", cell + 1, input_V);
    double& state_V = cell_V_[static_cast<std::size_t>(cell)];
    state_V = input_V + (state_V - input_V) * cell_keep;
  }
  check_number("voltage of shunt", 1, terminals.shunt_V);
  shunt_V_ = terminals.shunt_V + (shunt_V_ - terminals.shunt_V) * shunt_keep;
  settled_ = true;
}

std::optional<ComparatorLatch> Afe::hold(const Terminals& terminals, TimeNs from_ns, TimeNs to_ns) {
  move_filters(terminals, to_ns - from_ns);
  return comparator_.hold(terminals.shunt_V, from_ns, to_ns);
}

std::uint32_t Afe::drives_through(std::uint32_t commanded) const {
  std::uint32_t held = 0;
  if (comparator_.latched(ShortDirection::discharge)) held |= PACKRIG_DRIVE_DISCHARGE | PACKRIG_DRIVE_PRECHARGE;
  if (comparator_.latched(ShortDirection::charge)) held |= PACKRIG_DRIVE_CHARGE;
  return commanded & ~held;
}

}  // namespace packrig
