// Physical constants, exact by the definition of the SI (2019), and what both kinds of bank have in common.
#pragma once

namespace packrig {

inline constexpr double faraday_C_per_mol = 96485.33212331;
inline constexpr double gas_J_per_mol_K = 8.31446261815324;
inline constexpr double kelvin_offset_K = 273.15;  // of 0 degC

// What follows temperature is read anew when a cell has moved so far since.
inline constexpr double reread_K = 0.05;

}  // namespace packrig
