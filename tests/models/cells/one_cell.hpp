// A bank of one electrochemical cell, and what is seen at its terminals.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "models/cells/spme_bank.hpp"

namespace packrig::reference {

inline std::shared_ptr<const ElectrochemicalSet> share(const ElectrochemicalSet& set) {
  return std::make_shared<const ElectrochemicalSet>(set);
}
inline SpmeBank one_cell(const ElectrochemicalSet& set, double soc, double degC = 25.0) {
  return SpmeBank(share(set), {{}, {}, std::vector<double>{soc}, degC});
}
inline double terminal_V(const SpmeBank& bank, std::size_t cell, double current_A) {
  return bank.open_V()[cell] - bank.series_Ohm()[cell] * current_A;
}

}  // namespace packrig::reference
