#include "models/math/table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "models/errors.hpp"

namespace packrig::math {

namespace {

std::string text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.9g", value);
  return buffer;
}

void check_values(const std::string& name, std::span<const double> values, std::size_t expected) {
  if (values.size() != expected) {
    throw BadInput(name + ": " + std::to_string(values.size()) + " values, accepted: " + std::to_string(expected) +
                   ", one per knot");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw BadInput(name + ": value " + std::to_string(i) + " is " + text(values[i]) + ", accepted: finite numbers");
    }
  }
}

void check_grid(const std::string& name, const Grid& grid) {
  if (grid.count < 2 || !std::isfinite(grid.low) || !std::isfinite(grid.high) || !(grid.low < grid.high)) {
    throw BadInput(name + ": grid of " + std::to_string(grid.count) + " points from " + text(grid.low) + " to " +
                   text(grid.high) + ", accepted: 2 points or more from a lower to a higher finite number");
  }
}

}  // namespace

void check_rising(const std::string& name, std::span<const double> knots, std::size_t least) {
  if (knots.size() < least) {
    throw BadInput(name + ": " + std::to_string(knots.size()) + " knots, accepted: " + std::to_string(least) +
                   " or more");
  }
  for (std::size_t i = 0; i < knots.size(); ++i) {
    if (!std::isfinite(knots[i])) {
      throw BadInput(name + ": knot " + std::to_string(i) + " is " + text(knots[i]) + ", accepted: finite numbers");
    }
    if (i > 0 && knots[i] <= knots[i - 1]) {
      throw BadInput(name + ": knot " + std::to_string(i) + " is " + text(knots[i]) + ", accepted: above " +
                     text(knots[i - 1]) + ", the one before");
    }
  }
}

double interpolate(std::span<const double> knots, std::span<const double> values, double x) {
  const auto above = static_cast<std::size_t>(std::upper_bound(knots.begin(), knots.end(), x) - knots.begin());
  if (above == 0) return values.front();
  if (above == knots.size()) return values.back();
  const double weight = (x - knots[above - 1]) / (knots[above] - knots[above - 1]);
  return values[above - 1] + weight * (values[above] - values[above - 1]);
}

Table1::Table1(const std::string& name, std::span<const double> knots, std::span<const double> values, const Grid& grid)
    : grid_(grid) {
  check_rising(name, knots, 2);
  check_values(name, values, knots.size());
  check_grid(name, grid);
  index_ = GridIndex(grid);
  values_.resize(static_cast<std::size_t>(grid.count));
  for (int i = 0; i < grid.count; ++i) values_[static_cast<std::size_t>(i)] = interpolate(knots, values, grid.at(i));
}

Table2::Table2(const std::string& name, std::span<const double> x_knots, std::span<const double> y_knots,
               std::span<const double> values, const Grid& x_grid, const Grid& y_grid)
    : x_grid_(x_grid), y_grid_(y_grid) {
  check_rising(name, x_knots, 2);
  check_rising(name, y_knots, 1);
  check_values(name, values, x_knots.size() * y_knots.size());
  check_grid(name, x_grid);
  check_grid(name, y_grid);
  x_index_ = GridIndex(x_grid);
  y_index_ = GridIndex(y_grid);
  values_.resize(static_cast<std::size_t>(x_grid.count) * static_cast<std::size_t>(y_grid.count));
  std::vector<double> column(y_knots.size());
  std::size_t next = 0;
  for (int ix = 0; ix < x_grid.count; ++ix) {
    for (std::size_t row = 0; row < y_knots.size(); ++row) {
      column[row] = interpolate(x_knots, values.subspan(row * x_knots.size(), x_knots.size()), x_grid.at(ix));
    }
    for (int iy = 0; iy < y_grid.count; ++iy) values_[next++] = interpolate(y_knots, column, y_grid.at(iy));
  }
}

Table2 Table2::scaled(double factor) const {
  Table2 result = *this;
  for (double& value : result.values_) value *= factor;
  return result;
}

}  // namespace packrig::math
