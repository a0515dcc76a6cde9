// The same BMS behind a model of laboratory instruments: set-points that arrive late and settle, have a resolution,
// and are known only through a readback with an error of its own; edges stamped by a digital input of finite
// resolution. Paced in simulated time. It keeps every rule honest before there is hardware: what the instruments
// cannot resolve must end INCONCLUSIVE or ERROR, never FAIL.
#pragma once

#include <array>
#include <memory>

#include "models/math/random.hpp"
#include "rig/bench/bench.hpp"

namespace packrig {

// What is broken in the instruments, to prove that a fault of the rig is never blamed on the product.
enum class InstrumentFault : std::uint8_t { none, stuck_cell, swapped_cells, dead_readback, dead_instrument };

// Defaults: a fast 24-channel battery simulator, one command per group of channels (group writes and per-channel
// ports; a slow one needs 0.25 s per command), with a DIO card for the drives.
struct InstrumentDescription {
  TimeNs latency_ns = 8 * millisecond_ns;         // command to the first movement of the output
  TimeNs latency_jitter_ns = 2 * millisecond_ns;  // uniform, on top
  TimeNs settling_tau_ns = 1 * millisecond_ns;    // first order
  TimeNs pace_ns = 5 * millisecond_ns;            // command and readback period
  TimeNs edge_stamp_ns = 100 * microsecond_ns;    // resolution of the drive stamps
  double cell_resolution_V = 0.1e-3;
  double cell_uncertainty_V = 0.5e-3;  // of the readback, k = 2
  double shunt_resolution_V = 1e-6;
  double shunt_uncertainty_V = 10e-6;
  double ntc_resolution_ratio = 1e-3;  // of the resistance
  double ntc_uncertainty_ratio = 2e-3;
  double supply_resolution_V = 5e-3;
  double supply_uncertainty_V = 20e-3;
  double supply_resolution_A = 1e-6;  // [assumed] a bench multimeter in its 20 mA range
  double supply_uncertainty_A = 10e-6;
  InstrumentFault fault = InstrumentFault::none;
  int fault_cell = 1;      // 1-based, of stuck_cell and swapped_cells (with the next one)
  TimeNs fault_at_ns = 0;  // from when on
};

class TwinBench final : public Bench {
 public:
  // Throws BadInput naming the member that is out of its range.
  TwinBench(std::unique_ptr<Bench> board, const InstrumentDescription& instrument, std::uint64_t seed);

  const Capabilities& capabilities() const override { return capabilities_; }
  const Actions& exchange(const Terminals& terminals, TimeNs until_ns) override;
  std::int32_t write_setting(std::uint8_t register_number, std::int32_t value) override;
  std::int32_t read_setting(std::uint8_t register_number, std::int32_t& value) override;
  std::int32_t load_settings(std::span<const std::uint8_t> frame) override;
  std::unique_ptr<Bench> clone() const override;
  void make_safe() noexcept override;

 private:
  struct Command {
    TimeNs due_ns = 0;
    Terminals terminals;
  };

  TwinBench(const TwinBench& other);

  void queue(const Terminals& terminals);
  void apply_due_commands();
  void move_outputs(TimeNs dt_ns);
  bool settled() const;
  bool faulty() const { return now_ns_ >= instrument_.fault_at_ns; }
  void collect(const Actions& inner, TimeNs from_ns);
  void read_back();

  std::unique_ptr<Bench> board_;
  InstrumentDescription instrument_;
  Capabilities capabilities_;
  math::Random random_;
  std::array<double, cell_count_max> cell_error_V_{};
  double shunt_error_V_ = 0.0;
  std::array<double, ntc_count> ntc_error_ratio_{};
  double supply_error_V_ = 0.0;
  double supply_error_A_ = 0.0;
  BoundedList<Command, 16> commands_;
  Terminals last_command_;
  Terminals target_;
  Terminals output_;
  Actions actions_;
  TimeNs now_ns_ = 0;
  TimeNs command_free_ns_ = 0;  // when the next command may leave
  bool started_ = false;
  bool safe_ = false;
};

}  // namespace packrig
