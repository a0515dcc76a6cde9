#include "sim/port_balance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace packrig {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

// What drives the port upwards, on one piece: drive_A - fall_S v - power_W / v within [low_V, high_V].
struct Piece {
  double low_V;
  double high_V;
  double drive_A;
  double fall_S;
  double power_W;

  double at(double port_V) const { return drive_A - fall_S * port_V - (power_W != 0.0 ? power_W / port_V : 0.0); }

  // Where it falls through 0: of a hyperbola's two roots the upper one.
  std::optional<double> stable_V() const {
    if (power_W == 0.0) return drive_A / fall_S;
    const double under_root = drive_A * drive_A - 4.0 * fall_S * power_W;
    if (under_root < 0.0) return std::nullopt;
    const double root_A = std::sqrt(under_root);
    return drive_A >= 0.0 ? (drive_A + root_A) / (2.0 * fall_S) : 2.0 * power_W / (drive_A - root_A);
  }
};

// The piece that holds the voltages just above (or just below) `port_V`.
Piece piece_beside(double port_V, bool above, const LoopCurve& loop, const LoadCurve& load, const PortShunt& shunt) {
  const auto reached = [=](double from_V) { return above ? from_V <= port_V : from_V < port_V; };
  Piece piece{-unbounded, unbounded, 0.0, 0.0, 0.0};
  for (const LoopPiece& part : loop.pieces()) {
    if (!reached(part.from_V)) {
      piece.high_V = part.from_V;
      continue;
    }
    piece.low_V = part.from_V;
    piece.drive_A = part.offset_A + shunt.hold_S * shunt.hold_V;
    piece.fall_S = part.slope_S + shunt.short_S + shunt.hold_S;
    break;
  }
  const std::span<const LoadPiece> parts = load.pieces();
  std::size_t k = parts.size() - 1;
  while (k > 0 && !reached(parts[k].from_V)) piece.high_V = std::min(piece.high_V, parts[k--].from_V);
  piece.low_V = std::max(piece.low_V, parts[k].from_V);
  piece.drive_A -= parts[k].offset_A;
  piece.fall_S += parts[k].slope_S;
  piece.power_W = parts[k].power_W;
  return piece;
}

}  // namespace

LoopCurve::LoopCurve() { pieces_.push_back({-unbounded, 0.0, 0.0}); }

LoopCurve::LoopCurve(double open_V, double loop_Ohm) {
  const double slope_S = 1.0 / loop_Ohm;
  pieces_.push_back({-unbounded, slope_S, open_V * slope_S});
}

void LoopCurve::extend_downwards(double from_V, double open_V, double loop_Ohm) {
  pieces_[pieces_.size() - 1].from_V = from_V;
  pieces_.push_back({-unbounded, 1.0 / loop_Ohm, open_V / loop_Ohm});
}

double LoopCurve::current_A(double port_V) const {
  for (const LoopPiece& piece : pieces_) {
    if (port_V >= piece.from_V) return piece.offset_A - piece.slope_S * port_V;
  }
  return std::numeric_limits<double>::quiet_NaN();  // a voltage that is not a number
}

double balanced_port_V(const LoopCurve& loop, const LoadCurve& load, const PortShunt& shunt, double start_V) {
  Piece piece = piece_beside(start_V, true, loop, load, shunt);
  const double start_A = piece.at(start_V);
  if (std::isnan(start_A)) return start_A;
  const bool rising = start_A > 0.0;
  double port_V = start_V;
  while (start_A != 0.0 && std::isfinite(port_V)) {
    if (!rising) piece = piece_beside(port_V, false, loop, load, shunt);
    const double edge_V = rising ? piece.high_V : piece.low_V;
    const std::optional<double> stable_V = piece.stable_V();
    const double low_V = rising ? port_V : piece.low_V;
    const double high_V = rising ? piece.high_V : port_V;
    // Beyond the edge the sign has turned; or a hyperbola turns it twice within, and we come from above its vertex.
    const bool turned = std::isfinite(edge_V) ? (piece.at(edge_V) > 0.0) != rising : true;
    const bool twice = !rising && piece.fall_S * port_V * port_V > piece.power_W && stable_V && *stable_V > low_V;
    if (stable_V && (turned || twice)) {
      return std::clamp(*stable_V, low_V, high_V);
    }
    port_V = edge_V;
    if (rising) piece = piece_beside(port_V, true, loop, load, shunt);
  }
  return port_V;
}

}  // namespace packrig
