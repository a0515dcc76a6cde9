// The string: cells in parallel groups, groups in series through busbars, the currents that the BMS takes and feeds.
//
// A parallel group is solved in closed form. With a source E and a resistance R per cell and G = 1/R,
//      V = (sum E G - I) / sum G,   i = (E - V) G,
// so towards the string it is one source of (sum E G / sum G) behind 1 / sum G. Self-discharge and an internal short
// are a conductance across a cell's own terminals: it adds to sum G only.
//
// An electrochemical cell's E and R are the tangent at its last current. Once the circuit has found a current,
// follow() lays the tangents anew where a cell's moved by more than 0.01 C; two such sweeps of Newton's method per
// settling leave less than 10 uV.
//
// Temperature moves in steps of 0.1 s at least and 10 s at most (models/thermal_network.hpp), with the heat of all that
// passed since.
//
// Currents, from the top: the BMS feeds feed_A[k] into node k and takes supply_A from the top node, so
//      I[top] = bus_A + supply_A - feed_A[top],   I[k] = I[k+1] - feed_A[k].
// Whatever is left of the sum of all feeds returns through B-, which is the BMS's ground.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/cells/cell_bank.hpp"
#include "models/connector.hpp"
#include "models/math/lines.hpp"
#include "sim/pack_description.hpp"

namespace packrig {

// What the string and the shunt look like from the bus.
struct StringSource {
  double open_V;
  double series_Ohm;
};

class Pack {
 public:
  // The description has been checked.
  Pack(std::shared_ptr<const PackDescription> description, std::uint64_t seed);

  // The BMS's currents from now on; carry() must follow.
  void feed(const std::array<double, tap_count_max>& feed_A, double supply_A);
  // The same with the feed as it was. False where the supply current has moved by 1 uA or less, which leaves it: it
  // follows the pack's voltage, so it always moves by some nA, and 1 uA is what a trace resolves of it.
  bool draw(double supply_A);
  // Heat on the BMS's board beyond what it draws from its supply.
  void set_balance_W(double balance_W) { balance_W_ = balance_W; }
  StringSource source() const { return source_; }

  // Voltages as of now with `bus_A` leaving the string.
  void carry(double bus_A);

  // Lays the cells' tangents at the currents of the last carry(). True when the source moved; then the circuit must
  // find its current again, and carry() must follow.
  bool follow();

  // One step with `bus_A` constant over it. carry() must follow.
  void advance(double bus_A, double dt_s, double ambient_degC);

  // The longest step in which this current moves no cell by more than 0.0005 of its charge; 1 s at least, 600 s at
  // most: a quiet pack takes long steps.
  double longest_step_s(double bus_A) const;

  // Faults. `group` counts from 1 at B-, `cell` from 1 within the group; infinity removes the short.
  // Each throws BadInput naming what is out of range (Ohm: 1e-4 upwards for a short, 0 upwards for a busbar).
  // An open busbar (1e5 Ohm upwards) passes what 1 MOhm passes, and no current of the BMS: its supply and balancing
  // count as zero, for they would have to pass it.
  void set_internal_short(int group, int cell, double short_Ohm);
  void set_busbar_Ohm(int group, double busbar_Ohm);  // the one above the group

  // As of the last carry(). One value per group, or per node (node 0 = B-).
  std::span<const double> cell_V() const { return {cell_V_.data(), series_}; }
  std::span<const double> node_V() const { return {node_V_.data(), series_ + 1}; }
  double string_V() const { return node_V_[series_]; }
  double shunt_A() const { return shunt_A_; }

  // As of now, one value per group (mean of its cells, weighted by capacity).
  std::span<const double> cell_soc() const;
  double group_Ah(std::size_t group) const;  // capacity of group 0 .. series - 1
  std::span<const double> cell_degC() const;
  double board_degC() const { return thermal_.board_degC(); }
  int outside_validity() const;  // 1-based group, 0 none

  // Throws NumericFault naming the state that is not finite.
  void check() const;

 private:
  static constexpr std::size_t padded_count = math::rounded_up(cell_count_max, 4);
  using Groups = std::array<double, padded_count>;  // one number per group, zero beyond the last

  std::shared_ptr<const PackDescription> description_;
  std::size_t series_;
  std::size_t parallel_;
  CellBank bank_;               // cell p of group k at k * parallel + p
  ThermalNetwork thermal_;      // of the same cells in the same order
  std::vector<double> weight_;  // of each cell in its group, by capacity
  std::vector<double> current_A_;
  std::vector<double> tangent_A_;  // where the bank was linearised
  double tangent_bus_A_ = 0.0;     // the bus current there
  bool only_bus_moved_ = false;    // since then, of what a cell's current is made of
  std::vector<double> self_discharge_S_;
  std::vector<double> leak_S_;  // self-discharge and internal short
  std::vector<double> heat_J_;  // since temperature last moved
  double board_J_ = 0.0;
  double heated_s_ = 0.0;
  bool leaks_ = false;
  Groups busbar_Ohm_{};
  bool open_busbar_ = false;
  double supply_A_ = 0.0;
  double balance_W_ = 0.0;
  std::array<double, tap_count_max> feed_A_{};
  StringSource source_{};
  Groups open_V_{};  // of each group
  Groups series_Ohm_{};
  Groups extra_A_{};  // current of each group beyond the bus current
  Groups cell_V_{};
  std::array<double, padded_count + 1> node_V_{};
  double bus_A_ = 0.0;  // of the last carry()
  double shunt_A_ = 0.0;
  std::array<double, cell_count_max> mean_soc_{};  // of parallel groups
  std::array<double, cell_count_max> mean_degC_{};

  void take_up_draw();
  void reduce();
  void find_source();
  void split(double bus_A);
  void note_tangents(double bus_A);
  void gather_heat(double dt_s);
  void move_temperature(double ambient_degC);
  // Without parallel cells and leaks, a cell carries its group's current.
  bool one_by_one() const { return parallel_ == 1 && !leaks_; }
  double cell_Ohm(std::size_t cell) const { return bank_.series_Ohm()[cell] + description_->cell_contact_Ohm; }
  void average(std::span<const double> of_cells, std::span<double> of_groups) const;
};

}  // namespace packrig
