#include "models/cells/electrolyte_modes.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace packrig {

namespace {

constexpr std::size_t volumes = 40;  // per region

// A symmetric tridiagonal matrix: `beside[i]` couples i and i + 1.
struct Tridiagonal {
  std::vector<double> diagonal;
  std::vector<double> beside;
};

// Eigenvalues below `x`, by the signs of the pivots (Sturm; Golub and Van Loan, Matrix Computations, section 8.4).
std::size_t count_below(const Tridiagonal& matrix, double x) {
  std::size_t below = 0;
  double pivot = 1.0;
  for (std::size_t i = 0; i < matrix.diagonal.size(); ++i) {
    const double square = i == 0 ? 0.0 : matrix.beside[i - 1] * matrix.beside[i - 1];
    pivot = matrix.diagonal[i] - x - square / pivot;
    if (pivot == 0.0) pivot = -1e-300;
    if (pivot < 0.0) ++below;
  }
  return below;
}

double eigenvalue(const Tridiagonal& matrix, std::size_t number) {
  double low = 0.0;
  double high = 4.0 * *std::max_element(matrix.diagonal.begin(), matrix.diagonal.end());
  for (int halving = 0; halving < 120; ++halving) {
    const double middle = 0.5 * (low + high);
    (count_below(matrix, middle) > number ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

// By inverse iteration: each solve with the nearly singular matrix leaves the eigenvector.
std::vector<double> eigenvector(const Tridiagonal& matrix, double value) {
  const std::size_t n = matrix.diagonal.size();
  std::vector<double> pivot(n);
  for (std::size_t i = 0; i < n; ++i) {
    pivot[i] = matrix.diagonal[i] - value - (i == 0 ? 0.0 : matrix.beside[i - 1] * matrix.beside[i - 1] / pivot[i - 1]);
    if (std::fabs(pivot[i]) < 1e-12 * value) pivot[i] = 1e-12 * value;
  }
  std::vector<double> vector(n);
  for (std::size_t i = 0; i < n; ++i) vector[i] = 1.0 + static_cast<double>(i) / static_cast<double>(n);
  for (int sweep = 0; sweep < 4; ++sweep) {
    for (std::size_t i = 1; i < n; ++i) vector[i] -= matrix.beside[i - 1] / pivot[i - 1] * vector[i - 1];
    vector[n - 1] /= pivot[n - 1];
    for (std::size_t i = n - 1; i-- > 0;) vector[i] = (vector[i] - matrix.beside[i] * vector[i + 1]) / pivot[i];
    double square = 0.0;
    for (const double each : vector) square += each * each;
    for (double& each : vector) each /= std::sqrt(square);
  }
  return vector;
}

}  // namespace

ElectrolyteModes electrolyte_modes(const ElectrochemicalSet& set) {
  const Separator regions[] = {{set.negative.thickness_m, set.negative.porosity, set.negative.transport_efficiency},
                               set.separator,
                               {set.positive.thickness_m, set.positive.porosity, set.positive.transport_efficiency}};
  constexpr std::size_t n = 3 * volumes;
  std::vector<double> half_resistance(n);
  std::vector<double> root_content(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Separator& region = regions[i / volumes];
    const double width_m = region.thickness_m / static_cast<double>(volumes);
    half_resistance[i] = 0.5 * width_m / region.transport_efficiency;
    root_content[i] = std::sqrt(region.porosity * width_m);
  }
  Tridiagonal matrix{std::vector<double>(n, 0.0), std::vector<double>(n - 1)};
  for (std::size_t i = 0; i + 1 < n; ++i) {
    const double conductance = 1.0 / (half_resistance[i] + half_resistance[i + 1]);
    matrix.diagonal[i] += conductance / (root_content[i] * root_content[i]);
    matrix.diagonal[i + 1] += conductance / (root_content[i + 1] * root_content[i + 1]);
    matrix.beside[i] = -conductance / (root_content[i] * root_content[i + 1]);
  }
  ElectrolyteModes modes{};
  for (std::size_t m = 0; m < electrolyte_mode_count; ++m) {
    const double rate = eigenvalue(matrix, m + 1);  // number 0 is the constant concentration
    const std::vector<double> vector = eigenvector(matrix, rate);
    double negative_mean = 0.0;
    double positive_mean = 0.0;
    for (std::size_t i = 0; i < volumes; ++i) {
      negative_mean += vector[i] / root_content[i] / static_cast<double>(volumes);
      positive_mean += vector[n - 1 - i] / root_content[n - 1 - i] / static_cast<double>(volumes);
    }
    // The source of unit strength is 1 / L over each electrode, so its coefficient is the difference of the means.
    const double driven = (negative_mean - positive_mean) / rate;
    modes.rate_per_m2[m] = rate;
    modes.negative_m[m] = negative_mean * driven;
    modes.positive_m[m] = positive_mean * driven;
  }
  return modes;
}

}  // namespace packrig
