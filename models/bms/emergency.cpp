#include "emergency.hpp"

namespace packrig::bms {

void start_emergency(uint32_t duration_min, int64_t now_ns, Emergency& emergency) {
  emergency.until_ns = now_ns + static_cast<int64_t>(duration_min) * 60 * 1000000000;
}

int32_t emergency_left_s(const Emergency& emergency, int64_t now_ns) {
  return active(emergency, now_ns) ? static_cast<int32_t>((emergency.until_ns - now_ns + 999999999) / 1000000000) : 0;
}

}  // namespace packrig::bms
