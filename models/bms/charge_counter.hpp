// The coulomb counter: charge in and out, state of charge, learned capacity, cycles, state of health.
//
//   at the end of a scan:  1 count     what the current sample before this one has moved since, without loss
//                          2 begin     the first time in a life: an estimate from the cells' voltage
//                          3 follow    a new capacity setting keeps the percentage
//                          4 anchor    full at the SOC100 voltage, unless it charges fast; empty at the SOC0 voltage
//
// A sample stands until the next one, so what flowed before a sleep is not charged with the sleep's end. A current
// within the dead band counts as none; one that the shunt cannot show counts as the end of its range, and what it
// spoils is not learned from. The remaining charge stays within empty and full, whatever is counted.
#pragma once

#include <stdint.h>

#include "measurement.hpp"
#include "part.hpp"
#include "settings.hpp"
#include "store.hpp"

namespace packrig::bms {

enum class Anchor : uint32_t { none, full, empty };

// Milliampere-seconds and what has not come to a whole one yet.
struct ChargeSum {
  int64_t total_mAs;
  int64_t fraction_mAns;
};

struct ChargeCounter {
  int64_t sampled_ns;
  ChargeSum charged;     // over the board's life
  ChargeSum discharged;  // over the board's life
  int64_t remaining_mAs;
  int64_t anchor_net_mAs;  // discharged minus charged, when the last anchor held
  int64_t anchored_ns;
  int64_t full_since_ns;   // the SOC100 condition has held since then; meaningful while full_held is 1
  int64_t empty_since_ns;  // likewise SOC0
  int32_t sample_mA;
  uint32_t full_mAh;     // learned
  uint32_t setting_mAh;  // the capacity setting that full and remaining belong to; 0 none yet
  Anchor anchor;         // the last one since the start, unless something has spoilt what lies between
  uint8_t sampled;
  uint8_t known;  // there is a state of charge: stored, estimated or anchored
  uint8_t full_held;
  uint8_t empty_held;
  uint32_t reserved;
};

// What the board shows.
struct ShownCharge {
  int32_t soc_percent;
  int32_t soh_percent;
  uint32_t remaining_mAh;
  uint32_t full_mAh;
  uint32_t cycle_mAh;  // half of what was charged and discharged (data sheet)
  uint32_t cycles;     // cycle_mAh over full_mAh, rounded down
};

// At the end of a scan.
void count_charge(const Part& part, uint8_t chemistry, const Settings& settings, const Measurements& measured,
                  int64_t now_ns, ChargeCounter& counter);

// As counted.
ShownCharge charge_of(const ChargeCounter& counter);
// As shown `since_on_ns` after the power came: a real board shows a state of charge, a remaining charge and cycles of 0
// for its first 16 s, while it counts already.
ShownCharge shown_charge(const Part& part, const ChargeCounter& counter, int64_t since_on_ns);

// 0 within the dead band.
int32_t counted_mA(const Part& part, int32_t current_mA);

// After a factory reset: the capacity is the setting's again, the percentage stays.
void forget_capacity(ChargeCounter& counter);

void keep_charge(const ChargeCounter& counter, Counters& kept);
void restore_charge(const Counters& kept, ChargeCounter& counter);

}  // namespace packrig::bms
