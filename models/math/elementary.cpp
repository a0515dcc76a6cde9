#include "models/math/elementary.hpp"

#include <cstddef>
#include <string>

#include "models/errors.hpp"
#include "models/math/multiversion.hpp"

namespace packrig::math {

namespace {

void check_sizes(std::size_t arguments, std::size_t results) {
  if (arguments != results) {
    throw BadInput("result span has " + std::to_string(results) + " elements, accepted: " + std::to_string(arguments) +
                   ", as many as arguments");
  }
}

PACKRIG_MULTIVERSION void exp_loop(const double* x, double* result, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) result[i] = exp(x[i]);
}

PACKRIG_MULTIVERSION void expm1_loop(const double* x, double* result, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) result[i] = expm1(x[i]);
}

PACKRIG_MULTIVERSION void log_loop(const double* x, double* result, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) result[i] = log(x[i]);
}

PACKRIG_MULTIVERSION void tanh_loop(const double* x, double* result, std::size_t count) {
  PACKRIG_INDEPENDENT
  for (std::size_t i = 0; i < count; ++i) result[i] = tanh(x[i]);
}

}  // namespace

void exp(std::span<const double> x, std::span<double> result) {
  check_sizes(x.size(), result.size());
  exp_loop(x.data(), result.data(), x.size());
}

void expm1(std::span<const double> x, std::span<double> result) {
  check_sizes(x.size(), result.size());
  expm1_loop(x.data(), result.data(), x.size());
}

void log(std::span<const double> x, std::span<double> result) {
  check_sizes(x.size(), result.size());
  log_loop(x.data(), result.data(), x.size());
}

void tanh(std::span<const double> x, std::span<double> result) {
  check_sizes(x.size(), result.size());
  tanh_loop(x.data(), result.data(), x.size());
}

}  // namespace packrig::math
