// Small rigs: a pack whose numbers are round, the real board, and sessions over them.
#pragma once

#include <memory>

#include "models/afe/afe.hpp"
#include "rig/bench/afe_bench.hpp"
#include "rig/bench/twin_bench.hpp"
#include "rig/session.hpp"
#include "rig/target/in_process_firmware.hpp"
#include "tests/sim/test_pack.hpp"

namespace packrig::test {

inline constexpr double shunt_Ohm = 0.25e-3;  // of the part
inline constexpr Channel cell_3{Quantity::cell_V, 3};

// 16 cells of 3.2 V, nothing connected.
inline PackDescription round_pack() {
  PackDescription d = plain_pack();
  d.shunt.resistance_Ohm = shunt_Ohm;
  return d;
}

inline SessionDescription session_description(const PackDescription& pack) {
  SessionDescription d;
  d.part = "round";
  d.specification = "{}";
  d.seed = 3;
  d.shunt_Ohm = pack.shunt.resistance_Ohm;
  d.ntc = pack.ntc;
  return d;
}

// The board as a model, in its factory state for 16 LFP cells.
inline std::unique_ptr<Bench> sim_bench(const AfeErrors& errors = AfeErrors::nominal(), std::uint64_t seed = 1) {
  AfeDescription afe;
  afe.errors = errors;
  return std::make_unique<AfeBench>("sim", std::make_unique<InProcessFirmware>(FirmwareLibrary::linked()),
                                    Afe(afe, seed), Chemistry::lfp, 16);
}

inline std::unique_ptr<Bench> twin_bench(std::uint64_t seed = 1, const InstrumentDescription& instrument = {}) {
  return std::make_unique<TwinBench>(sim_bench(), instrument, seed);
}

inline Session session_over(std::unique_ptr<Bench> bench, const PackDescription& pack = round_pack(),
                            const SessionDescription& description = session_description(round_pack())) {
  return {description, make_plant(pack), std::move(bench)};
}

// What a board sees of 16 resting cells.
inline Terminals resting_terminals(double cell_V = 3.2) {
  Terminals terminals;
  terminals.cell_count = 16;
  for (int k = 0; k <= 16; ++k) terminals.tap_V[static_cast<std::size_t>(k)] = k * cell_V;
  terminals.ntc_Ohm.fill(10'000.0);
  terminals.supply_V = 16 * cell_V;
  return terminals;
}

// Cell `number` (1-based) at `cell_V`; the taps above it move along.
inline void set_cell_V(Terminals& terminals, int number, double cell_V) {
  const auto k = static_cast<std::size_t>(number);
  const double lift_V = cell_V - (terminals.tap_V[k] - terminals.tap_V[k - 1]);
  for (std::size_t i = k; i <= static_cast<std::size_t>(terminals.cell_count); ++i) terminals.tap_V[i] += lift_V;
}

inline double cell_V(const std::array<double, tap_count_max>& tap_V, int number) {
  const auto k = static_cast<std::size_t>(number);
  return tap_V[k] - tap_V[k - 1];
}

// The message with which `Error` is thrown; empty when it is not.
template <class Error, class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace packrig::test
