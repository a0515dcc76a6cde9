// A thermistor of negative temperature coefficient by the B-equation, both ways.
//
//      R(T) = R25 exp(B (1/T - 1/298.15 K)),  T in kelvin
//
// B-equation: IEC 60539-1, "B-value". Real parts leave it by some kelvin below -20 degC and above 85 degC.
#pragma once

#include <array>

namespace packrig {

inline constexpr double zero_celsius_K = 273.15;

struct NtcDescription {
  double r25_Ohm = 10'000.0;  // at 25 degC; assumed: the data sheet of the part under test does not name its probes
  double b_K = 3'435.0;       // B25/85; assumed, a common 10 k battery probe
};

// Throws BadInput unless 1 <= r25_Ohm <= 1e7 and 100 <= b_K <= 20 000.
void check(const NtcDescription& ntc);

// Resistance at a temperature above absolute zero.
double ntc_Ohm(const NtcDescription& ntc, double temperature_degC);

// The same for as many of one kind as go through one vector.
using NtcRow = std::array<double, 4>;
void ntc_Ohm(const NtcDescription& ntc, const NtcRow& temperature_degC, NtcRow& resistance_Ohm);

// The temperature at which the probe has `resistance_Ohm` > 0.
double ntc_degC(const NtcDescription& ntc, double resistance_Ohm);

// The same for a resistance that seldom changes: the logarithm is taken when it does.
class NtcReading {
 public:
  double degC(const NtcDescription& ntc, double resistance_Ohm);

 private:
  double read_Ohm_ = 0.0;  // no probe has it
  double read_degC_ = 0.0;
};

}  // namespace packrig
