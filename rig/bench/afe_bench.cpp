#include "rig/bench/afe_bench.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "models/afe/open_wire.hpp"
#include "models/afe/supply.hpp"
#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {

namespace {

// A change of these pins wakes the firmware at once; the others wait for its own rhythm.
std::uint16_t waking_inputs_of(const Terminals& terminals) {
  return static_cast<std::uint16_t>((terminals.charger_plugged ? PACKRIG_INPUT_CHARGER : 0U) |
                                    (terminals.button_pressed ? PACKRIG_INPUT_BUTTON : 0U));
}

// Values of PackrigAfeCommands.power_mode.
constexpr std::uint8_t off = 0;
constexpr std::uint8_t running = 3;
constexpr std::uint8_t running_with_bus = 4;

constexpr std::uint32_t cell_groups = PACKRIG_GROUP_CELLS_A | PACKRIG_GROUP_CELLS_B | PACKRIG_GROUP_CELLS_C;
constexpr TimeNs balancer_rest_ns = millisecond_ns;  // before cells are converted, see the header

Capabilities capabilities_of(const std::string& name) {
  Capabilities can;
  can.bench = name;
  can.cell_V = {-5.0, 10.0, 0.0, 0.0};
  can.shunt_V = {-1.0, 1.0, 0.0, 0.0};
  can.ntc_Ohm = {0.0, 1e9, 0.0, 0.0};
  can.supply_V = {0.0, 200.0, 0.0, 0.0};
  can.supply_A = {-1.0, 1.0, 0.0, 0.0};
  can.exact_time = true;
  can.forks = true;
  can.short_circuit = true;
  return can;
}

}  // namespace

AfeBench::AfeBench(const std::string& name, std::unique_ptr<FirmwarePort> firmware, const Afe& afe, Chemistry chemistry,
                   int cell_count)
    : firmware_(std::move(firmware)), afe_(afe), capabilities_(capabilities_of(name)) {
  // The board's own coding of the chemistry: 0 LFP, 1 Li-ion, 2 LTO.
  const auto code = static_cast<std::uint8_t>(chemistry == Chemistry::lfp ? 0 : chemistry == Chemistry::li_ion ? 1 : 2);
  const std::int32_t refusal = firmware_->init(code, static_cast<std::uint8_t>(cell_count));
  if (refusal != PACKRIG_WRITE_OK) {
    throw BadInput("firmware '" + firmware_->name() + "' refuses " + std::to_string(cell_count) + " cells of " +
                   chemistry_name(chemistry) + " (reason " + std::to_string(refusal) + ")");
  }
  commands_.version = PACKRIG_AFE_VERSION;
}

AfeBench::AfeBench(const AfeBench& other)
    : Bench(other),
      firmware_(other.firmware_->clone()),
      afe_(other.afe_),
      supply_(other.supply_),
      balancer_(other.balancer_),
      feeds_(other.feeds_),
      balanced_A_(other.balanced_A_),
      capabilities_(other.capabilities_),
      codes_(other.codes_),
      commands_(other.commands_),
      actions_(other.actions_),
      on_the_wire_(other.on_the_wire_),
      newest_byte_ns_(other.newest_byte_ns_),
      now_ns_(other.now_ns_),
      wake_ns_(other.wake_ns_),
      inputs_(other.inputs_),
      woken_by_comparator_(other.woken_by_comparator_) {}

std::unique_ptr<Bench> AfeBench::clone() const { return std::unique_ptr<Bench>(new AfeBench(*this)); }

void AfeBench::set_drives(std::uint32_t drives, TimeNs at_ns) {
  for (int i = 0; i < actuator_count; ++i) {
    const bool on = ((drives >> i) & 1U) != 0;
    bool& was_on = actions_.drive_on[static_cast<std::size_t>(i)];
    if (on != was_on) actions_.edges.push_back({at_ns, static_cast<Actuator>(i), on});
    was_on = on;
  }
}

