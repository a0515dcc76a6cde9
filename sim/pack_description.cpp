#include "sim/pack_description.hpp"

#include <string>

#include "models/cells/cell_set.hpp"
#include "models/cells/electrochemical_set.hpp"
#include "models/check.hpp"
#include "models/errors.hpp"

namespace packrig {

const CellFacts& PackDescription::cell() const {
  if (cells) return *cells;
  return *electrochemistry;
}

void check(const PackDescription& d) {
  if (!d.cells == !d.electrochemistry) {
    throw BadInput(std::string("pack.cells and pack.electrochemistry: ") + (d.cells ? "both are" : "none is") +
                   " set, accepted is exactly one");
  }
  check_range("nominal_V of the pack's cells", d.cell().nominal_V, 0.5, 5.0);
  check_range("pack.series", d.series, 7, cell_count_max);
  check_range("pack.parallel", d.parallel, 1, 100);
  check_range("pack.capacity_Ah", d.capacity_Ah, 0.1, 10e3);
  check_range("pack.spread.capacity", d.spread.capacity, 0.0, 0.2);
  check_range("pack.spread.resistance", d.spread.resistance, 0.0, 0.2);
  check_range("pack.spread.soc", d.spread.soc, 0.0, 0.2);
  check_range("pack.initial_soc", d.initial_soc, 0.0, 1.0);
  for (std::size_t k = 0; k < d.soc_offset.size(); ++k) {
    check_range("pack.soc_offset[" + std::to_string(k) + "]", d.soc_offset[k], -1.0, 1.0);
  }
  check_range("pack.initial_degC", d.initial_degC, -60.0, 150.0);
  check_range("pack.ambient_degC", d.ambient_degC, -60.0, 150.0);
  check(d.thermal);
  check_range("pack.monthly_self_discharge_share", d.monthly_self_discharge_share, 0.0, 1.0);
  check_range("pack.busbar_Ohm", d.busbar_Ohm, 0.0, 1.0);
  check_range("pack.cell_contact_Ohm", d.cell_contact_Ohm, 0.0, 1.0);
  check(d.harness);
  check_range("shunt.resistance_Ohm", d.shunt.resistance_Ohm, 1e-6, 0.1);
  check(d.ntc);
  check(d.fuse);
  check("charge_relay", d.charge_relay);
  check("discharge_relay", d.discharge_relay);
  check("precharge_relay", d.precharge_relay);
  check_range("pack.precharge_Ohm", d.precharge_Ohm, 1.0, 10e3);
  check_range("pack.loop_H", d.loop_H, 0.1e-6, 100e-6);
  check_range("pack.load_F", d.load_F, 1e-6, 1.0);
}

}  // namespace packrig
