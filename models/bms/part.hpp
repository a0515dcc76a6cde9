// What distinguishes one board of the family from another: the configuration that the copy is flashed with.
//
// A sibling is a second constant of this type in a file of its own. Nothing here may come from the rules that a
// board is judged by (models/parts): oracle and suspect share no number.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "models/bms/protocol/choices.hpp"
#include "options.hpp"

namespace packrig::bms {

// The board's own coding of the chemistry (cell frame, offset 275).
enum Chemistry : uint8_t { lfp = 0, li_ion = 1, lto = 2 };
constexpr size_t chemistry_count = 3;

// One register of the one-key presets, a value for each chemistry in the order of Chemistry.
struct PresetRow {
  uint8_t register_number;
  int32_t value[chemistry_count];
};

// Which cells must have reached the voltage that means full, or empty.
enum class AnchorCells : uint8_t { any, all };

// Voltage of a rested cell from 0 to 100 % of its charge, in steps of 10 %.
constexpr uint32_t rest_curve_points = 11;
constexpr int32_t rest_curve_step_permille = 100;
struct RestCurve {
  int32_t cell_mV[rest_curve_points];
};

// One byte of a frame that nothing the firmware knows reaches.
struct FrameByte {
  uint16_t offset;
  uint8_t value;
};

// What the board says of itself, ASCII.
struct Identity {
  const char* model;
  const char* hardware;
  const char* software;
  const char* date;    // YYMMDD
  const char* serial;  // 11 digits [assumed] of no real board: apps find a board by it
};

// Which cell the power-off voltage is compared with: the sheet says a cell, the maker's manual the highest one.
enum class PowerOffCell : uint8_t { highest, lowest };

struct Part {
  const char* name;
  Identity identity;
  ProtocolChoices protocol;
  uint8_t cell_count_low[chemistry_count];
  uint8_t cell_count_high;
  int32_t capacity_mAh;  // until somebody sets it

  int32_t shunt_uOhm;
  int32_t charge_range_mA;  // measured currents are clipped to these two
  int32_t discharge_range_mA;
  int32_t flowing_mA;    // a current beyond this counts as charging or discharging
  int32_t zero_mA;       // the sensor's zero may be off by it: only beyond it a current keeps awake, or a path is stuck
  int32_t short_uV;      // comparator threshold across the shunt, both directions
  int32_t shunt_low_uV;  // ends of the current converter: a code at one of them is no measurement
  int32_t shunt_high_uV;

  int32_t cell_present_mV;  // an input that reads more counts as a cell

  uint32_t wake_ms;      // one channel group per wake, four wakes per scan
  uint32_t no_delay_ms;  // for conditions that have already been timed in hardware
  uint32_t cell_delay_ms;
  uint32_t temperature_delay_ms;
  uint32_t probe_delay_ms;
  uint32_t sensor_delay_ms;  // current converter at its end
  uint32_t path_delay_ms;    // a path does not follow its drive

  bool feedback_fitted;   // the board sees by an auxiliary contact whether a path is closed
  bool precharge_fitted;  // there is a drive for a precharge path
  uint16_t short_tries;   // reclosings onto a standing short circuit before the board gives up

  PowerOffCell power_off_cell;
  uint32_t standby_wake_ms;  // as wake_ms, in standby
  uint32_t closing_ms;       // from opening the paths to switching off
  uint32_t button_on_ms;
  uint32_t button_off_ms;
  uint32_t emergency_min;  // how long the emergency switch holds, until somebody sets it
  uint32_t bus_hold_ms;    // transceivers stay ready after the last byte
  uint32_t front_end_ms;   // without a whole scan for so long the front end counts as lost

  // Charge counter.
  int32_t dead_band_mA;  // what is measured within it counts as no current
  AnchorCells full_anchor;
  AnchorCells empty_anchor;
  uint32_t full_rate_permille;  // of the capacity in an hour: while more charges, no voltage means full
  uint32_t anchor_delay_ms;
  uint32_t learn_longest_s;    // between the two anchors that a capacity is learned from
  uint32_t learn_low_percent;  // of the capacity setting: what is learned lies within these two
  uint32_t learn_high_percent;
  uint32_t charge_hidden_ms;  // after the power came, the state of charge is shown as 0
  RestCurve rest_curve[chemistry_count];

  // Store: counters are written when the charge has moved by so much of the capacity, and so often at least.
  uint32_t save_step_permille;
  uint32_t save_interval_s;

  // Calibration accepted, as the correction that it means.
  uint32_t calibration_limit_permille;
  int32_t calibration_limit_uV;  // of the shunt's zero

  Options options;          // as delivered
  uint32_t uart_protocols;  // that it offers, a bit per number
  uint32_t can_protocols;

  int32_t balance_rated_mA;    // the register may ask for more
  uint32_t balance_out_ms;     // longest phase out of the highest cell
  uint32_t balance_in_ms;      // longest phase into the lowest cell
  uint32_t balance_settle_ms;  // a phase this old whose current has faded is over

  int32_t wire_high_mOhm;   // a wire above it is a poor contact
  int32_t wire_low_mOhm;    // one below it too; 0: none is
  int32_t wire_current_mA;  // the least converter current that measures a wire
  int32_t wire_steady_mA;   // and the most that the pack's current may have moved meanwhile
  uint32_t wire_retest_ms;  // the self-test repeats so often while a wire is poor
  uint32_t open_wire_period_ms;
  int32_t open_wire_mV;  // by which the cells beside an open wire differ between the two directions
  uint32_t open_wire_delay_ms;

  const PresetRow* presets;
  size_t preset_count;
  const FrameByte* frame_bytes;
  size_t frame_byte_count;
  const FrameByte* cell_frame_bytes;
  size_t cell_frame_byte_count;
  const FrameByte* device_frame_bytes;
  size_t device_frame_byte_count;
};

// The presets of a sibling: those of `base`, but for the registers in `differing`.
template <size_t count>
struct Presets {
  PresetRow row[count];
};
template <size_t count, size_t differing_count>
constexpr Presets<count> presets_like(const PresetRow (&base)[count], const PresetRow (&differing)[differing_count]) {
  Presets<count> presets{};
  for (size_t i = 0; i < count; ++i) {
    presets.row[i] = base[i];
    for (const PresetRow& other : differing) {
      if (other.register_number == base[i].register_number) presets.row[i] = other;
    }
  }
  return presets;
}

}  // namespace packrig::bms
