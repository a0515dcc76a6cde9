// The board's clock, run time and ticks, counted from the front end's nanoseconds.
//
// Seconds are unsigned 32 bits from 2020-01-01, as the cell frame has them at offset 262: they wrap in 2156. Ticks of
// 0.1 s (offset 246) wrap after 13.6 years; the difference of two of them, taken as unsigned, does not mind.
#pragma once

#include <stdint.h>

namespace packrig::bms {

struct Clock {
  int64_t now_ns;        // of the last wake
  int64_t since_on_ns;   // since the power came
  uint32_t time_s;       // since 2020-01-01 00:00
  uint32_t run_time_s;   // with power, over the board's life
  uint32_t tick_count;   // of 0.1 s since the power came
  uint32_t fraction_ns;  // of a tick
  uint32_t second_tick;  // of the running second, 0..9
  uint32_t running;      // 0 until the first wake
};

// The wake at `now_ns`, which is later than the one before.
void advance(Clock& clock, int64_t now_ns);

}  // namespace packrig::bms
