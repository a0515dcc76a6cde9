#include "balancing.hpp"

#include "spans.hpp"

namespace packrig::bms {
namespace {

// With these no energy is moved. A cell over-voltage is none of them: taking from the highest cell is what helps.
constexpr uint32_t forbidding_alarms =
    bits_of(Alarm::board_hot, Alarm::cell_number, Alarm::current_sensor, Alarm::charge_short, Alarm::charge_hot,
            Alarm::charge_cold, Alarm::cell_under_voltage, Alarm::discharge_short, Alarm::discharge_hot, Alarm::probe,
            Alarm::discharge_cold);

// A cell is charged and another discharged, so the limits of charging hold, current in the pack or not. As with the
// protections: strictly beyond to trip, strictly on the safe side to end.
void judge_temperature(const Settings& settings, const Measurements& measured, Balancing& balancing) {
  const Reading hottest = extreme_probe(Side::above, settings, measured);
  const Reading coldest = extreme_probe(Side::below, settings, measured);
  bool beyond = false;
  if (hottest.present && balancing.too_hot_or_cold != 0) {
    beyond = hottest.value >= setting(settings, charge_hot_release_ddegC) ||
             coldest.value <= setting(settings, charge_cold_release_ddegC);
  } else if (hottest.present) {
    beyond =
        hottest.value > setting(settings, charge_hot_ddegC) || coldest.value < setting(settings, charge_cold_ddegC);
  }
  balancing.too_hot_or_cold = beyond ? 1 : 0;
}

BalanceBlock block_of(const Settings& settings, const Measurements& measured, const Protections& protections,
                      bool ready, const CellRange& cells, const Balancing& balancing) {
  const int32_t start_mV = setting(settings, balance_start_mV);
  if (setting(settings, balance_switch) == 0) return BalanceBlock::switched_off;
  if (start_mV >= setting(settings, over_voltage_mV)) return BalanceBlock::conflict;
  if (measured.open_wires != 0) return BalanceBlock::open_wire;
  if (measured.poor_wires != 0) return BalanceBlock::poor_contact;
  if (!ready) return BalanceBlock::not_ready;
  if ((protections.alarms & forbidding_alarms) != 0) return BalanceBlock::fault;
  if (balancing.too_hot_or_cold != 0) return BalanceBlock::temperature;
  const bool idle = balancing.phase == BalancePhase::idle;
  if (idle ? cells.highest_mV <= start_mV : cells.highest_mV < start_mV) return BalanceBlock::below_start;
  if (cells.highest_mV - cells.lowest_mV <= setting(settings, balance_trigger_mV)) return BalanceBlock::even;
  return BalanceBlock::none;
}

void begin(BalancePhase phase, const Settings& settings, const Measurements& measured, int64_t now_ns,
           Balancing& balancing) {
  const Side side = phase == BalancePhase::out_of_highest ? Side::above : Side::below;
  balancing.since_ns = now_ns;
  balancing.phase = phase;
  balancing.cell = static_cast<uint16_t>(extreme_cell(side, settings, measured) + 1);
}

bool phase_over(const Part& part, const Settings& settings, const Measurements& measured, const CellRange& cells,
                int64_t now_ns, const Balancing& balancing) {
  const bool out = balancing.phase == BalancePhase::out_of_highest;
  const int64_t age_ns = now_ns - balancing.since_ns;
  if (age_ns >= ms_in_ns(out ? part.balance_out_ms : part.balance_in_ms)) return true;
  const int32_t reading_mV = measured.cell_mV[balancing.cell - 1];
  const int32_t ahead_mV = out ? reading_mV - cells.lowest_mV : cells.highest_mV - reading_mV;
  if (ahead_mV <= setting(settings, balance_trigger_mV)) return true;
  if (age_ns < ms_in_ns(part.balance_settle_ms)) return false;
  const int32_t flows_mA = out ? -balancing.current_mA : balancing.current_mA;
  return flows_mA < balance_current_mA(part, settings) / 4;
}

}  // namespace

int32_t balance_current_mA(const Part& part, const Settings& settings) {
  const int32_t wanted_mA = setting(settings, balance_limit_mA);
  return wanted_mA < part.balance_rated_mA ? wanted_mA : part.balance_rated_mA;
}

void balance(const Part& part, const Settings& settings, const Measurements& measured, const CellRange& cells,
             const Protections& protections, bool ready, const PackrigAfeCodes& codes, Balancing& balancing) {
  judge_temperature(settings, measured, balancing);
  balancing.blocked = block_of(settings, measured, protections, ready, cells, balancing);
  if (balancing.blocked != BalanceBlock::none) {
    balancing.phase = BalancePhase::idle;
    balancing.current_mA = 0;
    balancing.cell = 0;
    return;
  }
  balancing.current_mA = balancing.phase == BalancePhase::idle ? 0 : codes.balance_mA;
  if (balancing.phase == BalancePhase::idle) {
    begin(BalancePhase::out_of_highest, settings, measured, codes.now_ns, balancing);
  } else if (phase_over(part, settings, measured, cells, codes.now_ns, balancing)) {
    const bool was_out = balancing.phase == BalancePhase::out_of_highest;
    begin(was_out ? BalancePhase::into_lowest : BalancePhase::out_of_highest, settings, measured, codes.now_ns,
          balancing);
  }
}

}  // namespace packrig::bms
