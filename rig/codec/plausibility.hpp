// Whether what a board reports can be true. A maker's sum over bytes does not see two swapped words, and a wrong layout
// has a right sum: what is implausible is told with its reason and never taken for telemetry.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>

#include "rig/codec/telemetry.hpp"

namespace packrig {

// The defaults hold for every board of the family, whatever state its pack is in; a rig knows more of its own pack.
struct PlausibilityLimits {
  std::optional<std::size_t> cell_count;  // unknown: any that the frame can carry
  double cell_high_V = 5.0;               // the sheets: cells are read up to 5 V
  double pack_high_V = 160.0;             // 32 cells of 5 V
  // A pack read to +-0.5 V (0.5 % of 100 V) and 25 cells read to +-10 mV differ by 0.75 V at the worst.
  double sum_V = 1.0;
  double current_high_A = 2000.0;       // either way; settings go up to 1200 A
  double temperature_low_degC = -50.0;  // sensors are specified from -40 to 125 degC
  double temperature_high_degC = 150.0;
  double capacity_high_Ah = 20'000.0;  // settings go up to 20000 Ah
  // Of a pack at work; a rig that steps its quantities leaves them out.
  double cell_rate_V_per_s = std::numeric_limits<double>::infinity();
  double temperature_rate_K_per_s = std::numeric_limits<double>::infinity();
};

// Remembers what was last said of each quantity and was plausible; the next is compared with it. A message may carry a
// few of them alone.
class Plausibility {
 public:
  explicit Plausibility(const PlausibilityLimits& limits = {}) : limits_(limits) {}

  // Why `telemetry` cannot be true, naming value and range; empty when it can.
  std::string objection(const Telemetry& telemetry);

 private:
  std::string objection_alone(const Telemetry& telemetry) const;
  std::string objection_after(const Telemetry& telemetry) const;
  void remember(const Telemetry& telemetry);

  PlausibilityLimits limits_;
  Telemetry last_;  // of each quantity, whichever message had it
  TimeNs last_cells_ns_ = 0;
  std::array<TimeNs, reported_probe_count> last_probe_ns_{};
};

}  // namespace packrig
