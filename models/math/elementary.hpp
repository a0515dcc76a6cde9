// exp, expm1, log, tanh and a root of our own: the same bits on every machine, and loops over them vectorise.
//
// libm is not used in the model because it picks its code by CPU and differs between versions in the last digit,
// which is enough to move an event to the next tick. Only +, -, *, /, comparison and bit patterns are used below,
// all exact by IEEE 754, and no branch: a choice is a selection between two computed values.
//
// Accuracy (tests/models/math/elementary_test.cpp, against long double): exp, log and root 1 ulp, expm1 and tanh 2.5
// ulp. The polynomials are the Taylor series themselves, cut where the rest is below 2^-56 on the reduced argument; the
// reductions are the classical ones (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980).
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

// e^r - 1 for |r| <= 0.347, Taylor to r^14 / 14!.
inline double expm1_series(double r) {
  double sum = 1.0 / 87178291200.0;
  sum = sum * r + 1.0 / 6227020800.0;
  sum = sum * r + 1.0 / 479001600.0;
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 0.5;
  return r + (r * r) * sum;
}

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

// Natural logarithm. log(0) = -infinity, of a negative number or NaN: NaN.
inline double log(double x) {
  const bool subnormal = x < std::numeric_limits<double>::min();
  const double scaled = x * detail::choose(subnormal, 0x1p54, 1.0);
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(scaled);
  // The biased exponent, put into the low bits of 2^52, is converted by one subtraction.
  const double biased = std::bit_cast<double>((bits >> 52U) | 0x4330000000000000U) - 0x1p52;
  const double mantissa = std::bit_cast<double>((bits & 0x000fffffffffffffU) | 0x3ff0000000000000U);
  const bool upper = mantissa > 1.4142135623730951;
  const double m = mantissa * detail::choose(upper, 0.5, 1.0);  // in [0.707, 1.414]
  const double exponent = biased - detail::choose(upper, 1022.0, 1023.0) - detail::choose(subnormal, 54.0, 0.0);
  // log(1 + f) = 2 artanh(s), s = f / (2 + f), |s| <= 0.1716; f - f^2/2 carries the leading digits exactly.
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double sum = 2.0 / 23.0;
  sum = sum * z + 2.0 / 21.0;
  sum = sum * z + 2.0 / 19.0;
  sum = sum * z + 2.0 / 17.0;
  sum = sum * z + 2.0 / 15.0;
  sum = sum * z + 2.0 / 13.0;
  sum = sum * z + 2.0 / 11.0;
  sum = sum * z + 2.0 / 9.0;
  sum = sum * z + 2.0 / 7.0;
  sum = sum * z + 2.0 / 5.0;
  sum = sum * z + 2.0 / 3.0;
  const double half_square = 0.5 * f * f;
  const double small = s * (half_square + z * sum) + exponent * detail::ln2_low;
  const double value = exponent * detail::ln2_high - ((half_square - small) - f);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double not_positive = detail::choose(x == 0.0, -infinity, std::numeric_limits<double>::quiet_NaN());
  const double defined = detail::choose(x > 0.0, value, not_positive);
  return detail::choose(x < infinity, defined, x);  // what is left is infinity and NaN
}

// Square root, for loops: std::sqrt may set errno, which is a jump that keeps a loop scalar. From a guess by halving
// the exponent (C. Lomont, Fast Inverse Square Root, 2003), three steps of Newton's method for the inverse root and one
// for the root. Right to 1 ulp from 1e-290 to 1e300, sqrt(0) = 0; below 0 and beyond that range it is not defined.
struct Root {
  double value;
  double inverse;  // 1 / value, to 1e-10
};
inline Root root(double x) {
  const std::uint64_t guess = 0x5fe6eb50c7b537a9U - (std::bit_cast<std::uint64_t>(x) >> 1U);
  double inverse = std::bit_cast<double>(guess);
  const double half = 0.5 * x;
  inverse = inverse * (1.5 - half * inverse * inverse);
  inverse = inverse * (1.5 - half * inverse * inverse);
  inverse = inverse * (1.5 - half * inverse * inverse);
  const double value = x * inverse;
  return {value + 0.5 * inverse * (x - value * value), inverse};
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
