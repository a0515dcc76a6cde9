// A bank of equivalent-circuit cells of one type, moved together: struct of arrays, inner loop over cells.
//
// Per cell, with I the current (positive when it discharges) constant over a step of length dt:
//
//   d SoC/dt = -I / (3600 Q)
//   d v_k/dt = (R_k I - v_k) / tau_k                                        k = 1, 2
//   q = I^2 R0 + v_1^2 / R_1 + v_2^2 / R_2 - I (T + 273.15) dU/dT
//   V = OCV(SoC, T) - v_1 - v_2 - R0 I
//
// The circuit is the usual two-RC one (G. L. Plett, Battery Management Systems I, 2015, chapter 2); q is the heat of
// its resistors plus the reversible heat (D. Bernardi, E. Pawlikowski, J. Newman, J. Electrochem. Soc. 132 (1985) 5).
//
// One step is exact for constant elements: v_k by its exponential, v_k^2 by its integral over the step, SoC by a
// compensated sum (W. Kahan, Comm. ACM 8 (1965) 40), temperature is given from outside (models/thermal_network.hpp).
// Elements follow SoC and temperature in steps: the whole bank reads them anew as soon as one cell has moved 0.05 K or
// 0.001 of SoC since they were last read, and its exponentials when dt changes. In between a step costs no exponential.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "models/cells/bank_start.hpp"
#include "models/cells/cell_set.hpp"
#include "models/math/lines.hpp"

namespace packrig {

class EcmBank {
 public:
  // As many cells as start.soc has elements, at rest. A resistance factor scales R0, R1 and R2; time constants stay.
  // Throws BadInput as check(BankStart) does.
  EcmBank(std::shared_ptr<const CellSet> set, const BankStart& start);

  int size() const { return static_cast<int>(count_); }
  const CellSet& set() const { return *set_; }

  // One step with currents constant over it and temperatures as they are. Throws BadInput when the span has not size()
  // elements or dt_s is not finite and positive. Currents are not looked at: a NaN goes into the states and check()
  // finds it.
  void advance(std::span<const double> current_A, double dt_s);

  // From now on. Throws BadInput when the span has not size() elements.
  void set_temperature_degC(std::span<const double> temperature_degC);

  // As of now, one number per cell. Spans are valid as long as the bank and show its present state.
  std::span<const double> open_V() const { return view(open); }        // OCV - v_1 - v_2, the Thevenin source
  std::span<const double> series_Ohm() const { return view(series); }  // R0: terminal V = open_V - series_Ohm * I
  std::span<const double> soc() const { return view(charge); }         // not bounded to 0..1
  std::span<const double> temperature_degC() const { return view(temperature); }
  std::span<const double> heat_W() const { return view(heat); }  // mean over the last step

  double capacity_Ah(int cell) const;

  // Whether a cell is outside its set's validity (SoC, temperature, or terminal voltage under the last step's current).
  bool outside_validity(int cell) const;
  bool any_outside_validity() const;

  // Throws NumericFault naming the cell (1-based) and its first state that is not finite.
  void check() const;

 private:
  // One row of padded doubles each; all lie in one block, so that a bank is copied by one copy of memory.
  enum Row : std::size_t {
    // description of each cell
    per_coulomb,  // 1 / (3600 Q)
    resistance,   // its factor
    // state
    charge,        // SoC
    charge_carry,  // what the compensated sum still owes it
    rc1,           // v_1
    rc2,           // v_2
    temperature,
    // of the last step
    current,
    heat,
    number,  // where a cell lies in the table of open-circuit voltages
    soc_weight,
    degC_weight,
    open,
    // elements as last read, and where
    series,
    entropy,
    r1,
    r2,
    g1,  // 1/R, 0 for an absent pair
    g2,
    tau1,
    tau2,
    read_soc,
    read_degC,
    // of the present dt: exp(-dt/tau) and the weights of v^2's integral
    decay1,
    decay2,
    linear1,
    linear2,
    square1,
    square2,
    row_count
  };
  static constexpr std::size_t lanes = 4;  // what is computed comes in multiples of this

  double* row(Row which) { return block_.data() + which * stride_; }
  const double* row(Row which) const { return block_.data() + which * stride_; }
  std::span<const double> view(Row which) const { return {row(which), count_}; }
  void pad(Row which);

  void read_elements();
  void prepare_step();
  void place_cells();
  void look_up_open_V();

  std::shared_ptr<const CellSet> set_;
  std::size_t count_;
  std::size_t padded_;  // count_ rounded up to whole vectors; the cells in between are computed and never shown
  std::size_t stride_;  // from row to row: whole cache lines
  math::Lines block_;   // row_count * stride_
  double dt_s_ = 0.0;   // the step that the exponentials are of; 0: none yet
};

}  // namespace packrig
