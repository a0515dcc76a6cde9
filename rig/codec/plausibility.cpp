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
  if (found.empty() && last_) found = objection_after(*last_, telemetry);
  if (found.empty()) last_ = telemetry;
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

std::string Plausibility::objection_after(const Telemetry& before, const Telemetry& telemetry) const {
  Objection objection;
  const double infinity = std::numeric_limits<double>::infinity();
  const double passed_s = to_s(telemetry.arrival_ns - before.arrival_ns);
  objection.within("seconds since the last frame", passed_s, 0.0, infinity);
  // Counters only go up.
  if (before.run_time_s) objection.within("run_time_s", telemetry.run_time_s, *before.run_time_s, infinity);
  if (before.cycle_Ah) objection.within("cycle_Ah", telemetry.cycle_Ah, *before.cycle_Ah, infinity);
  if (before.cycle_count) objection.within("cycle_count", telemetry.cycle_count, *before.cycle_count, infinity);
  const double cell_V = limits_.cell_rate_V_per_s * passed_s;
  for (std::size_t i = 0; i < telemetry.cell_V.size() && i < before.cell_V.size() && std::isfinite(cell_V); ++i) {
    const double last_V = before.cell_V[i];
    objection.within(numbered("cell", i, "_V"), telemetry.cell_V[i], last_V - cell_V, last_V + cell_V);
  }
  const double moved_K = limits_.temperature_rate_K_per_s * passed_s;
  for (std::size_t i = 0; i < telemetry.probe_degC.size() && std::isfinite(moved_K); ++i) {
    if (!before.probe_degC[i]) continue;
    const double last_degC = *before.probe_degC[i];
    objection.within(numbered("probe", i, "_degC"), telemetry.probe_degC[i], last_degC - moved_K, last_degC + moved_K);
  }
  return objection.text();
}

}  // namespace packrig
