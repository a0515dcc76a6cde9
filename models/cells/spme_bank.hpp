// A bank of electrochemical cells of one type, moved together: single-particle model with electrolyte (SPMe), arrays of
// eight cells (spme_tiles.hpp), inner loop over cells. To the pack it looks like the bank of equivalent circuits: a
// source behind a resistor.
//
// Per cell, with I the current (positive when it discharges) constant over a step; k = n, p (negative, positive); A the
// electrode area, L thickness, a surface per volume, x stoichiometry, bars are means:
//
//   x_k       = x_k,0 -+ SoC * ..., d SoC/dt = -I / (3600 Q)       one charge drives both electrodes
//   x_k,surf  = x_k - sum w_i z_i,  dz_i/dt = p_i D_k/R_k^2 (u_k - z_i),  u_k = +-I R_k / (D_k c_max,k a_k L_k A F)
//   c_k       = c_0 + sum v_k,m y_m,  dy_m/dt = mu_m D_e (u_e - y_m),  u_e = (1 - t+) I / (F A D_e)
//   j_k       = 2 F K_k sqrt(c_k / c_0 x_k,surf (1 - x_k,surf)) a_k L_k A          twice the exchange current
//   V = U_p(x_p,surf) - U_n(x_n,surf) + (T - T_ref) dU/dT + h M(SoC)
//       - 2RT/F (asinh(I / j_n) + asinh(I / j_p)) + 2RT/F (1 - t+) ln(c_p / c_n) - I R_ohm
//   R_ohm = 1/A (L_n / 3 (1/(B_n kappa(c_n)) + 1/sigma_n) + L_s / (B_s kappa(c_s)) + the same for p)
//   heat  = I (OCV(x_n, x_p) - V) - I T dU/dT
//
// Sources: S. G. Marquis et al., J. Electrochem. Soc. 166 (2019) A3693 (SPMe by asymptotics, electrode means of c_e,
// the thirds in R_ohm); F. Brosa Planella et al., Electrochimica Acta 388 (2021) 138524 (with temperature); BPX
// standard (kinetics); D. Bernardi et al., J. Electrochem. Soc. 132 (1985) 5 (heat); particle_modes.hpp and
// electrolyte_modes.hpp (z_i and y_m); electrochemical_set.hpp (h). Properties follow Arrhenius' law.
//
// One step is exact for the fitted linear system of z and y: each state by its exponential, SoC by a compensated sum
// (W. Kahan, Comm. ACM 8 (1965) 40), h by its exponential in charge. What is linearised: D_k is that of the mean x_k
// (quasi-linear), D_e that of c_0, kappa that of the regional means, dU/dT that of the mean x_k. Properties follow
// temperature in steps: read anew when a cell has moved 0.05 K since; kappa, M, dU/dT and the slope of the mean OCV
// when SoC has moved 0.002 or a concentration 0.5 %. In between a step has no exponential and no iteration: per cell
// two look-ups, two roots, one logarithm; that of the concentrations is a tangent (0.5 uV off at most).
//
// Validity: that of the set (voltage, temperature, SoC) and of the model: against a full porous-electrode solution
// 0.3 to 7 mV root mean square at 1C (tests/rig/parameters/bpx_reader_test.cpp), growing with the square of the rate.
// Beyond it the cell goes on smoothly and outside_validity() says so: potentials are continued
// (electrochemical_set.hpp), in the kinetics x is held inside 0.001..0.999, and concentrations count as 20 mol/m3 at
// least.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "models/cells/bank_start.hpp"
#include "models/cells/electrochemical_set.hpp"
#include "models/cells/electrolyte_modes.hpp"
#include "models/cells/spme_kernels.hpp"
#include "models/cells/spme_tiles.hpp"
#include "models/math/lines.hpp"

namespace packrig {

class SpmeBank {
 public:
  // As many cells as start.soc has elements, at rest, hysteresis in the middle. A capacity factor scales the electrode
  // area, a resistance factor the ohmic resistance and the kinetics. Throws BadInput as check(BankStart) does.
  SpmeBank(std::shared_ptr<const ElectrochemicalSet> set, const BankStart& start);

  int size() const { return static_cast<int>(count_); }
  const ElectrochemicalSet& set() const { return *set_; }

  // One step with currents constant over it and temperatures as they are; the source is then linearised at these
  // currents. Throws BadInput when the span has not size() elements or dt_s is not finite and positive. Currents are
  // not looked at: a NaN goes into the states and check() finds it.
  void advance(std::span<const double> current_A, double dt_s);

  // Linearises the source anew, at other currents: one sweep of Newton's method.
  void linearise(std::span<const double> current_A);

  // From now on; the source follows with the next step, or at once when properties are read anew. Throws BadInput when
  // the span has not size() elements.
  void set_temperature_degC(std::span<const double> temperature_degC);

  // As of now, one number per cell. Spans are valid as long as the bank and show its present state.
  std::span<const double> open_V() const { return view(open); }        // of the linearised source
  std::span<const double> series_Ohm() const { return view(series); }  // terminal V = open_V - series_Ohm * I
  std::span<const double> soc() const { return view(charge); }         // not bounded to 0..1
  std::span<const double> temperature_degC() const { return view(temperature); }
  std::span<const double> heat_W() const { return view(heat); }  // under the present currents
  std::span<const double> negative_mol_per_m3() const { return view(negative_salt); }
  std::span<const double> positive_mol_per_m3() const { return view(positive_salt); }
  std::span<const double> negative_surface_x() const { return view(negative_surface); }
  std::span<const double> positive_surface_x() const { return view(positive_surface); }

  double capacity_Ah(int cell) const;

  // Whether a cell is outside its set's validity (SoC, temperature, terminal voltage under the last current), its
  // electrolyte is depleted, or a particle's surface is empty or full.
  bool outside_validity(int cell) const;
  bool any_outside_validity() const { return outside_ || temperature_outside_; }

  // Throws NumericFault naming the cell (1-based) and its first state that is not finite.
  void check() const;

 private:
  using enum spme::Row;
  using enum spme::Face;

  double& at(spme::Row which, std::size_t cell) { return tiles_[cell / spme::lanes][which][cell % spme::lanes]; }
  double at(spme::Row which, std::size_t cell) const { return tiles_[cell / spme::lanes][which][cell % spme::lanes]; }
  double* face(spme::Face which) { return faces_.data() + which * stride_; }
  const double* face(spme::Face which) const { return faces_.data() + which * stride_; }
  std::span<const double> view(spme::Face which) const { return {face(which), count_}; }
  spme::Faces faces();
  void show(spme::Face which, std::span<const double> row);

  void read_temperature();
  void read_charge();
  void read_ohmic();
  void prepare_step();
  spme::Counted count_charge(double dt_s);
  void linearise();
  bool look_at_temperature();

  std::shared_ptr<const ElectrochemicalSet> set_;
  ElectrolyteModes electrolyte_;
  double negative_slope_x_ = 0.0;  // dx/dSoC
  double positive_slope_x_ = 0.0;
  std::size_t count_;
  std::size_t stride_;  // lanes of all tiles; those without a cell are never shown
  std::vector<spme::Tile, math::LineAllocator<spme::Tile>> tiles_;
  math::Lines faces_;                 // a row of stride_ doubles for each face
  double dt_s_ = 0.0;                 // the step that the gains are of; 0: none yet
  bool outside_ = false;              // whether a cell is outside validity,
  bool temperature_outside_ = false;  // and whether by its temperature
};

}  // namespace packrig
