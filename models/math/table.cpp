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

Table1::Table1(const std::string& name, std::span<const double> knots, std::span<const double> values,
               const Grid& grid) {
  check_rising(name, knots, 2);
  check_values(name, values, knots.size());
  check_grid(name, grid);
  index_ = GridIndex(grid);
  segments_.resize(static_cast<std::size_t>(grid.count));
  for (int i = 0; i < grid.count; ++i)
    segments_[static_cast<std::size_t>(i)].value = interpolate(knots, values, grid.at(i));
  for (std::size_t i = 0; i + 1 < segments_.size(); ++i)
    segments_[i].rise = segments_[i + 1].value - segments_[i].value;
  segments_.back().rise = 0.0;
}

Table2 Table2::constant(double value) {
  Table2 result;
  for (Patch& patch : result.patches_) patch.value = value;
  return result;
}

Table2::Table2(const std::string& name, std::span<const double> x_knots, std::span<const double> y_knots,
               std::span<const double> values, const Grid& x_grid, const Grid& y_grid) {
  check_rising(name, x_knots, 2);
  check_rising(name, y_knots, 1);
  check_values(name, values, x_knots.size() * y_knots.size());
  check_grid(name, x_grid);
  check_grid(name, y_grid);
  x_index_ = GridIndex(x_grid);
  y_index_ = GridIndex(y_grid);
  y_count_ = static_cast<std::size_t>(y_grid.count);
  std::vector<double> on_grid;
  std::vector<double> column(y_knots.size());
  for (int ix = 0; ix < x_grid.count; ++ix) {
    for (std::size_t row = 0; row < y_knots.size(); ++row) {
      column[row] = interpolate(x_knots, values.subspan(row * x_knots.size(), x_knots.size()), x_grid.at(ix));
    }
    for (int iy = 0; iy < y_grid.count; ++iy) on_grid.push_back(interpolate(y_knots, column, y_grid.at(iy)));
  }
  make_patches(on_grid, static_cast<std::size_t>(x_grid.count));
}

// `values` at [ix * y_count_ + iy].
void Table2::make_patches(std::span<const double> values, std::size_t x_count) {
  const auto y_rise = [&](std::size_t ix, std::size_t iy) {
    const double* at = values.data() + ix * y_count_ + iy;
    return iy + 1 < y_count_ ? at[1] - at[0] : 0.0;
  };
  patches_.clear();
  for (std::size_t ix = 0; ix < x_count; ++ix) {
    for (std::size_t iy = 0; iy < y_count_; ++iy) {
      const double value = values[ix * y_count_ + iy];
      const bool ends = ix + 1 == x_count;
      const double x_rise = ends ? 0.0 : values[(ix + 1) * y_count_ + iy] - value;
      const double twist = ends ? 0.0 : y_rise(ix + 1, iy) - y_rise(ix, iy);
      patches_.push_back({value, x_rise, y_rise(ix, iy), twist});
    }
  }
}

Table2 Table2::scaled(double factor) const {
  Table2 result = *this;
  for (Patch& patch : result.patches_) {
    patch.value *= factor;
    patch.x_rise *= factor;
    patch.y_rise *= factor;
    patch.twist *= factor;
  }
  return result;
}

}  // namespace packrig::math
