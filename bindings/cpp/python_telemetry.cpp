#include <pybind11/stl.h>

#include "bindings/cpp/python_session.hpp"
#include "rig/codec/telemetry.hpp"

namespace py = pybind11;

namespace packrig {

void bind_telemetry(py::module_& m) {
  const auto list_of = [](const auto& bounded) { return std::vector<double>(bounded.begin(), bounded.end()); };
  py::class_<Telemetry>(m, "Telemetry", "What the BMS says of itself; None where it does not say. See rig/codec.")
      .def_property_readonly("arrival_s", [](const Telemetry& t) { return to_s(t.arrival_ns); })
      .def_property_readonly("cell_V", [list_of](const Telemetry& t) { return list_of(t.cell_V); })
      .def_property_readonly("wire_Ohm", [list_of](const Telemetry& t) { return list_of(t.wire_Ohm); })
      .def_property_readonly("probe_degC",
                             [](const Telemetry& t) {
                               return std::vector<std::optional<double>>(t.probe_degC.begin(), t.probe_degC.end());
                             })
      .def_property_readonly("alarms",
                             [](const Telemetry& t) -> std::optional<std::vector<std::string>> {
                               if (!t.alarms) return std::nullopt;
                               std::vector<std::string> names;
                               for (int i = 0; i < alarm_count; ++i) {
                                 const auto alarm = static_cast<Alarm>(i);
                                 if (t.alarms->has(alarm)) names.emplace_back(alarm_name(alarm));
                               }
                               return names;
                             })
      .def_readonly("pack_V", &Telemetry::pack_V)
      .def_readonly("current_A", &Telemetry::current_A)
      .def_readonly("soc", &Telemetry::soc)
      .def_readonly("soh_share", &Telemetry::soh_share)
      .def_readonly("remaining_Ah", &Telemetry::remaining_Ah)
      .def_readonly("full_Ah", &Telemetry::full_Ah)
      .def_readonly("capacity_Ah", &Telemetry::capacity_Ah)
      .def_readonly("cycle_Ah", &Telemetry::cycle_Ah)
      .def_readonly("cycle_count", &Telemetry::cycle_count)
      .def_readonly("board_degC", &Telemetry::board_degC)
      .def_readonly("charge_on", &Telemetry::charge_on)
      .def_readonly("discharge_on", &Telemetry::discharge_on)
      .def_readonly("precharge_on", &Telemetry::precharge_on)
      .def_readonly("balancing_on", &Telemetry::balancing_on)
      .def_readonly("heating_on", &Telemetry::heating_on)
      .def_readonly("charger_plugged", &Telemetry::charger_plugged)
      .def_readonly("balance_A", &Telemetry::balance_A)
      .def_readonly("suspect_cells", &Telemetry::suspect_cells)
      .def_readonly("run_time_s", &Telemetry::run_time_s)
      .def_readonly("model", &Telemetry::model)
      .def_readonly("hardware", &Telemetry::hardware)
      .def_readonly("software", &Telemetry::software);
}

}  // namespace packrig
