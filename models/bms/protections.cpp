#include "protections.hpp"

#include "extremes.hpp"
#include "protections_table.hpp"

namespace packrig::bms {
namespace {

int32_t all_cells_mV(const Settings& settings, const Measurements& measured) {
  const int32_t count = setting(settings, cell_count);
  int32_t sum_mV = 0;
  for (int32_t cell = 0; cell < count; ++cell) sum_mV += measured.cell_mV[cell];
  return sum_mV;
}

bool driven(const Watched& watched, uint32_t drive) { return (watched.drives.on & drive) != 0; }

bool fed_back(const Watched& watched, uint32_t input) {
  return watched.part.feedback_fitted && (watched.measured.inputs & input) != 0;
}

bool unclosed(const Watched& watched, uint32_t drive, uint32_t input) {
  return watched.part.feedback_fitted && driven(watched, drive) && !fed_back(watched, input);
}

// Without a closed charge path, current can still charge the pack through a closed discharge path: a load that feeds
// back. So only both drives together tell of the charge path.
bool charge_stuck(const Watched& watched) {
  if (driven(watched, PACKRIG_DRIVE_CHARGE)) return false;
  if (fed_back(watched, PACKRIG_INPUT_CHARGE_FEEDBACK)) return true;
  return !driven(watched, PACKRIG_DRIVE_DISCHARGE | PACKRIG_DRIVE_PRECHARGE) &&
         watched.measured.current_mA < -watched.part.flowing_mA;
}

bool discharge_stuck(const Watched& watched) {
  if (driven(watched, PACKRIG_DRIVE_DISCHARGE)) return false;
  if (fed_back(watched, PACKRIG_INPUT_DISCHARGE_FEEDBACK)) return true;
  return !driven(watched, PACKRIG_DRIVE_PRECHARGE) && watched.measured.current_mA > watched.part.flowing_mA;
}

bool unscanned(const Watched& watched) {
  return watched.now_ns - watched.scanned_ns > static_cast<int64_t>(watched.part.front_end_ms) * 1000000;
}

Reading flag(bool holds) { return {true, holds ? 1 : 0}; }

Reading input_bit(const Measurements& measured, uint32_t bit) { return flag((measured.inputs & bit) != 0); }

// A reading beyond the range is no number: it lies beyond every limit that can be set.
Reading current(const Measurements& measured, int32_t sign) {
  if (measured.current_saturated != 0 && sign * measured.current_mA > 0) return {true, INT32_MAX};
  return {true, sign * measured.current_mA};
}

Reading read_source(Source source, const Watched& watched) {
  const Settings& settings = watched.settings;
  const Measurements& measured = watched.measured;
  switch (source) {
    case Source::highest_cell_mV:
      return {true, extreme_cell_mV(Side::above, settings, measured)};
    case Source::lowest_cell_mV:
      return {true, extreme_cell_mV(Side::below, settings, measured)};
    case Source::all_cells_mV:
      return {true, all_cells_mV(settings, measured)};
    case Source::charge_mA:
      return current(measured, -1);
    case Source::discharge_mA:
      return current(measured, 1);
    case Source::hottest_probe_ddegC:
      return extreme_probe(Side::above, settings, measured);
    case Source::coldest_probe_ddegC:
      return extreme_probe(Side::below, settings, measured);
    case Source::board_ddegC:
      return {measured.board_fitted != 0, measured.board_ddegC};
    case Source::faulty_probes:
      return {true, faulty_probes(settings, measured)};
    case Source::current_at_end:
      return flag(measured.current_at_end != 0);
    case Source::charge_unclosed:
      return flag(unclosed(watched, PACKRIG_DRIVE_CHARGE, PACKRIG_INPUT_CHARGE_FEEDBACK));
    case Source::discharge_unclosed:
      return flag(watched.drives.precharge_failed != 0 ||
                  unclosed(watched, PACKRIG_DRIVE_DISCHARGE, PACKRIG_INPUT_DISCHARGE_FEEDBACK));
    case Source::charge_stuck:
      return flag(charge_stuck(watched));
    case Source::discharge_stuck:
      return flag(discharge_stuck(watched));
    case Source::unscanned:
      return flag(unscanned(watched));
    case Source::open_wires:
      return {true, measured.open_wires != 0 ? 1 : 0};
    case Source::poor_wires:
      return {true, measured.poor_wires != 0 ? 1 : 0};
    case Source::short_discharge:
      return input_bit(measured, PACKRIG_INPUT_SHORT_DISCHARGE);
    case Source::short_charge:
      return input_bit(measured, PACKRIG_INPUT_SHORT_CHARGE);
  }
  return {false, 0};
}

bool gate_open(Gate gate, const Watched& watched) {
  const int32_t current_mA = watched.measured.current_mA;
  const int32_t flowing_mA = watched.part.flowing_mA;
  switch (gate) {
    case Gate::always:
      return true;
    case Gate::while_charging:
      return current_mA < -flowing_mA;
    case Gate::while_discharging:
      return current_mA > flowing_mA;
    case Gate::while_discharging_where_set:
      return current_mA > flowing_mA &&
             setting(watched.settings, discharge_cold_release_degC) > setting(watched.settings, discharge_cold_degC);
  }
  return false;
}

int32_t level_of(const Level& level, const Settings& settings) {
  if (level.register_number == no_register) return level.fixed;
  const int32_t value = setting(settings, level.register_number);
  switch (level.scale) {
    case Scale::as_is:
      return value;
    case Scale::ten:
      return value * 10;
    case Scale::cell_count:
      return value * setting(settings, cell_count);
  }
  return value;
}

int64_t delay_ns(const Rule& rule, const Part& part, const Settings& settings) {
  if (rule.delay_register == no_register) return static_cast<int64_t>(part.*rule.delay_ms) * 1000000;
  return static_cast<int64_t>(setting(settings, rule.delay_register)) * 1000000000;
}

bool beyond(const Rule& rule, const Watched& watched) {
  if (!gate_open(rule.gate, watched)) return false;
  const Reading reading = read_source(rule.source, watched);
  const int32_t limit = level_of(rule.limit, watched.settings);
  return reading.present && further(rule.side, reading.value, limit);
}

bool released(const Rule& rule, const RuleState& state, const Watched& watched) {
  const int32_t level = level_of(rule.release_level, watched.settings);
  if (rule.release == Release::after_time) {
    return watched.now_ns - state.since_ns >= static_cast<int64_t>(level) * 1000000000;
  }
  const Reading reading = read_source(rule.release_source, watched);
  return reading.present && further(rule.side, level, reading.value);
}

// Which of the short-circuit rules' counters of tries; -1 for other rules.
int tries_of(const Rule& rule) {
  if (rule.source == Source::short_discharge) return 0;
  return rule.source == Source::short_charge ? 1 : -1;
}

bool gave_up(const Rule& rule, const Watched& watched, ShortTries& tries) {
  const uint8_t path_switch = rule.source == Source::short_discharge ? discharge_switch : charge_switch;
  if (setting(watched.settings, path_switch) == 0) tries.failed = 0;
  return tries.failed >= watched.part.short_tries;
}

// As long after a release as the path needs to close, and a second in which it proves to hold.
bool just_reclosed(const Watched& watched, const ShortTries& tries) {
  const int64_t closing_s = setting(watched.settings, precharge_s) + 1;
  return watched.now_ns - tries.released_ns <= closing_s * 1000000000;
}

void trip(const Rule& rule, const Watched& watched, RuleState& state, Protections& protections) {
  state = {watched.now_ns, RulePhase::tripped};
  if (const int which = tries_of(rule); which >= 0) {
    ShortTries& tries = protections.tries[which];
    tries.failed = tries.released_ns != 0 && just_reclosed(watched, tries) ? tries.failed + 1 : 0;
  }
}

void release(const Rule& rule, const Watched& watched, RuleState& state, Protections& protections) {
  const int which = tries_of(rule);
  if (which >= 0 && gave_up(rule, watched, protections.tries[which])) return;
  state.phase = RulePhase::idle;
  if (which < 0) return;
  protections.tries[which].released_ns = watched.now_ns;
  protections.rearm_short = 1;
}

// Moves one rule on.
void judge(const Rule& rule, const Watched& watched, RuleState& state, Protections& protections) {
  if (state.phase == RulePhase::tripped) {
    if (released(rule, state, watched)) release(rule, watched, state, protections);
    return;
  }
  if (!beyond(rule, watched)) {
    state.phase = RulePhase::idle;
    const int which = tries_of(rule);
    if (which >= 0 && !just_reclosed(watched, protections.tries[which])) protections.tries[which].failed = 0;
    return;
  }
  if (state.phase == RulePhase::idle) state = {watched.now_ns, RulePhase::counting};
  if (watched.now_ns - state.since_ns >= delay_ns(rule, watched.part, watched.settings)) {
    trip(rule, watched, state, protections);
  }
}

int32_t cells_present(const Part& part, const Measurements& measured) {
  int32_t present = 0;
  for (const int32_t reading_mV : measured.cell_mV) {
    if (reading_mV > part.cell_present_mV) ++present;
  }
  return present;
}

void count_cells(const Watched& watched, Protections& protections) {
  const int32_t count = setting(watched.settings, cell_count);
  if (protections.fitted_count == static_cast<uint32_t>(count)) return;
  const bool fits = cells_present(watched.part, watched.measured) == count;
  protections.fitted_count = fits ? static_cast<uint32_t>(count) : 0;
  protections.wrong_count = fits ? 0 : 1;
}

void take_in(const Rule& rule, const RuleState& state, Protections& protections) {
  const bool tripped = state.phase == RulePhase::tripped;
  if (tripped) protections.alarms |= 1u << rule.alarm_bit;
  if (state.phase == RulePhase::idle) return;
  uint16_t& all = tripped ? protections.cuts : protections.counting;
  all = static_cast<uint16_t>(all | rule.cuts);
  if (rule.lifted_in_emergency) return;
  uint16_t& firm = tripped ? protections.firm_cuts : protections.firm_counting;
  firm = static_cast<uint16_t>(firm | rule.cuts);
}

}  // namespace

void protect(const Watched& watched, bool scan_ended, Protections& protections) {
  if (scan_ended) count_cells(watched, protections);
  const bool wrong = protections.wrong_count != 0;
  protections.alarms = wrong ? 1u << wrong_count_bit : 0u;
  protections.cuts = protections.firm_cuts = wrong ? cuts_both : cuts_nothing;
  protections.counting = protections.firm_counting = 0;
  protections.rearm_short = 0;
  for (size_t i = 0; i < rule_count; ++i) {
    const Rule& rule = rules[i];
    RuleState& state = protections.rule[i];
    if (scan_ended || rule.judged == Judged::every_wake) judge(rule, watched, state, protections);
    take_in(rule, state, protections);
  }
  for (const ShortTries& tries : protections.tries) {
    if (tries.failed != 0) protections.alarms |= 1u << short_release_failed_bit;
  }
}

void protect_without_front_end(Protections& protections) {
  protections.alarms = 1u << front_end_bit;
  protections.cuts = protections.firm_cuts = cuts_both;
  protections.counting = protections.firm_counting = 0;
  protections.rearm_short = 0;
}

int32_t release_left_s(const Settings& settings, const Protections& protections, uint8_t alarm_bit, int64_t now_ns) {
  constexpr int64_t second_ns = 1000000000;
  int64_t left_ns = 0;
  for (size_t i = 0; i < rule_count; ++i) {
    const Rule& rule = rules[i];
    const RuleState& state = protections.rule[i];
    if (rule.alarm_bit != alarm_bit || rule.release != Release::after_time || state.phase != RulePhase::tripped)
      continue;
    const int64_t rule_ns = state.since_ns + level_of(rule.release_level, settings) * second_ns - now_ns;
    if (rule_ns > left_ns) left_ns = rule_ns;
  }
  return static_cast<int32_t>((left_ns + second_ns - 1) / second_ns);
}

}  // namespace packrig::bms
