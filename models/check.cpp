#include "models/check.hpp"

#include <array>
#include <charconv>

#include "models/errors.hpp"

namespace packrig {

std::string shown(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

void check_range(const std::string& member, double value, double low, double high) {
  if (value >= low && value <= high) return;
  throw BadInput(member + " = " + shown(value) + ": accepted is " + shown(low) + " to " + shown(high));
}

void check_range(const std::string& member, int value, int low, int high) {
  check_range(member, static_cast<double>(value), static_cast<double>(low), static_cast<double>(high));
}

}  // namespace packrig
