// The string: cells in parallel groups, groups in series through busbars, the currents that the BMS takes and feeds.
//
// A parallel group is solved in closed form. With a source E and a resistance R per cell and G = 1/R,
//      V = (sum E G - I) / sum G,   i = (E - V) G,
// so towards the string it is one source of (sum E G / sum G) behind 1 / sum G.
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

#include "models/cells/ecm_bank.hpp"
#include "models/connector.hpp"
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

  // The BMS's currents from now on. True when they differ from those before; then carry() must follow.
  bool draw(const std::array<double, tap_count_max>& feed_A, double supply_A);
  StringSource source() const { return source_; }

  // Voltages as of now with `bus_A` leaving the string.
  void carry(double bus_A);

  // One step with `bus_A` constant over it. carry() must follow.
  void advance(double bus_A, double dt_s, double ambient_degC);

  // As of the last carry(). One value per group, or per node (node 0 = B-).
  std::span<const double> cell_V() const { return {cell_V_.data(), series_}; }
  std::span<const double> node_V() const { return {node_V_.data(), series_ + 1}; }
  double string_V() const { return node_V_[series_]; }
  double shunt_A() const { return shunt_A_; }

  // As of now, one value per group (mean of its cells, weighted by capacity).
  std::span<const double> cell_soc() const;
  std::span<const double> cell_degC() const;
  int outside_validity() const;  // 1-based group, 0 none

  // Throws NumericFault naming the state that is not finite.
  void check() const;

 private:
  std::shared_ptr<const PackDescription> description_;
  std::size_t series_;
  std::size_t parallel_;
  EcmBank bank_;                // cell p of group k at k * parallel + p
  std::vector<double> weight_;  // of each cell in its group, by capacity
  std::vector<double> current_A_;
  std::vector<double> ambient_degC_;
  double supply_A_ = 0.0;
  std::array<double, tap_count_max> feed_A_{};
  StringSource source_{};
  std::array<double, cell_count_max> open_V_{};  // of each group
  std::array<double, cell_count_max> series_Ohm_{};
  std::array<double, cell_count_max> extra_A_{};  // current of each group beyond the bus current
  std::array<double, cell_count_max> cell_V_{};
  std::array<double, tap_count_max> node_V_{};
  double shunt_A_ = 0.0;
  std::array<double, cell_count_max> mean_soc_{};  // of parallel groups
  std::array<double, cell_count_max> mean_degC_{};

  void reduce();
  void average(std::span<const double> of_cells, std::span<double> of_groups) const;
};

}  // namespace packrig
