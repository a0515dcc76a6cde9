// Piecewise-linear tables on uniform grids, built from knots at any distance.
//
// A uniform grid, because its index is one multiplication: no search, so a loop over cells has no branch. Outside the
// grid a table holds its edge value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/math/elementary.hpp"

namespace packrig::math {

// `count` points from `low` to `high`, both included.
struct Grid {
  double low = 0.0;
  double high = 1.0;
  int count = 2;

  double step() const { return (high - low) / (count - 1); }
  double at(int index) const { return index == count - 1 ? high : low + step() * index; }
};

// Where a value lies on a grid: between points `index` and `index + 1`, `weight` of the second.
struct GridPosition {
  int index;
  double weight;
};

// A grid prepared for look-ups. NaN lands on the first point (a state that is NaN is found by its owner's check).
class GridIndex {
 public:
  GridIndex() = default;
  explicit GridIndex(const Grid& grid)
      : low_(grid.low), inverse_step_(1.0 / grid.step()), last_(grid.count - 1), last_segment_(grid.count - 2) {}

  GridPosition locate(double x) const {
    double position = (x - low_) * inverse_step_;
    position = position >= 0.0 ? position : 0.0;
    position = position > last_ ? last_ : position;
    const double segment = position > last_segment_ ? last_segment_ : position;
    const int index = static_cast<int>(segment);
    return {index, position - index};
  }

  // The same without a conversion to an integer, for loops: `index` as a double. On a point it may be the lower of its
  // two neighbours, with a weight of 1.
  double below(double x, double* weight) const {
    const double raw = (x - low_) * inverse_step_;
    const double lifted = detail::choose(raw >= 0.0, raw, 0.0);
    const double position = detail::choose(lifted > last_, last_, lifted);
    const double nearest = ((position - 0.5) + detail::rounder) - detail::rounder;
    const double index = detail::choose(nearest > last_segment_, last_segment_, nearest);
    *weight = position - index;
    return index;
  }

 private:
  double low_ = 0.0;
  double inverse_step_ = 1.0;
  double last_ = 1.0;
  double last_segment_ = 0.0;
};

// y(x).
class Table1 {
 public:
  Table1() = default;
  // `name` stands in the messages. Throws BadInput when there are less than two knots, sizes differ, a number is not
  // finite, the knots do not rise, or the grid is not a grid.
  Table1(const std::string& name, std::span<const double> knots, std::span<const double> values, const Grid& grid);

  double at(double x) const {
    const GridPosition p = index_.locate(x);
    const double* value = values_.data() + p.index;
    return value[0] + p.weight * (value[1] - value[0]);
  }
  // The same in two parts, so that a loop can do the first over many x at once: index().below(x, &weight) and this.
  const GridIndex& index() const { return index_; }
  double between(double below, double weight) const {
    const double* value = values_.data() + static_cast<std::int32_t>(below);
    return value[0] + weight * (value[1] - value[0]);
  }
  const Grid& grid() const { return grid_; }
  std::span<const double> values() const { return values_; }

 private:
  Grid grid_;
  GridIndex index_{Grid{}};
  std::vector<double> values_{0.0, 0.0};
};

// z(x, y), bilinear.
class Table2 {
 public:
  Table2() = default;
  // The same value everywhere.
  static Table2 constant(double value) {
    Table2 result;
    result.values_.assign(4, value);
    return result;
  }
  // `values` has one row per y knot, each with one number per x knot: values[iy * x_knots.size() + ix]. A single y
  // knot is a table that does not depend on y. Throws BadInput as Table1 does.
  Table2(const std::string& name, std::span<const double> x_knots, std::span<const double> y_knots,
         std::span<const double> values, const Grid& x_grid, const Grid& y_grid);

  double at(double x, double y) const {
    const GridPosition px = x_index_.locate(x);
    const GridPosition py = y_index_.locate(y);
    // Neighbours in y lie side by side, so the four corners sit in two cache lines at most.
    const double* near = values_.data() + px.index * y_grid_.count + py.index;
    const double* far = near + y_grid_.count;
    const double first = near[0] + py.weight * (near[1] - near[0]);
    const double second = far[0] + py.weight * (far[1] - far[0]);
    return first + px.weight * (second - first);
  }
  // Every value multiplied by `factor`.
  Table2 scaled(double factor) const;
  const Grid& x_grid() const { return x_grid_; }
  const Grid& y_grid() const { return y_grid_; }

 private:
  Grid x_grid_;
  Grid y_grid_;
  GridIndex x_index_{Grid{}};
  GridIndex y_index_{Grid{}};
  std::vector<double> values_{0.0, 0.0, 0.0, 0.0};  // [ix * y_grid.count + iy]
};

// Throws BadInput naming `name` unless `knots` has at least `least` finite, strictly rising numbers.
void check_rising(const std::string& name, std::span<const double> knots, std::size_t least);

// Linear interpolation between knots that rise; holds the edge values.
double interpolate(std::span<const double> knots, std::span<const double> values, double x);

}  // namespace packrig::math
