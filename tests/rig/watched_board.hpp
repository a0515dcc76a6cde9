// The simulated board in a session, with its firmware's state and every conversion in view.
#pragma once

#include <functional>
#include <memory>

#include "models/bms/firmware.hpp"
#include "models/bms/part_b2a25srp.hpp"
#include "tests/rig/test_rig.hpp"

namespace packrig::test {

struct Watched {
  bms::Firmware firmware{};
  PackrigAfeCommands commands{};
  std::function<void(const PackrigAfeCodes&)> seen;  // before each step
};

class WatchedFirmware final : public FirmwarePort {
 public:
  explicit WatchedFirmware(std::shared_ptr<Watched> watched) : watched_(std::move(watched)) {}

  std::string name() const override { return "watched"; }
  std::int32_t init(std::uint8_t chemistry, std::uint8_t cell_count) override {
    return bms::start(bms::b2a25srp, chemistry, cell_count, watched_->firmware);
  }
  void restart() override { bms::restart(bms::b2a25srp, watched_->firmware); }
  void step(const PackrigAfeCodes& codes, PackrigAfeCommands& commands) override {
    if (watched_->seen) watched_->seen(codes);
    bms::step(bms::b2a25srp, watched_->firmware, codes, commands);
    watched_->commands = commands;
  }
  std::int32_t write(std::uint8_t register_number, std::int32_t value) override {
    return bms::write(bms::b2a25srp, watched_->firmware, register_number, value);
  }
  std::int32_t read(std::uint8_t register_number, std::int32_t& value) override {
    return bms::read(watched_->firmware, register_number, value);
  }
  std::int32_t load_settings(std::span<const std::uint8_t>) override { return PACKRIG_WRITE_BAD_FRAME; }
  std::unique_ptr<FirmwarePort> clone() const override {
    return std::make_unique<WatchedFirmware>(std::make_shared<Watched>(*watched_));
  }

 private:
  std::shared_ptr<Watched> watched_;
};

struct WatchedBoard {
  explicit WatchedBoard(const PackDescription& pack)
      : watched(std::make_shared<Watched>()),
        session(session_description(pack), make_plant(pack, 3),
                std::make_unique<AfeBench>("sim", std::make_unique<WatchedFirmware>(watched), Afe(AfeDescription{}, 1),
                                           Chemistry::lfp, pack.series)) {}

  const bms::Firmware& firmware() const { return watched->firmware; }
  bool alarm(int bit) const { return (firmware().protections.alarms >> bit & 1U) != 0; }
  bool closed() const { return session.drive_on(Actuator::charge) && session.drive_on(Actuator::discharge); }
  void run_s(double span_s) { session.run(session.now_ns() + from_s(span_s), std::nullopt); }
  // Seconds until it holds, looked at every 25 ms; infinity when it does not within `within_s`.
  double until_s(double within_s, const std::function<bool()>& holds) {
    const TimeNs from_ns = session.now_ns();
    while (!holds()) {
      if (to_s(session.now_ns() - from_ns) >= within_s) return std::numeric_limits<double>::infinity();
      run_s(0.025);
    }
    return to_s(session.now_ns() - from_ns);
  }
  void set_wire_Ohm(int tap, double wire_Ohm) { session.at(session.now_ns(), SetSenseWire{tap, wire_Ohm}); }

  std::shared_ptr<Watched> watched;
  Session session;
};

// 16 cells between about 3.16 and 3.24 V: far apart for the 10 mV of the trigger, above the 3.0 V of the start.
inline PackDescription uneven_pack() {
  PackDescription d = round_pack();
  d.spread.soc = 0.1;
  return d;
}

inline int highest_cell(const Plant& plant) {
  const auto cells = plant.cell_V();
  return static_cast<int>(std::max_element(cells.begin(), cells.end()) - cells.begin()) + 1;
}
inline int lowest_cell(const Plant& plant) {
  const auto cells = plant.cell_V();
  return static_cast<int>(std::min_element(cells.begin(), cells.end()) - cells.begin()) + 1;
}

}  // namespace packrig::test
