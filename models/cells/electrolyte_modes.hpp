// Diffusion in the electrolyte across the cell as six relaxing states.
//
// With a constant diffusivity, eps dc/dt = d/dx (B D dc/dx) + s(x), where porosity eps and transport efficiency B are
// constant in each of the three regions, no flux leaves the cell, and the source s is (1 - t+) I / (F A L) in the
// negative electrode and the opposite in the positive one. In the eigenfunctions of the left operator every
// coefficient z relaxes by itself: dz/dt = mu D (u - z), u = (1 - t+) I / (F A D). mu depends on the geometry only, so
// one solution serves every temperature. The reading is the mean concentration of each electrode; the mode of constant
// concentration never moves, which is the conservation of salt.
//
// What is linearised: D is that of the initial concentration. The eigenproblem is solved on 40 volumes per region.
#pragma once

#include <array>
#include <cstddef>

#include "models/cells/electrochemical_set.hpp"

namespace packrig {

inline constexpr std::size_t electrolyte_mode_count = 6;

struct ElectrolyteModes {
  std::array<double, electrolyte_mode_count> rate_per_m2;  // mu
  // Share of each coefficient in the mean concentration of an electrode [mol/m3 per mol/m4].
  std::array<double, electrolyte_mode_count> negative_m;
  std::array<double, electrolyte_mode_count> positive_m;
};

ElectrolyteModes electrolyte_modes(const ElectrochemicalSet& set);

}  // namespace packrig
