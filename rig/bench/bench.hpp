// A bench is what the BMS is plugged into: a model in process, an instrument twin, an emulator, or hardware.
//
// The bench owns time. Time passes only inside exchange(), and nowhere else in packrig.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "models/connector.hpp"
#include "models/time.hpp"

namespace packrig {

// What a bench can impose on one kind of channel, in the channel's unit. `uncertainty` is expanded (k = 2), of the
// readback. Of ntc_Ohm, resolution and uncertainty are ratios of the resistance.
struct ChannelRange {
  double low = 0.0;
  double high = 0.0;
  double resolution = 0.0;
  double uncertainty = 0.0;
};

// What a bench can impose and observe; SKIPPED and the uncertainty of a verdict follow from it alone.
struct Capabilities {
  std::string bench;
  ChannelRange cell_V;
  ChannelRange shunt_V;
  ChannelRange ntc_Ohm;
  ChannelRange supply_V;
  ChannelRange supply_A;           // observed, not imposed
  TimeNs setpoint_latency_ns = 0;  // longest time from exchange() to the set-point standing, settled, at the terminal
  TimeNs pace_ns = 0;              // shortest useful exchange; 0: none
  TimeNs readback_stamp_ns = 0;    // uncertainty of Readback::at_ns (k = 2)
  TimeNs edge_stamp_ns = 0;        // uncertainty of Edge::at_ns (k = 2)
  bool exact_time = false;         // set-points stand at the very instant of exchange(): sampled gaps carry no doubt
  bool forks = false;              // clone() works
  bool short_circuit = false;      // can impose a short-circuit step
};

class Bench {
 public:
  virtual ~Bench() = default;

  virtual const Capabilities& capabilities() const = 0;

  // Shows `terminals` from now on and lets time pass, to `until_ns` at the latest: a bench comes back sooner when
  // something right of the plug is due (the next sample, a comparator's deadline, the instrument's own pace), and
  // Actions::until_ns says where it stopped. The BMS samples what is shown at the beginning of the exchange; edges
  // are stamped inside [now, Actions::until_ns]. The result is valid until the next call.
  // Throws BenchFault when the rig (never the product) is broken.
  virtual const Actions& exchange(const Terminals& terminals, TimeNs until_ns) = 0;

  // Settings, by the JK02_32S write register and in its unit (mV, mA, 0.1 degC, s). Returns 0 or the BMS's reason
  // code of refusal. The value reaches the BMS without time passing in simulation; over a bus on hardware.
  virtual std::int32_t write_setting(std::uint8_t register_number, std::int32_t value) = 0;
  // Returns 0 and the value, or a reason code.
  virtual std::int32_t read_setting(std::uint8_t register_number, std::int32_t& value) = 0;
  // A captured 300-byte settings frame, as the board would send it.
  virtual std::int32_t load_settings(std::span<const std::uint8_t> frame) = 0;

  // A copy with the same future. Throws BenchFault where capabilities().forks is false.
  virtual std::unique_ptr<Bench> clone() const = 0;

  // All outputs to a safe state; called on every way out of a session.
  virtual void make_safe() noexcept = 0;
};

}  // namespace packrig
