// Spans of time as settings and parts hold them, in the nanoseconds that the front end counts.
#pragma once

#include <stdint.h>

namespace packrig::bms {

constexpr int64_t us_in_ns(int64_t span_us) { return span_us * 1000; }
constexpr int64_t ms_in_ns(int64_t span_ms) { return span_ms * 1000000; }
constexpr int64_t s_in_ns(int64_t span_s) { return span_s * 1000000000; }

// Seconds, the one that has begun included.
constexpr int64_t begun_s(int64_t span_ns) { return (span_ns + s_in_ns(1) - 1) / s_in_ns(1); }

}  // namespace packrig::bms
