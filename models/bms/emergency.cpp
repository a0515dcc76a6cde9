#include "emergency.hpp"

#include "spans.hpp"

namespace packrig::bms {

void start_emergency(uint32_t duration_min, int64_t now_ns, Emergency& emergency) {
  emergency.until_ns = now_ns + s_in_ns(int64_t{60} * duration_min);
}

int32_t emergency_left_s(const Emergency& emergency, int64_t now_ns) {
  return active(emergency, now_ns) ? static_cast<int32_t>(begun_s(emergency.until_ns - now_ns)) : 0;
}

}  // namespace packrig::bms
