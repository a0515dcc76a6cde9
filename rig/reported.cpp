#include "rig/reported.hpp"

#include <limits>

#include "models/connector.hpp"
#include "models/errors.hpp"

namespace packrig {

namespace {

bool single(ReportedQuantity quantity) {
  return quantity != ReportedQuantity::cell_V && quantity != ReportedQuantity::probe_degC;
}

double or_nan(const std::optional<double>& value) { return value.value_or(std::numeric_limits<double>::quiet_NaN()); }

double or_nan(const std::optional<bool>& value) {
  return value ? (*value ? 1.0 : 0.0) : std::numeric_limits<double>::quiet_NaN();
}

double value_of(const Telemetry& t, ReportedQuantity quantity) {
  switch (quantity) {
    case ReportedQuantity::pack_V:
      return or_nan(t.pack_V);
    case ReportedQuantity::current_A:
      return or_nan(t.current_A);
    case ReportedQuantity::soc:
      return or_nan(t.soc);
    case ReportedQuantity::remaining_Ah:
      return or_nan(t.remaining_Ah);
    case ReportedQuantity::full_Ah:
      return or_nan(t.full_Ah);
    case ReportedQuantity::cycle_Ah:
      return or_nan(t.cycle_Ah);
    case ReportedQuantity::cycle_count:
      return or_nan(t.cycle_count);
    case ReportedQuantity::board_degC:
      return or_nan(t.board_degC);
    case ReportedQuantity::balance_A:
      return or_nan(t.balance_A);
    case ReportedQuantity::charge_on:
      return or_nan(t.charge_on);
    case ReportedQuantity::discharge_on:
      return or_nan(t.discharge_on);
    case ReportedQuantity::balancing_on:
      return or_nan(t.balancing_on);
    case ReportedQuantity::suspect_cells:
      return t.suspect_cells ? static_cast<double>(*t.suspect_cells) : std::numeric_limits<double>::quiet_NaN();
    case ReportedQuantity::alarms:
      // Exact: fewer bits than a double's 53.
      return t.alarms ? static_cast<double>(t.alarms->bits()) : std::numeric_limits<double>::quiet_NaN();
    case ReportedQuantity::cell_V:
    case ReportedQuantity::probe_degC:
      break;
  }
  throw BadInput("quantity is not single");
}

void require_number(const char* what, int number, int count) {
  if (number >= 1 && number <= count) return;
  throw BadInput(std::string("reported ") + what + " " + std::to_string(number) + " does not exist; accepted: 1 .. " +
                 std::to_string(count));
}

}  // namespace

std::vector<std::string> reported_columns(int cell_count) {
  std::vector<std::string> names;
  for (int k = 1; k <= cell_count; ++k) names.push_back("cell" + std::to_string(k) + "_V");
  for (int k = 1; k <= ntc_count; ++k) names.push_back("probe" + std::to_string(k) + "_degC");
  for (int i = 0; i < reported_quantity_count; ++i) {
    if (single(static_cast<ReportedQuantity>(i))) names.emplace_back(reported_name(static_cast<ReportedQuantity>(i)));
  }
  return names;
}

void fill_reported_row(const Telemetry& telemetry, int cell_count, std::vector<double>& row) {
  row.clear();
  for (std::size_t k = 0; k < static_cast<std::size_t>(cell_count); ++k) {
    row.push_back(k < telemetry.cell_V.size() ? telemetry.cell_V[k] : std::numeric_limits<double>::quiet_NaN());
  }
  for (std::size_t k = 0; k < ntc_count; ++k) row.push_back(or_nan(telemetry.probe_degC[k]));
  for (int i = 0; i < reported_quantity_count; ++i) {
    const auto quantity = static_cast<ReportedQuantity>(i);
    if (single(quantity)) row.push_back(value_of(telemetry, quantity));
  }
}

std::size_t reported_column(ReportedChannel channel, int cell_count) {
  if (channel.quantity == ReportedQuantity::cell_V) {
    require_number("cell", channel.number, cell_count);
    return static_cast<std::size_t>(channel.number - 1);
  }
  if (channel.quantity == ReportedQuantity::probe_degC) {
    require_number("probe", channel.number, ntc_count);
    return static_cast<std::size_t>(cell_count + channel.number - 1);
  }
  auto column = static_cast<std::size_t>(cell_count + ntc_count);
  for (int i = 0; i < static_cast<int>(channel.quantity); ++i) {
    if (single(static_cast<ReportedQuantity>(i))) ++column;
  }
  return column;
}

std::string reported_unit(ReportedQuantity quantity) {
  const std::string name = reported_name(quantity);
  const std::string last = name.substr(name.rfind('_') + 1);
  return last == "V" || last == "A" || last == "Ah" || last == "degC" ? last : "1";
}

std::string reported_label(ReportedChannel channel) {
  const std::string name = reported_name(channel.quantity);
  const std::string unit = "_" + reported_unit(channel.quantity);
  const std::string plain = name.ends_with(unit) ? name.substr(0, name.size() - unit.size()) : name;
  return "reported " + plain + (single(channel.quantity) ? "" : " " + std::to_string(channel.number));
}

}  // namespace packrig
