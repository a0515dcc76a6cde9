// exp, expm1, log and tanh of our own: the same bits on every machine, and loops over them vectorise.
//
// libm is not used in the model because it picks its code by CPU and differs between versions in the last digit,
// which is enough to move an event to the next tick. Only +, -, *, /, comparison and bit patterns are used below,
// all exact by IEEE 754, and no branch: a choice is a selection between two computed values.
//
// Accuracy (tests/models/math/elementary_test.cpp, against long double): exp and log 1 ulp, expm1 and tanh 2.5 ulp. The
// polynomials go through the series at Chebyshev points of the reduced argument, off by less than 2^-58, and are
// evaluated as a tree (G. Estrin, 1960), which is a third as long a chain as Horner's. The reductions are the classical
// ones (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980).
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <span>

namespace packrig::math {

namespace detail {

// `condition ? yes : no` on bit patterns. Written so because compilers turn the operator into jumps, which keeps a
// loop scalar.
inline double choose(bool condition, double yes, double no) {
  const std::uint64_t mask = -static_cast<std::uint64_t>(condition);
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(yes) & mask) | (std::bit_cast<std::uint64_t>(no) & ~mask));
}

inline constexpr double inverse_ln2 = 1.4426950408889634074;
// ln 2 in two parts; the first has 33 significant bits, so that its product with an exponent is exact.
inline constexpr double ln2_high = 0x1.62e42feep-1;
inline constexpr double ln2_low = 0x1.a39ef35793c76p-33;
// Adding it rounds |x| < 2^51 to an integer, whose two's complement stands in the low bits of the sum.
inline constexpr double rounder = 6755399441055744.0;  // 1.5 * 2^52

// x - n ln 2, for n the integer nearest to x / ln 2; |result| <= 0.347.
struct Reduced {
  double rest;
  double exponent;
};
inline Reduced reduce(double x) {
  const double exponent = (x * inverse_ln2 + rounder) - rounder;
  return {(x - exponent * ln2_high) - exponent * ln2_low, exponent};
}

// 2^n for integer -1022 <= n <= 1023.
inline double power_of_two(double n) {
  return std::bit_cast<double>((std::bit_cast<std::uint64_t>(n + rounder) + 1023U) << 52U);
}

// e^r - 1 for |r| <= 0.347.
inline double expm1_series(double r) {
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double low = (0x1p-1 + 0x1.5555555555557p-3 * r) + r2 * (0x1.5555555555556p-5 + 0x1.11111111100b6p-7 * r);
  const double middle =
      (0x1.6c16c16c162bfp-10 + 0x1.a01a01abfc8ddp-13 * r) + r2 * (0x1.a01a01a6e448ep-16 + 0x1.71de01f07539bp-19 * r);
  const double high = (0x1.27e4db3f36203p-22 + 0x1.af4e70dd7207dp-26 * r) + r2 * 0x1.1f7350a074034p-29;
  return r + r2 * (low + r4 * (middle + r4 * high));
}

// (2 artanh(s) / s - 2) / s^2 for s^2 = z <= 0.0295.
inline double artanh_series(double z) {
  const double z2 = z * z;
  const double high = (0x1.7462b51cb66b1p-3 + 0x1.39fe51a7c18f9p-3 * z) + z2 * 0x1.2b5900de53b32p-3;
  const double middle = 0x1.2492492df281ap-2 + 0x1.c71c62e3f11e6p-3 * z;
  return (0x1.5555555555558p-1 + 0x1.99999999952d7p-2 * z) + z2 * (middle + z2 * high);
}

// Of the square root of 1/2.
inline constexpr std::uint64_t root_half_bits = 0x3fe6a09e667f3bcdU;
inline constexpr std::uint64_t one_bits = 0x3ff0000000000000U;
inline constexpr std::uint64_t fraction_bits = 0x000fffffffffffffU;

}  // namespace detail

