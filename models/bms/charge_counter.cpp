#include "charge_counter.hpp"

#include "extremes.hpp"
#include "spans.hpp"

namespace packrig::bms {
namespace {

constexpr int64_t ns_per_s = s_in_ns(1);
constexpr int64_t s_per_h = 3600;

// The seconds apart from their fraction, so that no product leaves 64 bits however long the sample stood.
void add(ChargeSum& sum, int64_t current_mA, int64_t span_ns) {
  const int64_t fraction_mAns = sum.fraction_mAns + current_mA * (span_ns % ns_per_s);
  sum.total_mAs += current_mA * (span_ns / ns_per_s) + fraction_mAns / ns_per_s;
  sum.fraction_mAns = fraction_mAns % ns_per_s;
}

int64_t net_mAs(const ChargeCounter& counter) { return counter.discharged.total_mAs - counter.charged.total_mAs; }

int64_t full_mAs(const ChargeCounter& counter) { return counter.full_mAh * s_per_h; }

void keep_within(int64_t highest_mAs, int64_t& remaining_mAs) {
  if (remaining_mAs < 0) remaining_mAs = 0;
  if (remaining_mAs > highest_mAs) remaining_mAs = highest_mAs;
}

void count(const Part& part, const Measurements& measured, int64_t now_ns, ChargeCounter& counter) {
  const int64_t before_mAs = net_mAs(counter);
  const int64_t span_ns = now_ns - counter.sampled_ns;
  if (counter.sampled != 0 && counter.sample_mA > 0) add(counter.discharged, counter.sample_mA, span_ns);
  if (counter.sampled != 0 && counter.sample_mA < 0) add(counter.charged, -counter.sample_mA, span_ns);
  counter.remaining_mAs += before_mAs - net_mAs(counter);
  keep_within(full_mAs(counter), counter.remaining_mAs);
  counter.sampled = 1;
  counter.sampled_ns = now_ns;
  counter.sample_mA = counted_mA(part, measured.current_mA);
  if (measured.current_saturated != 0) counter.anchor = Anchor::none;
}

int64_t estimate_permille(const RestCurve& curve, int32_t cell_mV) {
  if (cell_mV <= curve.cell_mV[0]) return 0;
  for (uint32_t i = 1; i < rest_curve_points; ++i) {
    const int32_t left_mV = curve.cell_mV[i - 1];
    const int32_t right_mV = curve.cell_mV[i];
    if (cell_mV > right_mV) continue;
    return static_cast<int64_t>(i - 1) * rest_curve_step_permille +
           rest_curve_step_permille * (cell_mV - left_mV) / (right_mV - left_mV);
  }
  return 1000;
}

// How long the condition has held; `since_ns` begins with its first scan.
bool held(bool holds, int64_t now_ns, int64_t delay_ns, int64_t& since_ns, uint8_t& holding) {
  if (!holds) {
    holding = 0;
    return false;
  }
  if (holding == 0) since_ns = now_ns;
  holding = 1;
  return now_ns - since_ns >= delay_ns;
}

// The charge between two different anchors is the capacity, if it can be one.
void learn(const Part& part, int64_t moved_mAs, int64_t now_ns, ChargeCounter& counter) {
  if (now_ns - counter.anchored_ns > s_in_ns(part.learn_longest_s)) return;
  const int64_t setting_mAs = counter.setting_mAh * s_per_h;
  if (moved_mAs * 100 < setting_mAs * part.learn_low_percent) return;
  if (moved_mAs * 100 > setting_mAs * part.learn_high_percent) return;
  counter.full_mAh = static_cast<uint32_t>(moved_mAs / s_per_h);
}

// So fast that its cells' voltage says little of their charge.
bool charges_fast(const Part& part, const Measurements& measured, const ChargeCounter& counter) {
  return -measured.current_mA > static_cast<int64_t>(counter.full_mAh) * part.full_rate_permille / 1000;
}

void anchor_at(Anchor anchor, int64_t now_ns, ChargeCounter& counter) {
  counter.anchor = anchor;
  counter.anchor_net_mAs = net_mAs(counter);
  counter.anchored_ns = now_ns;
}

void find_anchors(const Part& part, const Settings& settings, const Measurements& measured, int64_t now_ns,
                  ChargeCounter& counter) {
  const int64_t delay_ns = ms_in_ns(part.anchor_delay_ms);
  const CellRange cells = cell_range(settings, measured);
  const int32_t full_mV = part.full_anchor == AnchorCells::any ? cells.highest_mV : cells.lowest_mV;
  const int32_t empty_mV = part.empty_anchor == AnchorCells::any ? cells.lowest_mV : cells.highest_mV;
  const bool full = full_mV >= setting(settings, soc_full_mV) && !discharges(part, measured) &&
                    !charges_fast(part, measured, counter);
  const bool empty = empty_mV <= setting(settings, soc_empty_mV) && !charges(part, measured);
  if (held(full, now_ns, delay_ns, counter.full_since_ns, counter.full_held)) {
    if (counter.anchor == Anchor::empty) learn(part, counter.anchor_net_mAs - net_mAs(counter), now_ns, counter);
    anchor_at(Anchor::full, now_ns, counter);
    counter.remaining_mAs = full_mAs(counter);
  }
  if (held(empty, now_ns, delay_ns, counter.empty_since_ns, counter.empty_held)) {
    if (counter.anchor == Anchor::full) learn(part, net_mAs(counter) - counter.anchor_net_mAs, now_ns, counter);
    anchor_at(Anchor::empty, now_ns, counter);
    counter.remaining_mAs = 0;
  }
}

void follow_setting(const Settings& settings, ChargeCounter& counter) {
  const auto setting_mAh = static_cast<uint32_t>(setting(settings, capacity_mAh));
  if (setting_mAh == counter.setting_mAh) return;
  // In mAh, or the product would leave 64 bits.
  const int64_t remaining_mAh = counter.remaining_mAs / s_per_h;
  if (counter.full_mAh != 0) counter.remaining_mAs = remaining_mAh * setting_mAh / counter.full_mAh * s_per_h;
  counter.full_mAh = setting_mAh;
  counter.setting_mAh = setting_mAh;
  counter.anchor = Anchor::none;
}

int32_t rounded_percent(int64_t of, int64_t whole) { return static_cast<int32_t>((of * 200 + whole) / (2 * whole)); }

}  // namespace

int32_t counted_mA(const Part& part, int32_t current_mA) {
  const bool counts = current_mA > part.dead_band_mA || current_mA < -part.dead_band_mA;
  return counts ? current_mA : 0;
}

void count_charge(const Part& part, uint8_t chemistry, const Settings& settings, const Measurements& measured,
                  int64_t now_ns, ChargeCounter& counter) {
  count(part, measured, now_ns, counter);
  follow_setting(settings, counter);
  if (counter.known == 0) {
    const int32_t mean_mV = cell_range(settings, measured).sum_mV / setting(settings, cell_count);
    const int64_t permille = estimate_permille(part.rest_curve[chemistry], mean_mV);
    counter.remaining_mAs = full_mAs(counter) * permille / 1000;
    counter.known = 1;
  }
  find_anchors(part, settings, measured, now_ns, counter);
}

ShownCharge charge_of(const ChargeCounter& counter) {
  if (counter.known == 0) return {};
  const int64_t cycle_mAs = (counter.charged.total_mAs + counter.discharged.total_mAs) / 2;
  const int64_t cycle_mAh = cycle_mAs / s_per_h;
  // Between a factory reset and the next scan the capacity is not known.
  const int32_t soh_percent = counter.setting_mAh == 0 ? 100 : rounded_percent(counter.full_mAh, counter.setting_mAh);
  return {rounded_percent(counter.remaining_mAs, full_mAs(counter)),
          soh_percent < 100 ? soh_percent : 100,
          static_cast<uint32_t>(counter.remaining_mAs / s_per_h),
          counter.full_mAh,
          static_cast<uint32_t>(cycle_mAh),
          static_cast<uint32_t>(cycle_mAh / counter.full_mAh)};
}

ShownCharge shown_charge(const Part& part, const ChargeCounter& counter, int64_t since_on_ns) {
  ShownCharge shown = charge_of(counter);
  if (since_on_ns >= ms_in_ns(part.charge_hidden_ms)) return shown;
  shown.soc_percent = 0;
  shown.remaining_mAh = 0;
  shown.cycle_mAh = 0;
  shown.cycles = 0;
  return shown;
}

void forget_capacity(ChargeCounter& counter) { counter.setting_mAh = 0; }

void keep_charge(const ChargeCounter& counter, Counters& kept) {
  kept.charged_mAs = counter.charged.total_mAs;
  kept.discharged_mAs = counter.discharged.total_mAs;
  kept.remaining_mAs = counter.remaining_mAs;
  kept.full_mAh = counter.full_mAh;
  kept.setting_mAh = counter.setting_mAh;
  kept.charge_known = counter.known;
}

void restore_charge(const Counters& kept, ChargeCounter& counter) {
  counter = {};
  counter.charged.total_mAs = kept.charged_mAs;
  counter.discharged.total_mAs = kept.discharged_mAs;
  counter.remaining_mAs = kept.remaining_mAs;
  counter.full_mAh = kept.full_mAh;
  counter.setting_mAh = kept.setting_mAh;
  counter.known = static_cast<uint8_t>(kept.charge_known);
}

}  // namespace packrig::bms
