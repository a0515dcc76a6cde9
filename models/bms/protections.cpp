#include "protections.hpp"

#include "protections_table.hpp"
#include "spans.hpp"

namespace packrig::bms {
namespace {

bool gate_open(Gate gate, const Watched& watched) {
  if (gate == Gate::always) return true;
  if (gate == Gate::while_charging) return charges(watched.part, watched.measured);
  if (!discharges(watched.part, watched.measured)) return false;
  return gate == Gate::while_discharging ||
         setting(watched.settings, discharge_cold_release_degC) > setting(watched.settings, discharge_cold_degC);
}

int32_t level_of(const Level& level, const Settings& settings) {
  if (level.register_number == no_register) return level.fixed;
  const int32_t value = setting(settings, level.register_number) * level.factor;
  return level.per_cell ? value * setting(settings, cell_count) : value;
}

int64_t delay_ns(const Rule& rule, const Part& part, const Settings& settings) {
  if (rule.delay_register == no_register) return ms_in_ns(part.*rule.delay_ms);
  return s_in_ns(setting(settings, rule.delay_register));
}

bool beyond(const Rule& rule, const Watched& watched) {
  if (!gate_open(rule.gate, watched)) return false;
  const Reading reading = rule.source(watched);
  const int32_t limit = level_of(rule.limit, watched.settings);
  return reading.present && further(rule.side, reading.value, limit);
}

bool released(const Rule& rule, const RuleState& state, const Watched& watched) {
  const int32_t level = level_of(rule.release_level, watched.settings);
  if (rule.release == Release::after_time) {
    return watched.now_ns - state.since_ns >= s_in_ns(level);
  }
  const Reading reading = rule.release_source(watched);
  return reading.present && further(rule.side, level, reading.value);
}

// Which of the short-circuit rules' counters of tries; -1 for other rules.
int tries_of(const Rule& rule) {
  if (rule.alarm == Alarm::discharge_short) return 0;
  return rule.alarm == Alarm::charge_short ? 1 : -1;
}

bool gave_up(const Rule& rule, const Watched& watched, ShortTries& tries) {
  const uint8_t path_switch = rule.alarm == Alarm::discharge_short ? discharge_switch : charge_switch;
  if (setting(watched.settings, path_switch) == 0) tries.failed = 0;
  return tries.failed >= watched.part.short_tries;
}

// As long after a release as the path needs to close, and a second in which it proves to hold.
bool just_reclosed(const Watched& watched, const ShortTries& tries) {
  const int64_t closing_s = setting(watched.settings, precharge_s) + 1;
  return watched.now_ns - tries.released_ns <= s_in_ns(closing_s);
}

void forget_tries(const Watched& watched, ShortTries& tries) {
  if (tries.failed != 0 && !just_reclosed(watched, tries)) tries.failed = 0;
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

// Moves one rule on. Nearly always all of them rest, and 22 are judged in a row: that way lies straight.
void judge(const Rule& rule, const Watched& watched, RuleState& state, Protections& protections) {
  if (state.phase == RulePhase::tripped) [[unlikely]] {
    if (released(rule, state, watched)) release(rule, watched, state, protections);
    return;
  }
  if (!beyond(rule, watched)) [[likely]] {
    state.phase = RulePhase::idle;
    if (const int which = tries_of(rule); which >= 0) forget_tries(watched, protections.tries[which]);
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
  if (state.phase == RulePhase::idle) return;
  const bool tripped = state.phase == RulePhase::tripped;
  if (tripped) protections.alarms |= bits_of(rule.alarm);
  uint16_t& all = tripped ? protections.cuts : protections.counting;
  all = static_cast<uint16_t>(all | rule.cuts);
  if (rule.lifted_in_emergency) return;
  uint16_t& firm = tripped ? protections.firm_cuts : protections.firm_counting;
  firm = static_cast<uint16_t>(firm | rule.cuts);
}

// What the rules and the number of cells say together.
void sum_up(Protections& protections) {
  const bool wrong = protections.wrong_count != 0;
  protections.alarms = wrong ? bits_of(Alarm::cell_number) : 0u;
  protections.cuts = protections.firm_cuts = wrong ? cuts_both : cuts_nothing;
  protections.counting = protections.firm_counting = 0;
  for (size_t i = 0; i < rule_count; ++i) take_in(rules[i], protections.rule[i], protections);
  for (const ShortTries& tries : protections.tries) {
    if (tries.failed != 0) protections.alarms |= bits_of(Alarm::short_stays);
  }
}

// Those that need no scan, in a list of their own: three wakes of four judge nothing else.
struct UnscannedRules {
  uint8_t index[rule_count];
  size_t count;
};

constexpr UnscannedRules find_unscanned_rules() {
  UnscannedRules found = {};
  for (size_t i = 0; i < rule_count; ++i) {
    if (rules[i].judged == Judged::every_wake) found.index[found.count++] = static_cast<uint8_t>(i);
  }
  return found;
}

constexpr UnscannedRules unscanned_rules = find_unscanned_rules();

// Nothing stands in the sum that may change between two scans; a front end that did not answer left its alarm alone.
bool at_rest_between_scans(const Protections& protections) {
  uint64_t stirred = protections.tries[0].failed | protections.tries[1].failed;
  stirred |= protections.alarms & bits_of(Alarm::front_end);
  for (size_t k = 0; k < unscanned_rules.count; ++k) {
    stirred |= static_cast<uint64_t>(protections.rule[unscanned_rules.index[k]].phase);
  }
  return stirred == 0;
}

void judge_without_scan(const Watched& watched, Protections& protections) {
  for (size_t k = 0; k < unscanned_rules.count; ++k) {
    const size_t i = unscanned_rules.index[k];
    judge(rules[i], watched, protections.rule[i], protections);
  }
}

}  // namespace

void protect(const Watched& watched, bool scan_ended, Protections& protections) {
  protections.rearm_short = 0;
  if (scan_ended) {
    count_cells(watched, protections);
    for (size_t i = 0; i < rule_count; ++i) judge(rules[i], watched, protections.rule[i], protections);
    sum_up(protections);
    return;
  }
  const bool rested = at_rest_between_scans(protections);
  judge_without_scan(watched, protections);
  if (rested && at_rest_between_scans(protections)) return;
  sum_up(protections);
}

void protect_without_front_end(Protections& protections) {
  protections.alarms = bits_of(Alarm::front_end);
  protections.cuts = protections.firm_cuts = cuts_both;
  protections.counting = protections.firm_counting = 0;
  protections.rearm_short = 0;
}

int32_t release_left_s(const Settings& settings, const Protections& protections, Alarm alarm, int64_t now_ns) {
  for (size_t i = 0; i < rule_count; ++i) {
    const Rule& rule = rules[i];
    const RuleState& state = protections.rule[i];
    if (rule.alarm != alarm || state.phase != RulePhase::tripped) continue;
    const int64_t left_ns = state.since_ns + s_in_ns(level_of(rule.release_level, settings)) - now_ns;
    return left_ns > 0 ? static_cast<int32_t>(begun_s(left_ns)) : 0;
  }
  return 0;
}

}  // namespace packrig::bms
