#include "power.hpp"

#include "models/bms/protocol/board_port.hpp"
#include "spans.hpp"

namespace packrig::bms {
namespace {

// A master talks on these two alone.
bool master_talks(const PackrigAfeCodes& codes) {
  for (uint32_t i = 0; i < codes.bus_count; ++i) {
    if (codes.bus[i].port == port_rs485 || codes.bus[i].port == port_can) return true;
  }
  return false;
}

void run(PowerReason reason, Power& power) {
  power.mode = PowerMode::running;
  power.reason = reason;
  power.idle_since_ns = never_ns;
  power.low_since_ns = never_ns;
  power.closing_since_ns = never_ns;
}

// True once per press, when it has lasted.
bool pressed_for(uint32_t span_ms, int64_t now_ns, Power& power) {
  if (power.button_used != 0 || power.button_since_ns == never_ns) return false;
  if (now_ns - power.button_since_ns < ms_in_ns(span_ms)) return false;
  power.button_used = 1;
  return true;
}

void follow_button(bool pressed, int64_t now_ns, Power& power) {
  power.button_click = 0;
  if (!pressed) {
    power.button_click = power.button_since_ns != never_ns && power.button_used == 0 ? 1 : 0;
    power.button_since_ns = never_ns;
    power.button_used = 0;
  } else if (power.button_since_ns == never_ns) {
    power.button_since_ns = now_ns;
  }
}

bool too_low(const Part& part, const Settings& settings, const CellRange& cells, const Protections& protections) {
  if (protections.wrong_count != 0) return false;
  const int32_t cell_mV = part.power_off_cell == PowerOffCell::highest ? cells.highest_mV : cells.lowest_mV;
  return cell_mV < setting(settings, power_off_mV);
}

}  // namespace

Power power_after_start() {
  Power power{};
  power.button_since_ns = never_ns;
  power.bus_until_ns = INT64_MIN;
  run(PowerReason::start, power);
  return power;
}

bool attend(const Part& part, const PackrigAfeCodes& codes, Power& power) {
  const bool charger = (codes.inputs & PACKRIG_INPUT_CHARGER) != 0;
  const bool put_in = charger && power.charger_seen == 0;
  power.charger_seen = charger ? 1 : 0;
  follow_button((codes.inputs & PACKRIG_INPUT_BUTTON) != 0, codes.now_ns, power);
  if (asleep(power)) {
    if (put_in) {
      run(PowerReason::charger, power);
      return true;
    }
    if (!pressed_for(part.button_on_ms, codes.now_ns, power)) return false;
    run(PowerReason::button, power);
    return true;
  }
  const bool talked_to = master_talks(codes);
  if (talked_to) {
    power.bus_until_ns = codes.now_ns + ms_in_ns(part.bus_hold_ms);
    power.idle_since_ns = never_ns;
  }
  if (put_in && closing(power)) run(PowerReason::charger, power);
  if (power.mode == PowerMode::standby) {
    if (charger) {
      run(PowerReason::charger, power);
    } else if (power.button_since_ns != never_ns) {
      power.button_used = 1;
      run(PowerReason::button, power);
    } else if (talked_to) {
      run(PowerReason::bus, power);
    }
  }
  if (pressed_for(part.button_off_ms, codes.now_ns, power)) {
    switch_off(PowerMode::storage, PowerReason::button, codes.now_ns, power);
  }
  return false;
}

void judge_power(const Part& part, const Settings& settings, const Measurements& measured, const CellRange& cells,
                 const Protections& protections, Activity activity, int64_t now_ns, Power& power) {
  if (power.charger_seen != 0 || !too_low(part, settings, cells, protections)) {
    power.low_since_ns = never_ns;
  } else {
    if (power.low_since_ns == never_ns) power.low_since_ns = now_ns;
    if (!activity.closed_before || now_ns - power.low_since_ns >= ms_in_ns(part.cell_delay_ms)) {
      switch_off(PowerMode::off, PowerReason::power_off_voltage, now_ns, power);
    }
  }
  const bool flows = surely_charges(part, measured) || surely_discharges(part, measured);
  const bool active = flows || protections.counting != 0 || activity.emergency || activity.balancing;
  if (active && power.mode == PowerMode::standby) run(PowerReason::activity, power);
  if (power.mode != PowerMode::running) return;

  const bool idle = setting(settings, smart_sleep_switch) != 0 && !active && power.charger_seen == 0 &&
                    now_ns >= power.bus_until_ns && cells.highest_mV < setting(settings, smart_sleep_mV);
  if (!idle) {
    power.idle_since_ns = never_ns;
    return;
  }
  if (power.idle_since_ns == never_ns) power.idle_since_ns = now_ns;
  if (now_ns - power.idle_since_ns < s_in_ns(int64_t{3600} * setting(settings, smart_sleep_h))) return;
  power.mode = PowerMode::standby;
  power.reason = PowerReason::idle;
}

void switch_off(PowerMode to, PowerReason reason, int64_t now_ns, Power& power) {
  if (closing(power)) return;
  power.mode = PowerMode::running;  // until the paths are open
  power.closing_since_ns = now_ns;
  power.closing_to = to;
  power.reason = reason;
}

bool opened(const Part& part, const Power& power, int64_t now_ns) {
  return closing(power) && now_ns - power.closing_since_ns >= ms_in_ns(part.closing_ms);
}

void finish_closing(const Part& part, int64_t now_ns, Power& power) {
  if (!opened(part, power, now_ns)) return;
  power.mode = power.closing_to;
  power.closing_since_ns = never_ns;
}

uint8_t front_end_mode(const Power& power, int64_t now_ns) {
  constexpr uint8_t running_with_bus = 4;
  if (power.mode == PowerMode::running && now_ns < power.bus_until_ns) return running_with_bus;
  return static_cast<uint8_t>(power.mode);
}

uint32_t rhythm_ms(const Part& part, const Power& power) {
  return power.mode == PowerMode::standby ? part.standby_wake_ms : part.wake_ms;
}

int64_t asleep_until_ns(const Part& part, const Power& power) {
  if (power.button_since_ns == never_ns || power.button_used != 0) return never_ns;
  return power.button_since_ns + ms_in_ns(part.button_on_ms);
}

int32_t seconds_to_sleep(const Settings& settings, const Power& power, int64_t now_ns) {
  const int32_t wait_s = setting(settings, smart_sleep_h) * 3600;
  if (power.idle_since_ns == never_ns) return wait_s;
  const int64_t left_s = wait_s - (now_ns - power.idle_since_ns) / s_in_ns(1);
  return left_s > 0 ? static_cast<int32_t>(left_s) : 0;
}

}  // namespace packrig::bms
