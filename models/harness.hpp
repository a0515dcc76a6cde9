// The sense harness: what stands at the BMS's connector, given the nodes of the pack and the currents that the BMS
// feeds into its taps.
//
//      node k ---- wire_Ohm[k] ----+---- tap k of the BMS <- feed_A[k]
//                                  |
//                             input_Ohm to each neighbouring tap
//
// A current fed into a tap lifts it by I R. Both cells that share the wire read it, with opposite signs: that is how
// balancing falsifies the neighbours.
//
// While every wire is below 0.5 Ohm the input resistances are left out (they shift a tap by less than 5 uV at 5 V and
// 1 MOhm) and each tap stands alone. With a bad or open wire the ladder is solved as a whole; an open tap then floats
// to where the inputs pull it, midway between its neighbours. What the BMS feeds has no more voltage behind it than
// drive_V: where a wire (beside the inputs) would take more, all that is fed shrinks by one factor, for it flows in
// loops. So next to nothing of a converter's amperes passes an open wire, but a test current of microamperes does.
#pragma once

#include <array>
#include <span>

#include "models/connector.hpp"

namespace packrig {

struct HarnessDescription {
  // V-shaped over the connector, 70 mOhm at its ends to 45 mOhm in the middle: the spread of "balance wire
  // resistance" that a captured board of 16 cells reports (45 to 71 mOhm).
  std::array<double, tap_count_max> wire_Ohm = default_wire_Ohm();
  double input_Ohm = 1e6;         // between neighbouring taps, in the BMS; assumed
  double supply_wire_Ohm = 0.05;  // both wires of the BMS's supply together; assumed
  double drive_V = 2.5;           // behind what the BMS feeds, about a cell's own voltage; assumed

  static constexpr std::array<double, tap_count_max> default_wire_Ohm() {
    std::array<double, tap_count_max> wire_Ohm{};
    for (int k = 0; k < tap_count_max; ++k) {
      const double from_middle = (k - cell_count_max / 2.0) / (cell_count_max / 2.0);
      wire_Ohm[static_cast<std::size_t>(k)] = 0.045 + 0.025 * (from_middle < 0.0 ? -from_middle : from_middle);
    }
    return wire_Ohm;
  }
};

// Throws BadInput naming the tap or member. Wires: 0.1 mOhm up to infinity (open); input 1 kOhm to 1 GOhm; supply wires
// 0 to 100 Ohm; drive 0.1 to 10 V.
void check(const HarnessDescription& harness);

class Harness {
 public:
  Harness() = default;
  // `cell_count` cells, taps 0..cell_count.
  Harness(const HarnessDescription& description, int cell_count);

  // Throws BadInput for a tap that is not there or a resistance out of range.
  void set_wire_Ohm(int tap, double wire_Ohm);

  // What the BMS wants to feed into each tap from now on; what it can is feed_A(): see above. False when it wants what
  // it wanted before.
  bool feed(const std::array<double, tap_count_max>& asked_A);
  const std::array<double, tap_count_max>& feed_A() const { return feed_A_; }

  // Tap voltages against B-, from those of the nodes (node_V[0] = 0), taps 0..cell_count.
  void tap_V(std::span<const double> node_V, std::array<double, tap_count_max>& tap_V) const;

 private:
  int cell_count_ = 0;
  double input_Ohm_ = 1e6;
  double drive_V_ = 2.5;
  bool ladder_ = false;  // a wire is bad or open
  std::array<double, tap_count_max> wire_Ohm_{};
  std::array<double, tap_count_max> asked_A_{};
  std::array<double, tap_count_max> feed_A_{};

  void limit_feed();
  double tap_Ohm(std::size_t tap) const;  // what a fed current finds there, its neighbours standing
  void solve_ladder(std::span<const double> node_V, std::array<double, tap_count_max>& tap_V) const;
};

}  // namespace packrig
