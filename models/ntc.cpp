#include "models/ntc.hpp"

#include "models/check.hpp"
#include "models/math/elementary.hpp"
#include "models/math/multiversion.hpp"

namespace packrig {
namespace {

constexpr double reference_K = zero_celsius_K + 25.0;

}  // namespace

void check(const NtcDescription& ntc) {
  check_range("ntc.r25_Ohm", ntc.r25_Ohm, 1.0, 1e7);
  check_range("ntc.b_K", ntc.b_K, 100.0, 20'000.0);
}

double ntc_Ohm(const NtcDescription& ntc, double temperature_degC) {
  return ntc.r25_Ohm * math::exp(ntc.b_K * (1.0 / (temperature_degC + zero_celsius_K) - 1.0 / reference_K));
}

PACKRIG_MULTIVERSION void ntc_Ohm(const NtcDescription& given, const NtcRow& temperature_degC, NtcRow& resistance_Ohm) {
  const NtcDescription ntc = given;
  PACKRIG_INDEPENDENT_BRIEF
  for (std::size_t n = 0; n < resistance_Ohm.size(); ++n) {
    const double from_reference = 1.0 / (temperature_degC[n] + zero_celsius_K) - 1.0 / reference_K;
    resistance_Ohm[n] = ntc.r25_Ohm * math::exp(ntc.b_K * from_reference);
  }
}

double ntc_degC(const NtcDescription& ntc, double resistance_Ohm) {
  return 1.0 / (1.0 / reference_K + math::log(resistance_Ohm / ntc.r25_Ohm) / ntc.b_K) - zero_celsius_K;
}

double NtcReading::degC(const NtcDescription& ntc, double resistance_Ohm) {
  if (resistance_Ohm != read_Ohm_) {
    read_Ohm_ = resistance_Ohm;
    read_degC_ = ntc_degC(ntc, resistance_Ohm);
  }
  return read_degC_;
}

}  // namespace packrig
