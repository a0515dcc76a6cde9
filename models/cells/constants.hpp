// Physical constants, exact by the definition of the SI (2019).
#pragma once

namespace packrig {

inline constexpr double faraday_C_per_mol = 96485.33212331;
inline constexpr double gas_J_per_mol_K = 8.31446261815324;
inline constexpr double kelvin_offset_K = 273.15;  // of 0 degC

}  // namespace packrig