// e^x. Beyond 709.78 infinity, below -745.13 zero, subnormal results in between; NaN stays NaN.
inline double exp(double x) {
  double bounded = detail::choose(x > 710.0, 710.0, x);
  bounded = detail::choose(bounded < -746.0, -746.0, bounded);
  const detail::Reduced reduced = detail::reduce(bounded);
  // In two factors, because 2^n itself may lie outside the normal range.
  const double half = (reduced.exponent * 0.5 + detail::rounder) - detail::rounder;
  const double value = 1.0 + detail::expm1_series(reduced.rest);
  return (value * detail::power_of_two(half)) * detail::power_of_two(reduced.exponent - half);
}

// e^x - 1 without the loss of digits near zero.
inline double expm1(double x) {
  double bounded = detail::choose(x > 710.0, 710.0, x);
  bounded = detail::choose(bounded < -40.0, -40.0, bounded);  // e^-40 is below half an ulp of 1
  const detail::Reduced reduced = detail::reduce(bounded);
  const double half = (reduced.exponent * 0.5 + detail::rounder) - detail::rounder;
  const double first = detail::power_of_two(half);
  const double second = detail::power_of_two(reduced.exponent - half);
  return (detail::expm1_series(reduced.rest) * first) * second + (first * second - 1.0);
}

// Natural logarithm of a positive normal number. Of anything else it is some number: for loops whose argument cannot be
// anything else unless what goes into them is broken already.
inline double log_of_normal(double x) {
  // x = 2^n m with m in [0.707, 1.414); the biased exponent, put into the low bits of 2^52, is converted by one
  // subtraction.
  const std::uint64_t shifted = std::bit_cast<std::uint64_t>(x) + (detail::one_bits - detail::root_half_bits);
  const double exponent = std::bit_cast<double>((shifted >> 52U) | 0x4330000000000000U) - (0x1p52 + 1023.0);
  const double m = std::bit_cast<double>((shifted & detail::fraction_bits) + detail::root_half_bits);
  // log(1 + f) = 2 artanh(s), s = f / (2 + f), |s| <= 0.1716; f - f^2/2 carries the leading digits exactly.
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double half_square = 0.5 * f * f;
  const double small = s * (half_square + z * detail::artanh_series(z)) + exponent * detail::ln2_low;
  return exponent * detail::ln2_high - ((half_square - small) - f);
}

// Natural logarithm. log(0) = -infinity, of a negative number or NaN: NaN.
inline double log(double x) {
  const bool subnormal = x < std::numeric_limits<double>::min();
  const double scale = detail::choose(subnormal, 0x1p54, 1.0);
  const double shift = detail::choose(subnormal, 54.0 * 0.69314718055994530942, 0.0);
  const double value = log_of_normal(x * scale) - shift;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double not_positive = detail::choose(x == 0.0, -infinity, std::numeric_limits<double>::quiet_NaN());
  const double defined = detail::choose(x > 0.0, value, not_positive);
  return detail::choose(x < infinity, defined, x);  // what is left is infinity and NaN
}

// Hyperbolic tangent; +-1 beyond |x| = 22 (exact to half an ulp there).
inline double tanh(double x) {
  constexpr std::uint64_t sign_bit = 0x8000000000000000U;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  const double magnitude = std::bit_cast<double>(bits & ~sign_bit);
  const double bounded = detail::choose(magnitude > 22.0, 22.0, magnitude);
  const double grown = expm1(2.0 * bounded);
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(grown / (grown + 2.0)) | (bits & sign_bit));
}

// The same over arrays, element by element; the bits are those of the scalar functions. Both spans have the same
// size (BadInput otherwise); they may be the same array.
void exp(std::span<const double> x, std::span<double> result);
void expm1(std::span<const double> x, std::span<double> result);
void log(std::span<const double> x, std::span<double> result);
void tanh(std::span<const double> x, std::span<double> result);

}  // namespace packrig::math
