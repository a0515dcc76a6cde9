// What is known of one type of cell whatever the model: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packrig {

enum class Chemistry : std::uint8_t { lfp, li_ion, lto };
constexpr const char* chemistry_name(Chemistry chemistry) {
  constexpr const char* names[] = {"lfp", "li_ion", "lto"};
  return names[static_cast<int>(chemistry)];
}
// "lfp", "li_ion", "lto"; nothing for any other name.
std::optional<Chemistry> chemistry_from_name(std::string_view name);

// Outside these the model was never fitted: cells go on smoothly and are flagged.
struct CellValidity {
  double low_V = 0.0;
  double high_V = 0.0;
  double low_degC = 0.0;
  double high_degC = 0.0;
  double low_soc = 0.0;
  double high_soc = 1.0;
};

struct CellFacts {
  std::string name;
  Chemistry chemistry = Chemistry::lfp;
  std::string provenance;  // where the numbers come from, in words that a report can show
  bool composed = false;   // true: put together from literature; never measured as one cell
  std::string label;       // what reports must show beside the name when `composed`; empty otherwise

  double capacity_Ah = 0.0;
  double nominal_V = 0.0;
  double usual_low_V = 0.0;   // usual end of discharge
  double usual_high_V = 0.0;  // usual end of charge

  double heat_capacity_J_per_K = 0.0;
  double thermal_resistance_K_per_W = 0.0;  // lumped temperature to ambient
  CellValidity validity;
};

}  // namespace packrig
