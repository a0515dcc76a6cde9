#include "protections.hpp"

#include "protections_table.hpp"

namespace packrig::bms {
namespace {

struct Reading {
  bool present;
  int32_t value;
};

bool further(Side side, int32_t value, int32_t than) { return side == Side::above ? value > than : value < than; }

// The cell that lies furthest to that side.
Reading extreme_cell(Side side, const Settings& settings, const Measurements& measured) {
  const int32_t count = setting(settings, cell_count);
  int32_t extreme_mV = measured.cell_mV[0];
  for (int32_t cell = 1; cell < count; ++cell) {
    if (further(side, measured.cell_mV[cell], extreme_mV)) extreme_mV = measured.cell_mV[cell];
  }
  return {true, extreme_mV};
}

Reading extreme_probe(Side side, const Measurements& measured) {
  Reading extreme{false, 0};
  for (uint32_t probe = 0; probe < PACKRIG_AFE_NTCS; ++probe) {
    if ((measured.probe_readable >> probe & 1u) == 0) continue;
    const int32_t probe_ddegC = measured.probe_ddegC[probe];
    if (!extreme.present || further(side, probe_ddegC, extreme.value)) extreme = {true, probe_ddegC};
  }
  return extreme;
}

Reading input_bit(const Measurements& measured, uint32_t bit) { return {true, (measured.inputs & bit) != 0 ? 1 : 0}; }

Reading read_source(Source source, const Settings& settings, const Measurements& measured) {
  switch (source) {
    case Source::highest_cell_mV:
      return extreme_cell(Side::above, settings, measured);
    case Source::lowest_cell_mV:
      return extreme_cell(Side::below, settings, measured);
    case Source::charge_mA:
      return {true, -measured.current_mA};
    case Source::discharge_mA:
      return {true, measured.current_mA};
    case Source::hottest_probe_ddegC:
      return extreme_probe(Side::above, measured);
    case Source::coldest_probe_ddegC:
      return extreme_probe(Side::below, measured);
    case Source::board_ddegC:
      return {measured.board_fitted != 0, measured.board_ddegC};
    case Source::faulty_probes:
      return {true, measured.probe_faulty};
    case Source::short_discharge:
      return input_bit(measured, PACKRIG_INPUT_SHORT_DISCHARGE);
    case Source::short_charge:
      return input_bit(measured, PACKRIG_INPUT_SHORT_CHARGE);
  }
  return {false, 0};
}

bool gate_open(Gate gate, const Part& part, const Measurements& measured) {
  switch (gate) {
    case Gate::always:
      return true;
    case Gate::while_charging:
      return measured.current_mA < -part.flowing_mA;
    case Gate::while_discharging:
      return measured.current_mA > part.flowing_mA;
  }
  return false;
}

int32_t level_of(const Level& level, const Settings& settings) {
  return level.register_number == no_register ? level.fixed : setting(settings, level.register_number);
}

int64_t delay_ns(const Rule& rule, const Part& part, const Settings& settings) {
  if (rule.delay_register == no_register) return static_cast<int64_t>(part.*rule.delay_ms) * 1000000;
  return static_cast<int64_t>(setting(settings, rule.delay_register)) * 1000000000;
}

bool beyond(const Rule& rule, const Part& part, const Settings& settings, const Measurements& measured) {
  if (!gate_open(rule.gate, part, measured)) return false;
  const Reading reading = read_source(rule.source, settings, measured);
  const int32_t limit = level_of(rule.limit, settings);
  return reading.present && further(rule.side, reading.value, limit);
}

bool released(const Rule& rule, const RuleState& state, const Settings& settings, const Measurements& measured,
              int64_t now_ns) {
  if (rule.release == Release::after_time) {
    return now_ns - state.since_ns >= static_cast<int64_t>(level_of(rule.release_level, settings)) * 1000000000;
  }
  const Reading reading = read_source(rule.release_source, settings, measured);
  const int32_t level = level_of(rule.release_level, settings);
  return reading.present && further(rule.side, level, reading.value);
}

// Moves one rule on. True when this ended a trip.
bool judge(const Rule& rule, const Part& part, const Settings& settings, const Measurements& measured, int64_t now_ns,
           RuleState& state) {
  if (state.phase == RulePhase::tripped) {
    if (!released(rule, state, settings, measured, now_ns)) return false;
    state.phase = RulePhase::idle;
    return true;
  }
  if (!beyond(rule, part, settings, measured)) {
    state.phase = RulePhase::idle;
    return false;
  }
  if (state.phase == RulePhase::idle) state = {now_ns, RulePhase::counting};
  if (now_ns - state.since_ns >= delay_ns(rule, part, settings)) state = {now_ns, RulePhase::tripped};
  return false;
}

constexpr uint32_t wrong_count_alarm_bit = 2;

int32_t cells_present(const Part& part, const Measurements& measured) {
  int32_t present = 0;
  for (const int32_t reading_mV : measured.cell_mV) {
    if (reading_mV > part.cell_present_mV) ++present;
  }
  return present;
}

void count_cells(const Part& part, const Settings& settings, const Measurements& measured, Protections& protections) {
  const int32_t count = setting(settings, cell_count);
  if (protections.fitted_count == static_cast<uint32_t>(count)) return;
  const bool fits = cells_present(part, measured) == count;
  protections.fitted_count = fits ? static_cast<uint32_t>(count) : 0;
  protections.wrong_count = fits ? 0 : 1;
}

}  // namespace

void protect(const Part& part, const Settings& settings, const Measurements& measured, int64_t now_ns, bool scan_ended,
             Protections& protections) {
  if (scan_ended) count_cells(part, settings, measured, protections);
  protections.alarms = protections.wrong_count != 0 ? 1u << wrong_count_alarm_bit : 0u;
  protections.cuts = protections.wrong_count != 0 ? cuts_both : 0u;
  protections.counting = 0;
  protections.rearm_short = 0;
  for (size_t i = 0; i < rule_count; ++i) {
    const Rule& rule = rules[i];
    RuleState& state = protections.rule[i];
    const bool in_hardware = rule.judged == Judged::every_wake;
    if (scan_ended || in_hardware) {
      const bool ended = judge(rule, part, settings, measured, now_ns, state);
      if (ended && in_hardware) protections.rearm_short = 1;
    }
    if (state.phase == RulePhase::tripped) {
      protections.alarms |= 1u << rule.alarm_bit;
      protections.cuts = static_cast<uint16_t>(protections.cuts | rule.cuts);
    } else if (state.phase == RulePhase::counting) {
      protections.counting = static_cast<uint16_t>(protections.counting | rule.cuts);
    }
  }
}

}  // namespace packrig::bms
