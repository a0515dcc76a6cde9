// Piecewise-linear tables on uniform grids, built from knots at any distance.
//
// A uniform grid, because its index is one multiplication: no search, so a loop over cells has no branch. Outside the
// grid a table holds its edge value.
#pragma once

#include <bit>
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

// The same for loops over many: `below` is the index as a double, and the low half of the bits of `number` is that
// index.
struct GridPlace {
  double number;
  double below;
  double weight;
};

// The integer whose sum with the rounder is `number`.
inline std::size_t index_of(double number) { return static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(number)); }

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

  // The same without a conversion to an integer and without a branch, for loops. On a point it may be the lower of its
  // two neighbours, with a weight of 1.
  GridPlace place(double x) const {
    const double raw = (x - low_) * inverse_step_;
    const double lifted = raw > first_ ? raw : first_;
    const double position = lifted < last_ ? lifted : last_;
    const double number = (position - 0.5) + detail::rounder;
    const double below = number - detail::rounder;
    return {number, below, position - below};
  }

 private:
  double low_ = 0.0;
  double inverse_step_ = 1.0;
  double first_ = 0.0;  // a variable, because a bound that the compiler knows becomes a branch
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
    const Segment& segment = segments_[static_cast<std::size_t>(p.index)];
    return segment.value + p.weight * segment.rise;
  }
  // The same in two parts, so that a loop can do the first over many x at once: index().place(x) and this.
  const GridIndex& index() const { return index_; }
  double between(double number, double weight) const {
    const Segment& segment = segments_[index_of(number)];
    return segment.value + weight * segment.rise;
  }

 private:
  struct Segment {
    double value;
    double rise;  // to the next point; 0 on the last
  };

  GridIndex index_{Grid{}};
  std::vector<Segment> segments_{{0.0, 0.0}, {0.0, 0.0}};
};

// z(x, y), bilinear.
class Table2 {
 public:
  Table2() = default;
  // The same value everywhere.
  static Table2 constant(double value);
  // `values` has one row per y knot, each with one number per x knot: values[iy * x_knots.size() + ix]. A single y
  // knot is a table that does not depend on y. Throws BadInput as Table1 does.
  Table2(const std::string& name, std::span<const double> x_knots, std::span<const double> y_knots,
         std::span<const double> values, const Grid& x_grid, const Grid& y_grid);

  double at(double x, double y) const {
    const GridPosition px = x_index_.locate(x);
    const GridPosition py = y_index_.locate(y);
    const auto patch = static_cast<std::size_t>(px.index) * y_count_ + static_cast<std::size_t>(py.index);
    return within(patches_[patch], px.weight, py.weight);
  }
  // The same in two parts, as for Table1: index(x, y) and this.
  struct Places {
    double number;  // as of GridPlace, of both grids together
    double x_weight;
    double y_weight;
  };
  class Index {
   public:
    Places place(double x, double y) const {
      const GridPlace px = x_.place(x);
      const GridPlace py = y_.place(y);
      return {(px.below * y_count_ + py.below) + detail::rounder, px.weight, py.weight};
    }

   private:
    friend class Table2;
    GridIndex x_;
    GridIndex y_;
    double y_count_ = 0.0;
  };
  Index index() const {
    Index result;
    result.x_ = x_index_;
    result.y_ = y_index_;
    result.y_count_ = static_cast<double>(y_count_);
    return result;
  }
  double between(double number, double x_weight, double y_weight) const {
    return within(patches_[index_of(number)], x_weight, y_weight);
  }
  // Every value multiplied by `factor`.
  Table2 scaled(double factor) const;

 private:
  // From one point to its neighbours; what lies beyond the last points rises by 0.
  struct alignas(32) Patch {
    double value = 0.0;
    double x_rise = 0.0;
    double y_rise = 0.0;
    double twist = 0.0;  // how much y_rise rises along x
  };
  static double within(const Patch& patch, double x_weight, double y_weight) {
    return (patch.value + y_weight * patch.y_rise) + x_weight * (patch.x_rise + y_weight * patch.twist);
  }
  void make_patches(std::span<const double> values, std::size_t x_count);

  GridIndex x_index_{Grid{}};
  GridIndex y_index_{Grid{}};
  std::size_t y_count_ = 2;
  std::vector<Patch> patches_ = std::vector<Patch>(4);  // [ix * y_count_ + iy]
};

// Throws BadInput naming `name` unless `knots` has at least `least` finite, strictly rising numbers.
void check_rising(const std::string& name, std::span<const double> knots, std::size_t least);

// Linear interpolation between knots that rise; holds the edge values.
double interpolate(std::span<const double> knots, std::span<const double> values, double x);

}  // namespace packrig::math
