// The BMS as a model of its analogue front end and a firmware, wherever that runs. Time jumps.
//
// While the balancer works, its current drops up to 0.3 V over the sense wires of its cell and of both neighbours. The
// converter therefore rests for 1 ms before each conversion of cells [assumed: fifty time constants of an input filter
// of 20 us, 4 % of a slot]. Resting is better than compensating: a compensation needs the resistance of each wire, and
// a contact that went bad would falsify the reading of three cells until the next test of the wires.
// PackrigAfeCommands::balance_through_scan keeps the converter running, which is that test.
#pragma once

#include <array>
#include <memory>

#include "models/afe/afe.hpp"
#include "models/afe/balancer.hpp"
#include "models/afe/brown_out.hpp"
#include "models/cells/cell_set.hpp"
#include "rig/bench/bench.hpp"
#include "rig/target/firmware_port.hpp"

namespace packrig {

class AfeBench final : public Bench {
 public:
  // Powers the board up at time 0 in its factory state for this chemistry and cell count. `name` is the bench's, by
  // where the firmware runs. Throws BadInput with the firmware's reason code when it refuses chemistry or count.
  AfeBench(const std::string& name, std::unique_ptr<FirmwarePort> firmware, const Afe& afe, Chemistry chemistry,
           int cell_count);

  const Capabilities& capabilities() const override { return capabilities_; }
  const Actions& exchange(const Terminals& terminals, TimeNs until_ns) override;
  std::int32_t write_setting(std::uint8_t register_number, std::int32_t value) override;
  std::int32_t read_setting(std::uint8_t register_number, std::int32_t& value) override;
  std::int32_t load_settings(std::span<const std::uint8_t> frame) override;
  std::unique_ptr<Bench> clone() const override;
  void make_safe() noexcept override {}  // nothing is energised in a simulation

 private:
  AfeBench(const AfeBench& other);

  void wake(const Terminals& terminals);
  void lose_power();
  void power_up();
  std::uint8_t power_mode() const;
  TimeNs feeds_until_ns(const Terminals& terminals, TimeNs until_ns);
  void set_drives(std::uint32_t drives, TimeNs at_ns);
  void take_bus_bytes();
  void release_bus_bytes();

  std::unique_ptr<FirmwarePort> firmware_;
  Afe afe_;
  BrownOut supply_;
  Balancer balancer_{BalancerDescription{}};
  bool feeds_ = false;       // something into the taps: actions_ tells what
  double balanced_A_ = 0.0;  // of the converter while it last worked, 0 once it is not asked to
  Capabilities capabilities_;
  PackrigAfeCodes codes_{};
  PackrigAfeCommands commands_{};
  Actions actions_;
  // What the firmware has sent and whose stop bits lie ahead, in order of time; the newest stamp of each port.
  BoundedList<BusByte, 1024> on_the_wire_;
  std::array<TimeNs, port_count> newest_byte_ns_{};
  TimeNs now_ns_ = 0;
  TimeNs wake_ns_ = 0;
  std::uint16_t inputs_ = 0;
  bool woken_by_comparator_ = false;
};

}  // namespace packrig
