#include "bindings/cpp/python_reader.hpp"

#include <pybind11/stl.h>

#include <string>

#include "rig/codec/nw.hpp"
#include "rig/codec/plausibility.hpp"

namespace py = pybind11;

namespace packrig {

namespace {

template <typename Value>
void put(py::dict& into, const char* name, const std::optional<Value>& value) {
  into[name] = value;
}

py::dict telemetry_dict(const Telemetry& said) {
  py::dict result;
  result["cell_V"] = py::cast(std::vector<double>(said.cell_V.begin(), said.cell_V.end()));
  result["wire_Ohm"] = py::cast(std::vector<double>(said.wire_Ohm.begin(), said.wire_Ohm.end()));
  put(result, "pack_V", said.pack_V);
  put(result, "current_A", said.current_A);
  put(result, "soc", said.soc);
  put(result, "remaining_Ah", said.remaining_Ah);
  put(result, "full_Ah", said.full_Ah);
  put(result, "capacity_Ah", said.capacity_Ah);
  put(result, "cycle_count", said.cycle_count);
  put(result, "board_degC", said.board_degC);
  result["probe_degC"] = said.probe_degC;
  put(result, "charge_on", said.charge_on);
  put(result, "discharge_on", said.discharge_on);
  put(result, "balancing_on", said.balancing_on);
  put(result, "balance_A", said.balance_A);
  put(result, "run_time_s", said.run_time_s);
  result["alarms"] = said.alarms ? py::object(py::str(describe(*said.alarms))) : py::object(py::none());
  result["software"] = said.software;
  result["model"] = said.model;
  return result;
}

// Cuts 4E57 answers out of what a port brings.
class NwReader {
 public:
  void push(const std::string& bytes, double at_s) {
    for (const char byte : bytes) deframer_.push(static_cast<std::uint8_t>(byte), from_s(at_s));
  }

  void reset() { deframer_.reset(); }

  std::optional<py::dict> next() {
    while (const auto raw = deframer_.next()) {
      const auto frame = nw::parse(*raw);
      if (!frame || frame->transmission == nw::Transmission::request) continue;
      const nw::Block block = nw::block_of(frame->information);
      const Telemetry telemetry = nw::telemetry_of(block, frame->arrival_ns);
      py::dict said = telemetry_dict(telemetry);
      said["objection"] = block.defect.empty() ? plausibility_.objection(telemetry) : block.defect;
      return said;
    }
    return std::nullopt;
  }

 private:
  // A port hands bytes over in lumps, whatever their spacing was on the wire: 50 ms without any is silence.
  Deframer deframer_{nw::match, 50 * millisecond_ns};
  Plausibility plausibility_;
};

}  // namespace

void bind_reader(py::module_& m) {
  m.def(
      "nw_read_all_request",
      [] {
        const auto bytes = nw::read_all_request();
        return py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      },
      "The 4E57 question for everything.");
  py::class_<NwReader>(m, "NwReader", "Reads a board's 4E57 answers out of a stream of bytes.")
      .def(py::init<>())
      .def("push", &NwReader::push, py::arg("data"), py::arg("at_s"), "What came, and when; time never runs back.")
      .def("reset", &NwReader::reset, "Forgets what was not an answer yet: a new question is asked.")
      .def("next", &NwReader::next,
           "What the next answer says (see rig/codec/telemetry.hpp; None: not said), or None when there is none. "
           "`objection` tells why it cannot be true; empty when it can.");
}

}  // namespace packrig
