// The converter that balances: it takes energy out of one cell into a storage capacitor and gives it to another one.
//
//      phase        current at the cell                       as the store fills or empties
//      out          asked * first                             sags to out_last of it when full
//      in           asked * first                             sags to in_last of it when empty
//
// Numbers, from 70 captured frames of a 2 A board with 8 cells and firmware 11.17 (each phase repeats every 65 s): out
// of the highest cell for 43 s, from -1.95 A to -1.5 A; into the lowest for 22 s, from +1.95 A to between +1.3 A and
// +1.0 A. A current that sags in proportion to the store needs, at 3.3 V,
//      out  0.23 * 3.3 V * 1.95 A * 43 s / -ln(1 - 0.23) = 243 J taken,
//      in   0.41 * 3.3 V * 1.95 A * 22 s / -ln(1 - 0.41) = 110 J given:
// 45 % arrive. That is what the captures give; how it divides between the phases is assumed: evenly.
#pragma once

#include <array>

#include "models/bms/afe_frame.h"
#include "models/connector.hpp"
#include "models/time.hpp"

namespace packrig {

struct BalancerDescription {
  double rated_A = 2.0;          // of the data sheet; more is not to be had
  double first_share = 0.975;    // of the current that is asked for, with an empty store going out, a full one going in
  double out_last_share = 0.77;  // of the first current, as the store becomes full
  double in_last_share = 0.59;   // of the first current, as the store becomes empty
  double phase_efficiency = 0.673;  // of each phase; their product is the 45 %
  double store_J = 164.0;           // 243 J * 0.673
  double input_low_V = 1.0;         // below it the converter stands still [assumed]: the lower end of the cell range
};

// Throws BadInput naming the member that is out of its range.
void check(const BalancerDescription& balancer);

// A value. One interval: begin() says what flows, end() moves the store. The current is constant within.
class Balancer {
 public:
  Balancer() = default;
  explicit Balancer(const BalancerDescription& description);

  // What flows from now on, given what the firmware asks and what stands at the taps. At most one of balance_from and
  // balance_to acts, the former first; a cell that is not there, an empty (full) store or too low a cell: nothing.
  void begin(const PackrigAfeCommands& commands, const Terminals& terminals);
  // Nothing flows from now on: the converter rests while cells are converted.
  void rest() { cell_A_ = store_W_ = heat_W_ = 0.0; }
  // `span_ns` has passed since.
  void end(TimeNs span_ns);

  double cell_A() const { return cell_A_; }  // into the cell that is worked on; negative: out of it
  double heat_W() const { return heat_W_; }  // what the converter loses
  double stored_J() const { return stored_J_; }

  // Adds what flows to the current fed into each tap: into the cell's upper tap and back out of its lower one.
  void feed(std::array<double, tap_count_max>& feed_A) const;

 private:
  BalancerDescription description_;
  double stored_J_ = 0.0;
  int cell_ = 0;  // 1-based
  double cell_A_ = 0.0;
  double store_W_ = 0.0;  // into the store
  double heat_W_ = 0.0;
};

}  // namespace packrig
