#include "rig/codec/plausibility.hpp"

#include <cmath>
#include <cstdio>

namespace packrig {

namespace {

// The first objection counts: the rest mostly follows from it.
class Objection {
 public:
  void within(const std::string& what, std::optional<double> value, double low, double high) {
    if (!text_.empty() || !value || (*value >= low && *value <= high)) return;
    char text[160];
    std::snprintf(text, sizeof text, "%s = %.6g; plausible: %.6g .. %.6g", what.c_str(), *value, low, high);
    text_ = text;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string numbered(const char* what, std::size_t i, const char* unit) {
  return std::string(what) + std::to_string(i + 1) + unit;
}

}  // namespace

std::string Plausibility::objection(const Telemetry& telemetry) {
  std::string found = objection_alone(telemetry);
  if (found.empty()) found = objection_after(telemetry);
  if (found.empty()) remember(telemetry);
  return found;
}

std::string Plausibility::objection_alone(const Telemetry& telemetry) const {
  Objection objection;
  const std::size_t cells = telemetry.cell_V.size();
  if (limits_.cell_count && cells > 0) {
    const auto expected = static_cast<double>(*limits_.cell_count);
    objection.within("cell count", static_cast<double>(cells), expected, expected);
  }
  double sum_V = 0.0;
  for (std::size_t i = 0; i < cells; ++i) {
    objection.within(numbered("cell", i, "_V"), telemetry.cell_V[i], 0.0, limits_.cell_high_V);
    sum_V += telemetry.cell_V[i];
  }
  objection.within("pack_V", telemetry.pack_V, 0.0, limits_.pack_high_V);
  if (cells > 0) {
    objection.within("pack_V against its cells", telemetry.pack_V, sum_V - limits_.sum_V, sum_V + limits_.sum_V);
  }
  objection.within("current_A", telemetry.current_A, -limits_.current_high_A, limits_.current_high_A);
  objection.within("soc", telemetry.soc, 0.0, 1.0);
  objection.within("soh_share", telemetry.soh_share, 0.0, 1.0);
  objection.within("full_Ah", telemetry.full_Ah, 0.0, limits_.capacity_high_Ah);
  objection.within("capacity_Ah", telemetry.capacity_Ah, 0.0, limits_.capacity_high_Ah);
  objection.within("remaining_Ah", telemetry.remaining_Ah, 0.0, limits_.capacity_high_Ah);
  const double low_degC = limits_.temperature_low_degC;
  const double high_degC = limits_.temperature_high_degC;
  objection.within("board_degC", telemetry.board_degC, low_degC, high_degC);
  for (std::size_t i = 0; i < telemetry.probe_degC.size(); ++i) {
    objection.within(numbered("probe", i, "_degC"), telemetry.probe_degC[i], low_degC, high_degC);
  }
  return objection.text();
}

std::string Plausibility::objection_after(const Telemetry& telemetry) const {
  Objection objection;
  const double infinity = std::numeric_limits<double>::infinity();
  const auto passed_s = [&](TimeNs since_ns) { return to_s(telemetry.arrival_ns - since_ns); };
  objection.within("seconds since the last frame", passed_s(last_.arrival_ns), 0.0, infinity);
  // Counters only go up.
  const auto no_lower = [&](const char* what, std::optional<double> value, std::optional<double> before) {
    if (before) objection.within(what, value, *before, infinity);
  };
  no_lower("run_time_s", telemetry.run_time_s, last_.run_time_s);
  no_lower("cycle_Ah", telemetry.cycle_Ah, last_.cycle_Ah);
  no_lower("cycle_count", telemetry.cycle_count, last_.cycle_count);
  const double cell_V = limits_.cell_rate_V_per_s * passed_s(last_cells_ns_);
  for (std::size_t i = 0; i < telemetry.cell_V.size() && i < last_.cell_V.size() && std::isfinite(cell_V); ++i) {
    const double last_V = last_.cell_V[i];
    objection.within(numbered("cell", i, "_V"), telemetry.cell_V[i], last_V - cell_V, last_V + cell_V);
  }
  for (std::size_t i = 0; i < telemetry.probe_degC.size(); ++i) {
    const double moved_K = limits_.temperature_rate_K_per_s * passed_s(last_probe_ns_[i]);
    if (!last_.probe_degC[i] || !std::isfinite(moved_K)) continue;
    const double last_degC = *last_.probe_degC[i];
    objection.within(numbered("probe", i, "_degC"), telemetry.probe_degC[i], last_degC - moved_K, last_degC + moved_K);
  }
  return objection.text();
}

void Plausibility::remember(const Telemetry& telemetry) {
  last_.arrival_ns = telemetry.arrival_ns;
  if (telemetry.run_time_s) last_.run_time_s = telemetry.run_time_s;
  if (telemetry.cycle_Ah) last_.cycle_Ah = telemetry.cycle_Ah;
  if (telemetry.cycle_count) last_.cycle_count = telemetry.cycle_count;
  if (telemetry.cell_V.size() > 0) {
    last_.cell_V = telemetry.cell_V;
    last_cells_ns_ = telemetry.arrival_ns;
  }
  for (std::size_t i = 0; i < telemetry.probe_degC.size(); ++i) {
    if (!telemetry.probe_degC[i]) continue;
    last_.probe_degC[i] = telemetry.probe_degC[i];
    last_probe_ns_[i] = telemetry.arrival_ns;
  }
}

}  // namespace packrig
