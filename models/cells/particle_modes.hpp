// Diffusion in a spherical particle as six relaxing states.
//
// A sphere at rest whose surface takes a constant flux: with u = j R / (D c_max) and tau = D t / R^2 the surface lies
// below the mean stoichiometry by u g(tau), g(tau) = sum over k of 2 / l_k^2 (1 - exp(-l_k^2 tau)), tan l_k = l_k
// (J. Crank, The Mathematics of Diffusion, 1975, section 6.3.2). The series converges slowly; instead six poles and
// weights were fitted to g, least squares reweighted towards the smallest largest error over tau from 3e-8 to 20, the
// weights held positive and to the sum of 1/5 that g tends to. The largest error is 1.6e-4 for any tau
// (tests/models/cells/spme_bank_long_test.cpp holds 2e-4). One table serves every particle and temperature; the mean is
// a state of its own, so charge is conserved whatever the fit.
#pragma once

#include <array>
#include <cstddef>

namespace packrig {

inline constexpr std::size_t particle_mode_count = 6;

// Of each state: its rate in units of D / R^2.
inline constexpr std::array<double, particle_mode_count> particle_rate_factor{20.838090029766594, 91.663315560322417,
                                                                              484.41561257109339, 3455.688205856663,
                                                                              39832.877090910901, 1434246.9785967211};

// And its share in the surface's distance from the mean.
inline constexpr std::array<double, particle_mode_count> particle_weight{0.10609796600929092,  0.050409202519736386,
                                                                         0.025990414201969837, 0.011673771623147575,
                                                                         0.004495392344028246, 0.0013332533018270609};

}  // namespace packrig
