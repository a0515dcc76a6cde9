#include "models/cells/cell_facts.hpp"

namespace packrig {

std::optional<Chemistry> chemistry_from_name(std::string_view name) {
  for (const Chemistry chemistry : {Chemistry::lfp, Chemistry::li_ion, Chemistry::lto}) {
    if (name == chemistry_name(chemistry)) return chemistry;
  }
  return std::nullopt;
}

}  // namespace packrig
