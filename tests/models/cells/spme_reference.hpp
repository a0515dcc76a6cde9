// The SPMe equations once more, for Boost.Odeint: spheres and electrolyte on finite volumes instead of fitted modes,
// the kinetics as asinh of libm. An independent way to the numbers that the bank must give.
#pragma once

#include <algorithm>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <vector>

#include "models/cells/electrochemical_set.hpp"

namespace packrig::reference {

// Surface of a sphere under constant flux, normalised: mean less surface over j R / (D c_max), at tau = D t / R^2.
// Eigenvalues by Newton's method; below tau = 1e-4 the expansion for short times.
inline double sphere_response(double tau) {
  if (tau < 1e-3) return std::exp(tau) * (1.0 + std::erf(std::sqrt(tau))) - 1.0 - 3.0 * tau;
  double sum = 0.2;
  for (int k = 1; k < 3000; ++k) {
    double l = (k + 0.5) * 3.14159265358979323846;
    l -= 1.0 / l;
    for (int i = 0; i < 4; ++i) l -= (std::sin(l) - l * std::cos(l)) / (l * std::sin(l));
    const double term = 2.0 / (l * l) * std::exp(-l * l * tau);
    sum -= term;
    if (term < 1e-18) break;
  }
  return sum;
}

// One particle on shells of equal thickness in the cube root of volume near the surface: state is x per shell.
class Sphere {
 public:
  Sphere(const Electrode& electrode, double start_x, int shells = 60) {
    // Shells get thinner towards the surface, by a constant factor.
    const double ratio = 0.93;
    std::vector<double> width(static_cast<std::size_t>(shells));
    double sum = 0.0;
    for (std::size_t i = 0; i < width.size(); ++i) sum += width[i] = std::pow(ratio, static_cast<double>(i));
    edge_.push_back(0.0);
    for (const double each : width) edge_.push_back(edge_.back() + each / sum * electrode.particle_radius_m);
    x.assign(width.size(), start_x);
  }
  std::vector<double> x;

  // `flux` is j / c_max at the surface [m/s], positive when lithium leaves.
  void rate(const std::vector<double>& at, std::vector<double>& change, double flux, double diffusivity) const {
    double inner = 0.0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double r = edge_[i + 1];
      const double outer = i + 1 < at.size() ? -diffusivity * (at[i + 1] - at[i]) / (middle(i + 1) - middle(i)) : flux;
      const double volume = (r * r * r - edge_[i] * edge_[i] * edge_[i]) / 3.0;
      change[i] = (edge_[i] * edge_[i] * inner - r * r * outer) / volume;
      inner = outer;
    }
  }
  double surface_x(double flux, double diffusivity) const {
    return x.back() - flux / diffusivity * (edge_.back() - middle(x.size() - 1));
  }

 private:
  double middle(std::size_t i) const { return 0.5 * (edge_[i] + edge_[i + 1]); }
  std::vector<double> edge_;
};

class Salt {
 public:
  explicit Salt(const ElectrochemicalSet& set) : set_(set), c(3 * volumes, set.electrolyte.initial_mol_per_m3) {}
  static constexpr std::size_t volumes = 60;

  void rate(const std::vector<double>& at, std::vector<double>& change, double per_A_m2) const {
    const double faraday = 96485.33212331;
    const double source = (1.0 - set_.electrolyte.transference) / faraday * per_A_m2;
    double inner = 0.0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      double outer = 0.0;
      if (i + 1 < at.size()) {
        const double resistance = half(i) + half(i + 1);
        outer = -set_.electrolyte.diffusivity_m2_per_s * (at[i + 1] - at[i]) / resistance;
      }
      const double made = i < volumes ? source / volumes : i >= 2 * volumes ? -source / volumes : 0.0;
      change[i] = (inner - outer + made) / (width(i) * porosity(i));
      inner = outer;
    }
  }
  double mean(std::size_t region) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < volumes; ++i) sum += c[region * volumes + i];
    return sum / volumes;
  }

 private:
  double thickness(std::size_t i) const {
    return i < volumes       ? set_.negative.thickness_m
           : i < 2 * volumes ? set_.separator.thickness_m
                             : set_.positive.thickness_m;
  }
  double width(std::size_t i) const { return thickness(i) / volumes; }
  double porosity(std::size_t i) const {
    return i < volumes ? set_.negative.porosity : i < 2 * volumes ? set_.separator.porosity : set_.positive.porosity;
  }
  double half(std::size_t i) const {
    const double efficiency = i < volumes       ? set_.negative.transport_efficiency
                              : i < 2 * volumes ? set_.separator.transport_efficiency
                                                : set_.positive.transport_efficiency;
    return 0.5 * width(i) / efficiency;
  }
  const ElectrochemicalSet& set_;

 public:
  std::vector<double> c;
};

