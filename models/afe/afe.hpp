// The analogue front end on the BMS's side of the plug: volts and ohms in, integer codes out.
//
//   terminals --> channel error --> low-pass --> + noise --> clip, quantise --> PackrigAfeCodes
//                 shunt alone   --> comparator --> latch, opens a drive in hardware
//
// A value: a copy has the same future, random state included. The order of one exchange, by whoever owns time:
//   sample(terminals, t_k, groups, codes)   at a wake, on what is shown at t_k
//   configure(commands)                     what the firmware answered
//   hold(terminals, t_k, t_k+1)             filters and comparator move through the interval
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/afe/afe_errors.hpp"
#include "models/afe/comparator.hpp"
#include "models/bms/afe_frame.h"
#include "models/connector.hpp"
#include "models/math/random.hpp"
#include "models/time.hpp"

namespace packrig {

struct AfeDescription {
  AfeErrors errors;
  double cell_filter_s = 0.0;   // time constants of first-order low-passes; 0: none
  double shunt_filter_s = 0.0;  // of the measured current; the comparator has its own
  double comparator_filter_s = 0.0;
  // Where the current converter clips [assumed]: 6.7 % beyond the sheet's -150..300 A across 0.25 mOhm, so that the
  // firmware sees a saturated code rather than a plausible one.
  double shunt_low_V = -0.040;
  double shunt_high_V = 0.080;
  bool board_sensor_fitted = false;  // a relay board has none: the captured board reads -200.0 degC
};

class Afe {
 public:
  // Throws BadInput naming the member that is out of its range. `seed` starts the noise.
  Afe(const AfeDescription& description, std::uint64_t seed);

  // Converts the channel groups (bits PACKRIG_GROUP_*) on what is shown at now_ns; codes of other groups keep their
  // value. Fills version, fresh, now_ns, inputs and board_ddegC too; not the bus. Throws NumericFault naming the
  // terminal that is NaN.
  void sample(const Terminals& terminals, TimeNs now_ns, std::uint32_t groups, PackrigAfeCodes& codes);

  // Takes the comparator's settings from the firmware's answer.
  void configure(const PackrigAfeCommands& commands);

  // The terminals stand within [from_ns, to_ns). Returns the comparator's latch if it happens within.
  std::optional<ComparatorLatch> hold(const Terminals& terminals, TimeNs from_ns, TimeNs to_ns);

  // When the comparator would latch if what was last held stays; never_ns when it would not.
  TimeNs comparator_deadline_ns() const { return comparator_.deadline_ns(); }
  bool comparator_latched(ShortDirection direction) const { return comparator_.latched(direction); }

  // PACKRIG_DRIVE_* that really reach the coils: a latched comparator holds its direction open in hardware
  // (discharging through the precharge path too).
  std::uint32_t drives_through(std::uint32_t commanded) const;

 private:
  std::uint16_t inputs(const Terminals& terminals) const;
  void sample_cells(const Terminals& terminals, int first, int end, PackrigAfeCodes& codes);
  void move_filters(const Terminals& terminals, TimeNs span_ns);

  AfeDescription description_;
  // Of description_.errors, as rows: a group of cells is converted by one loop.
  std::array<double, cell_count_max> cell_gain_{};  // 1 in a perfect channel
  std::array<double, cell_count_max> cell_offset_V_{};
  std::array<double, cell_count_max> cell_leakage_V_{};
  bool noisy_cells_ = false;
  math::Random noise_;
  Comparator comparator_;
  std::array<double, cell_count_max> cell_V_{};  // behind the low-pass
  double shunt_V_ = 0.0;
  bool settled_ = false;             // the low-passes have been given their first input
  TimeNs coefficient_span_ns_ = -1;  // the span that the two coefficients belong to
  double cell_keep_ = 0.0;           // exp(-span / tau)
  double shunt_keep_ = 0.0;
};

}  // namespace packrig
