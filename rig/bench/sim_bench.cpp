#include "rig/bench/sim_bench.hpp"

#include <algorithm>
#include <string>

#include "models/afe/supply.hpp"
#include "models/errors.hpp"
#include "rig/fault.hpp"

namespace packrig {

namespace {

// A pin change wakes the firmware at once; the others wait for its own rhythm.
constexpr std::uint16_t waking_inputs = PACKRIG_INPUT_CHARGER | PACKRIG_INPUT_BUTTON;

std::uint16_t waking_inputs_of(const Terminals& terminals) {
  return static_cast<std::uint16_t>((terminals.charger_plugged ? PACKRIG_INPUT_CHARGER : 0U) |
                                    (terminals.button_pressed ? PACKRIG_INPUT_BUTTON : 0U)) &
         waking_inputs;
}

Capabilities capabilities_of() {
  Capabilities can;
  can.bench = "sim";
  can.cell_V = {-5.0, 10.0, 0.0, 0.0};
  can.shunt_V = {-1.0, 1.0, 0.0, 0.0};
  can.ntc_Ohm = {0.0, 1e9, 0.0, 0.0};
  can.supply_V = {0.0, 200.0, 0.0, 0.0};
  can.exact_time = true;
  can.forks = true;
  can.short_circuit = true;
  return can;
}

}  // namespace

SimBench::SimBench(FirmwareLibrary firmware, const Afe& afe, Chemistry chemistry, int cell_count)
    : firmware_(std::move(firmware)), afe_(afe), capabilities_(capabilities_of()) {
  state_.resize((firmware_.api().size + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t));
  // The board's own coding of the chemistry: 0 LFP, 1 Li-ion, 2 LTO.
  const auto code = static_cast<std::uint8_t>(chemistry == Chemistry::lfp ? 0 : chemistry == Chemistry::li_ion ? 1 : 2);
  const std::int32_t refusal = firmware_.api().init(state_.data(), code, static_cast<std::uint8_t>(cell_count));
  if (refusal != PACKRIG_WRITE_OK) {
    throw BadInput("firmware '" + std::string(firmware_.api().name) + "' refuses " + std::to_string(cell_count) +
                   " cells of " + chemistry_name(chemistry) + " (reason " + std::to_string(refusal) + ")");
  }
  commands_.version = PACKRIG_AFE_VERSION;
}

void SimBench::set_drives(std::uint32_t drives, TimeNs at_ns) {
  for (int i = 0; i < actuator_count; ++i) {
    const bool on = ((drives >> i) & 1U) != 0;
    bool& was_on = actions_.drive_on[static_cast<std::size_t>(i)];
    if (on != was_on) actions_.edges.push_back({at_ns, static_cast<Actuator>(i), on});
    was_on = on;
  }
}

void SimBench::wake(const Terminals& terminals) {
  codes_.bus_count = 0;
  for (const BusByte& byte : terminals.bus_bytes) {
    codes_.bus[codes_.bus_count++] = {0, static_cast<std::uint8_t>(byte.port), byte.value, 0};
  }
  // A wake by a pin or by the comparator comes between the scan's own: nothing is converted then.
  const std::uint32_t groups = now_ns_ >= wake_ns_ ? commands_.convert : 0U;
  afe_.sample(terminals, now_ns_, groups, codes_);
  woken_by_comparator_ = false;
  inputs_ = waking_inputs_of(terminals);
  firmware_.api().step(state_.data(), &codes_, &commands_);
  if (commands_.version != PACKRIG_AFE_VERSION) {
    throw BenchFault("firmware answers with AFE frame version " + std::to_string(commands_.version) +
                     "; accepted: " + std::to_string(PACKRIG_AFE_VERSION));
  }
  if (commands_.next_wake_ns <= now_ns_) {
    throw BenchFault("firmware asks to be woken at " + std::to_string(commands_.next_wake_ns) +
                     " ns; accepted: after " + std::to_string(now_ns_) + " ns");
  }
  wake_ns_ = commands_.next_wake_ns;
  afe_.configure(commands_);
  for (std::size_t i = 0; i < commands_.bus_count; ++i) {
    const PackrigBusByte& byte = commands_.bus[i];
    actions_.bus_bytes.push_back({now_ns_ + byte.offset_ns, static_cast<Port>(byte.port), byte.value});
  }
  set_drives(afe_.drives_through(commands_.drives), now_ns_);
}

const Actions& SimBench::exchange(const Terminals& terminals, TimeNs until_ns) {
  actions_.edges.clear();
  actions_.bus_bytes.clear();
  const bool pin_moved = waking_inputs_of(terminals) != inputs_ || !terminals.bus_bytes.empty();
  if (now_ns_ >= wake_ns_ || pin_moved || woken_by_comparator_) wake(terminals);

  actions_.until_ns = std::min(until_ns, wake_ns_);
  if (const auto latch = afe_.hold(terminals, now_ns_, actions_.until_ns)) {
    set_drives(afe_.drives_through(commands_.drives), latch->at_ns);
    woken_by_comparator_ = true;
  }
  actions_.supply_A = afe_supply_A(commands_.power_mode, terminals.supply_V);

  Readback& readback = actions_.readback;
  readback.at_ns = now_ns_;
  readback.tap_V = terminals.tap_V;
  readback.shunt_V = terminals.shunt_V;
  readback.ntc_Ohm = terminals.ntc_Ohm;
  readback.supply_V = terminals.supply_V;
  now_ns_ = actions_.until_ns;
  return actions_;
}

std::int32_t SimBench::write_setting(std::uint8_t register_number, std::int32_t value) {
  return firmware_.api().write(state_.data(), register_number, value);
}

std::int32_t SimBench::read_setting(std::uint8_t register_number, std::int32_t& value) const {
  return firmware_.api().read(state_.data(), register_number, &value);
}

std::int32_t SimBench::load_settings(std::span<const std::uint8_t> frame) {
  return firmware_.api().load_settings(state_.data(), frame.data(), frame.size());
}

}  // namespace packrig