// Isothermal at the reference temperature.
class SpmeReference {
 public:
  SpmeReference(const ElectrochemicalSet& set, double soc)
      : set_(set),
        negative_(set.negative, set.negative.lowest_x + soc * (set.negative.highest_x - set.negative.lowest_x)),
        positive_(set.positive, set.positive.highest_x - soc * (set.positive.highest_x - set.positive.lowest_x)),
        salt_(set) {}

  void advance(double current_A, double dt_s) {
    namespace odeint = boost::numeric::odeint;
    using Volumes = std::vector<double>;
    const double area_current = current_A / set_.area_m2;
    const auto move = [&](Volumes& state, auto rate) {
      // Stiff, linear, few hundred unknowns: an implicit method would need its matrix; Dormand-Prince takes its time.
      const auto stepper = odeint::make_controlled(1e-9, 1e-9, odeint::runge_kutta_dopri5<Volumes>());
      odeint::integrate_adaptive(stepper, rate, state, 0.0, dt_s, std::min(dt_s, 1e-4));
    };
    move(negative_.x, [&](const Volumes& x, Volumes& change, double) {
      negative_.rate(x, change, flux(set_.negative, area_current), diffusivity(set_.negative));
    });
    move(positive_.x, [&](const Volumes& x, Volumes& change, double) {
      positive_.rate(x, change, -flux(set_.positive, area_current), diffusivity(set_.positive));
    });
    move(salt_.c, [&](const Volumes& c, Volumes& change, double) { salt_.rate(c, change, area_current); });
  }

  double terminal_V(double current_A) const {
    const double area_current = current_A / set_.area_m2;
    const double thermal_V = 8.31446261815324 * (set_.reference_degC + 273.15) / 96485.33212331;
    const double n_x = negative_.surface_x(flux(set_.negative, area_current), diffusivity(set_.negative));
    const double p_x = positive_.surface_x(-flux(set_.positive, area_current), diffusivity(set_.positive));
    const auto kinetic_V = [&](const Electrode& k, double x, double c) {
      const double exchange = k.rate_mol_per_m2_s * 96485.33212331 * k.surface_per_m * k.thickness_m *
                              std::sqrt(c / set_.electrolyte.initial_mol_per_m3 * x * (1.0 - x));
      return 2.0 * thermal_V * std::asinh(area_current / (2.0 * exchange));
    };
    const double n_c = salt_.mean(0);
    const double p_c = salt_.mean(2);
    const auto bulk = [&](double thickness, double efficiency, double c) {
      return thickness / (efficiency * set_.electrolyte.conductivity_S_per_m.at(c));
    };
    const Electrode& n = set_.negative;
    const Electrode& p = set_.positive;
    const double ohmic = bulk(n.thickness_m, n.transport_efficiency, n_c) / 3.0 +
                         bulk(set_.separator.thickness_m, set_.separator.transport_efficiency, salt_.mean(1)) +
                         bulk(p.thickness_m, p.transport_efficiency, p_c) / 3.0 +
                         (n.thickness_m / n.conductivity_S_per_m + p.thickness_m / p.conductivity_S_per_m) / 3.0;
    return p.open_V.at(p_x) - n.open_V.at(n_x) - kinetic_V(n, n_x, n_c) - kinetic_V(p, p_x, p_c) +
           2.0 * thermal_V * (1.0 - set_.electrolyte.transference) * std::log(p_c / n_c) - ohmic * area_current;
  }

 private:
  static double flux(const Electrode& k, double area_current) {
    return area_current / (96485.33212331 * k.surface_per_m * k.thickness_m * k.greatest_mol_per_m3);
  }
  static double diffusivity(const Electrode& k) { return k.diffusivity_m2_per_s.at(0.5); }

  const ElectrochemicalSet& set_;
  Sphere negative_;
  Sphere positive_;
  Salt salt_;
};

}  // namespace packrig::reference
