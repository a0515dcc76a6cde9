// Where a pack's heat goes: cells side by side in a row, the BMS board at its end, air around all of them.
//
//   C dT_i/dt = q_i + (T_air - T_i) / R + G (T_(i-1) - T_i) + G (T_(i+1) - T_i)
//   C_b dT_b/dt = q_b + G_b (T_air - T_b) + G_c (T_last - T_b)
//
// One step is the trapezoidal rule (J. Crank, P. Nicolson, Math. Proc. Camb. Phil. Soc. 43 (1947) 50), solved for the
// change of temperature (so what is in balance stays so to the last bit) by elimination from both ends of the row to
// its middle, which a processor does side by side: implicit, unconditionally stable, conserves energy, off by
// (dt / time constant)^2 / 12 of what it moves (a cell's time constant is 1000 s and more, the board's 50 s).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace packrig {

struct ThermalDescription {
  double neighbour_W_per_K = 0.5;              // between neighbouring cells; assumed: air gap and spacers
  double board_heat_capacity_J_per_K = 100.0;  // assumed: 100 g of board and aluminium
  double board_W_per_K = 2.0;                  // board to air; assumed: 0.2 m2 of board and cover
  double cell_board_W_per_K = 0.05;            // last cell to board; assumed: the taps' copper
};

// Throws BadInput naming the member, its value and the range.
void check(const ThermalDescription& description);

class ThermalNetwork {
 public:
  // `count` equal cells. The description has been checked.
  ThermalNetwork(const ThermalDescription& description, std::size_t count, double cell_heat_capacity_J_per_K,
                 double cell_air_K_per_W, double start_degC);

  // One step of dt_s > 0 with constant heat; `heat_W` holds one number per cell.
  void advance(std::span<const double> heat_W, double board_W, double air_degC, double dt_s);

  std::span<const double> cell_degC() const { return {degC_.data(), degC_.size() - 1}; }
  double board_degC() const { return degC_.back(); }

 private:
  // Of the cells, then of the board.
  std::vector<double> heat_capacity_J_per_K_;
  std::vector<double> air_W_per_K_;
  std::vector<double> link_W_per_K_;  // from each node to the next
  std::vector<double> degC_;
  std::vector<double> inverse_pivot_K_per_W_;  // of the elimination, for steps of dt_s_
  std::vector<double> share_;                  // of a node's change in that of its neighbour towards the middle
  std::vector<double> change_K_;
  double dt_s_ = 0.0;

  void prepare_step();
};

}  // namespace packrig