void AfeBench::take_bus_bytes() {
  for (std::size_t i = 0; i < commands_.bus_count; ++i) {
    const PackrigBusByte& byte = commands_.bus[i];
    if (byte.port >= port_count) {
      throw BenchFault("firmware sends to port " + std::to_string(byte.port) + "; accepted: 0 .. " +
                       std::to_string(port_count - 1));
    }
    if (byte.offset_ns > second_ns) {
      throw BenchFault("firmware sends a byte " + std::to_string(byte.offset_ns) + " ns ahead; accepted: up to " +
                       std::to_string(second_ns) + " ns");
    }
    const TimeNs at_ns = now_ns_ + byte.offset_ns;
    TimeNs& newest_ns = newest_byte_ns_[byte.port];
    if (at_ns < newest_ns) {
      throw BenchFault("firmware sends a byte to port " + std::to_string(byte.port) + " at " + std::to_string(at_ns) +
                       " ns after one at " + std::to_string(newest_ns) + " ns; accepted: in order of time");
    }
    newest_ns = at_ns;
    if (on_the_wire_.full()) {
      throw BenchFault("firmware has more than " + std::to_string(on_the_wire_.capacity()) + " bytes under way");
    }
    on_the_wire_.push_back({at_ns, static_cast<Port>(byte.port), byte.value});
    for (std::size_t k = on_the_wire_.size() - 1; k > 0 && on_the_wire_[k - 1].at_ns > at_ns; --k) {
      std::swap(on_the_wire_[k - 1], on_the_wire_[k]);
    }
  }
}

// Bytes whose stop bits end by the end of the exchange.
void AfeBench::release_bus_bytes() {
  std::size_t released = 0;
  for (const BusByte& byte : on_the_wire_) {
    if (byte.at_ns > actions_.until_ns || actions_.bus_bytes.full()) break;
    actions_.bus_bytes.push_back(byte);
    ++released;
  }
  on_the_wire_.drop_front(released);
}

void AfeBench::wake(const Terminals& terminals) {
  codes_.bus_count = 0;
  for (const BusByte& byte : terminals.bus_bytes) {
    const auto ago_ns = static_cast<std::uint32_t>(std::clamp<TimeNs>(now_ns_ - byte.at_ns, 0, second_ns));
    codes_.bus[codes_.bus_count++] = {ago_ns, static_cast<std::uint8_t>(byte.port), byte.value, 0};
  }
  // A wake by a pin or by the comparator comes between the scan's own: nothing is converted then.
  const std::uint32_t groups = now_ns_ >= wake_ns_ ? commands_.convert : 0U;
  afe_.sample(terminals, now_ns_, groups, codes_);
  codes_.balance_mA = static_cast<std::int16_t>(std::lround(balanced_A_ * 1e3));
  woken_by_comparator_ = false;
  inputs_ = waking_inputs_of(terminals);
  firmware_->step(codes_, commands_);
  if (commands_.version != PACKRIG_AFE_VERSION) {
    throw BenchFault("firmware answers with AFE frame version " + std::to_string(commands_.version) +
                     "; accepted: " + std::to_string(PACKRIG_AFE_VERSION));
  }
  if (commands_.next_wake_ns <= now_ns_) {
    throw BenchFault("firmware asks to be woken at " + std::to_string(commands_.next_wake_ns) +
                     " ns; accepted: after " + std::to_string(now_ns_) + " ns");
  }
  if (commands_.bus_count > PACKRIG_AFE_BUS_BYTES) {
    throw BenchFault("firmware answers with " + std::to_string(commands_.bus_count) + " bus bytes; accepted: up to " +
                     std::to_string(PACKRIG_AFE_BUS_BYTES));
  }
  if (commands_.open_wire_taps > 2) {
    throw BenchFault("firmware asks for open_wire_taps = " + std::to_string(commands_.open_wire_taps) +
                     "; accepted: 0 (none), 1 (out of the even ones), 2 (out of the odd ones)");
  }
  if (commands_.power_mode > running_with_bus) {
    throw BenchFault("firmware asks for power_mode = " + std::to_string(commands_.power_mode) +
                     "; accepted: 0 (off) .. 4 (running with bus)");
  }
  wake_ns_ = commands_.next_wake_ns;
  afe_.configure(commands_);
  take_bus_bytes();
  set_drives(afe_.drives_through(commands_.drives), now_ns_);
}

// Every output is off, what was being sent breaks off, and the comparator, which has no supply either, forgets.
void AfeBench::lose_power() {
  commands_ = {};
  commands_.version = PACKRIG_AFE_VERSION;
  commands_.short_code = std::numeric_limits<std::int32_t>::max();
  commands_.short_rearm = 1;
  afe_.configure(commands_);
  on_the_wire_.clear();
  newest_byte_ns_.fill(now_ns_);
  woken_by_comparator_ = false;
  set_drives(0, now_ns_);
}

// What the supply feeds. A board on its capacitor draws nothing; one that starts draws as one that runs.
std::uint8_t AfeBench::power_mode() const {
  if (supply_.state() == BrownOut::State::running) return commands_.power_mode;
  return supply_.state() == BrownOut::State::starting ? running : off;
}

void AfeBench::power_up() {
  firmware_->restart();
  wake_ns_ = now_ns_;
}

// What flows through the taps from now on. Returns until when at the latest.
TimeNs AfeBench::feeds_until_ns(const Terminals& terminals, TimeNs until_ns) {
  const bool asked = commands_.balance_from != 0 || commands_.balance_to != 0;
  const bool rests = asked && commands_.balance_through_scan == 0 && (commands_.convert & cell_groups) != 0;
  const TimeNs rest_from_ns = rests ? wake_ns_ - balancer_rest_ns : wake_ns_;
  if (now_ns_ < rest_from_ns) {
    balancer_.begin(commands_, terminals);
    balanced_A_ = balancer_.cell_A();
    until_ns = std::min(until_ns, rest_from_ns);
  } else {
    balancer_.rest();
  }
  if (feeds_) actions_.balance_A.fill(0.0);
  feeds_ = balancer_.cell_A() != 0.0 || commands_.open_wire_taps != 0;
  balancer_.feed(actions_.balance_A);
  feed_test_current(commands_.open_wire_taps, terminals.cell_count, actions_.balance_A);
  actions_.balance_W = balancer_.heat_W();
  balancer_.end(until_ns - now_ns_);
  return until_ns;
}

const Actions& AfeBench::exchange(const Terminals& terminals, TimeNs until_ns) {
  actions_.edges.clear();
  actions_.bus_bytes.clear();
  const BrownOut::Change change = supply_.show(terminals.supply_V, now_ns_);
  if (change == BrownOut::Change::lost) lose_power();
  if (change == BrownOut::Change::restarted) power_up();
  const bool pin_moved = waking_inputs_of(terminals) != inputs_ || !terminals.bus_bytes.empty();
  const bool runs = supply_.firmware_runs();
  if (runs && (now_ns_ >= wake_ns_ || pin_moved || woken_by_comparator_)) wake(terminals);

  actions_.until_ns =
      feeds_until_ns(terminals, std::min({until_ns, runs ? wake_ns_ : never_ns, supply_.next_change_ns()}));
  if (const auto latch = afe_.hold(terminals, now_ns_, actions_.until_ns)) {
    set_drives(afe_.drives_through(commands_.drives), latch->at_ns);
    woken_by_comparator_ = true;
  }
  release_bus_bytes();
  actions_.supply_A = afe_supply_A(power_mode(), terminals.supply_V);

  Readback& readback = actions_.readback;
  readback.at_ns = now_ns_;
  readback.tap_V = terminals.tap_V;
  readback.shunt_V = terminals.shunt_V;
  readback.ntc_Ohm = terminals.ntc_Ohm;
  readback.supply_V = terminals.supply_V;
  readback.supply_A = actions_.supply_A;
  now_ns_ = actions_.until_ns;
  return actions_;
}

std::int32_t AfeBench::write_setting(std::uint8_t register_number, std::int32_t value) {
  return firmware_->write(register_number, value);
}

std::int32_t AfeBench::read_setting(std::uint8_t register_number, std::int32_t& value) {
  return firmware_->read(register_number, value);
}

std::int32_t AfeBench::load_settings(std::span<const std::uint8_t> frame) { return firmware_->load_settings(frame); }

}  // namespace packrig
